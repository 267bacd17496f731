"""What people look for in a desk about its customers: one test for each row of the comparison this room owns."""

from datetime import date

import pytest
from django.utils import translation

from apaise.ground.parties import addresses, contracts, duplicates, mandates, people
from apaise.ground.parties.errors import MergeRefused
from apaise.ground.parties.merging import merge, undo
from apaise.ground.parties.models import Duplicate, Person
from apaise.handling.routing.assignment import assign
from apaise.intake.cases.messages import File
from apaise.intake.cases.models import Case
from apaise.intake.channels.models import file_store
from tests.nothing_changed import refused

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def test_peers_representative_mandate_document_scope_expiry_and_who_may_be_told_what(
    complain, ana, client, noon
):
    case = complain()
    assign(case, ana, by=ana)
    digest, size = file_store().keep(b"%PDF-1.4 mandat")
    mandates.add_mandate_by_email(
        "maitre@exemple.test", "Maître Roy", case.complainant, by=ana, quality="lawyer", told="progress", may_decide=True,
        may_be_paid=False, from_day=None, to_day=date(2027, 6, 30), document=File("mandat.pdf", "application/pdf", size, digest),
    )  # fmt: skip
    client.force_login(ana)
    page = client.get(f"/desk/cases/{case.reference}").content.decode()
    for said in (
        "Maître Roy",
        "May be told: where it stands and the decision",
        "may decide",
        "until 30",
        "holds today",
    ):
        assert said in page
    mandate = case.complainant.representatives.get()
    address = f"/desk/people/{case.complainant_id}/mandates/{mandate.pk}"
    assert b"".join(client.get(f"{address}/document", follow=True).streaming_content) == b"%PDF-1.4 mandat"
    assert client.post(f"{address}/ending").status_code == 302
    mandate.refresh_from_db()
    assert mandate.to_day == date(2026, 11, 25)


def test_peers_merge_is_reversible_and_never_automatic_on_a_weak_key(complain, mara, cleo, client, noon):
    first, second = complain(), complain(email="luc@courriel.exemple.test", name="Luc Vidal")
    for case in (first, second):
        addresses.add_address(case.complainant, "phone", "06 12 34 56 78", by=cleo)
    duplicates.sweep()
    assert not Person.objects.filter(merged_into__isnull=False).exists()
    pair = Duplicate.objects.get()
    assert (pair.reasons, pair.is_weak) == (["same_phone"], True)
    client.force_login(mara)
    page = client.get("/desk/duplicates").content.decode()
    assert "Same phone" in page and "weak" in page and f'value="{first.complainant_id}" checked' not in page
    with refused(MergeRefused):
        merge(first.complainant, second.complainant, by=mara, sure=False)
    answer = client.post(
        f"/desk/duplicates/{pair.pk}/merging", {"survivor": first.complainant_id, "sure": "on"}
    )
    assert answer.status_code == 302
    made = first.complainant.merges.get()
    assert set(Case.objects.all().of_person(first.complainant)) == {first, second}
    undo(made, by=mara)
    assert set(Case.objects.all().of_person(first.complainant)) == {first}


def test_peers_contract_amount_renewal_and_vip_stand_in_the_side_panel(
    complain, ana, mara, cleo, client, noon
):
    case = complain()
    company = people.add_organisation(by=cleo, name="Hôtel des Tilleuls", sector="maintenance", vip=True)
    contract = contracts.add_contract(
        company, by=cleo, number="K-2026-7", amount="1200.50", renews_on=date(2027, 1, 31), commitment="Repaired within 4 h",
        account_manager=mara, technician_name="Paul Clef", site="Lyon",
    )  # fmt: skip
    case.keep(organisation=company, contract=contract)
    client.force_login(ana)
    page = client.get(f"/desk/cases/{case.reference}").content.decode()
    for said in (
        "K-2026-7",
        "€1,200.50 a year",
        "31\xa0January 2027",
        "Repaired within 4 h",
        "Mara Lead",
        "Paul Clef",
        "Lyon",
        "VIP",
    ):
        assert said in page
    assert "renewed in 67 days" in page
