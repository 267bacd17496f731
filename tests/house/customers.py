"""The customers of the small world: addresses, a company, contracts, a mandate, a possible duplicate, a merge, files."""

from datetime import date
from typing import Any, NamedTuple

from django.core.files.uploadedfile import SimpleUploadedFile

from apaise.ground.parties import addresses, contracts, mandates, people
from apaise.ground.parties.contract import Contract
from apaise.ground.parties.customer_file import CustomerFile
from apaise.ground.parties.duplicates import look_again
from apaise.ground.parties.importing import passes
from apaise.ground.parties.merging import merge
from apaise.ground.parties.models import Address, Duplicate, Merge, Organisation, Person, Representative
from apaise.intake.cases.messages import File
from apaise.intake.channels.models import file_store

CSV = b"Num\xe9ro client;Nom;Email;N\xb0 contrat;Montant\r\nC1;Luc Vidal;luc@vidal.exemple.test;K-1;1 200,50\r\n"


class Customers(NamedTuple):
    person: Person
    address: Address
    company: Organisation
    contract: Contract  # of the person
    company_contract: Contract
    mandate: Representative
    pair: Duplicate
    merge: Merge
    uploaded: CustomerFile
    checked: CustomerFile


def furnish(world: Any) -> Customers:
    """Made by the verbs, in the name of whoever holds the cases."""
    keeper = world.keeper
    person, twin = world.cases["investigating"].complainant, world.cases["twin"].complainant
    address = addresses.add_address(person, "phone", "06 99 00 12 34", by=keeper)
    addresses.add_address(twin, "phone", "+33 6 99 00 12 34", by=keeper)
    company = people.add_organisation(by=keeper, name="Hôtel des Tilleuls", sector="maintenance")
    world.cases["twin"].keep(organisation=company)
    terms = {
        "amount": "1200.50",
        "renews_on": date(2027, 1, 31),
        "commitment": "GTR 4 h",
        "account_manager": keeper,
    }
    contract = contracts.add_contract(
        person, by=keeper, number="K-2026-7", technician_name="Paul Clef", **terms
    )
    world.cases["investigating"].keep(contract=contract)
    digest, size = file_store().keep(b"%PDF-1.4 mandat")
    mandate = mandates.add_mandate_by_email(
        "maitre@cabinet.exemple.test", "Maître Roy", person, by=keeper, quality="lawyer", told="progress",
        may_decide=True, may_be_paid=False, from_day=None, to_day=date(2027, 6, 30),
        document=File("mandat.pdf", "application/pdf", size, digest),
    )  # fmt: skip
    absorbed = people.add_person(by=keeper, name="J. Clairefontaine")
    made = merge(person, absorbed, by=keeper, sure=True)
    person.refresh_from_db()
    look_again(person)
    return Customers(
        person=person,
        address=address,
        company=company,
        contract=contract,
        company_contract=contracts.add_contract(company, by=keeper, number="K-2026-8"),
        mandate=mandate,
        pair=Duplicate.objects.open().of(person).of(world.cases["twin"].complainant).get(),
        merge=made,
        uploaded=passes.upload("clients.csv", [CSV], by=None),
        checked=_checked(),
    )


def _checked() -> CustomerFile:
    file = passes.upload("clients-2.csv", [CSV + b"C2;Ana;pas une adresse;K-2;12\r\n"], by=None)
    passes.name_columns(file, file.columns, by=None)
    passes.run(file)
    assert (file.state, file.new, file.refused) == ("checked", 1, 1), (file.state, file.new, file.refused)
    return file


def csv_form() -> dict[str, Any]:
    return {"file": SimpleUploadedFile("clients.csv", CSV, "text/csv")}
