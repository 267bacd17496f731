"""The pages of customers, as staff use them."""

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from apaise.doors.commands import customers as customers_command
from apaise.ground.parties import people
from apaise.ground.parties.customer_file import CustomerFile
from apaise.ground.parties.merging import merge
from apaise.ground.parties.models import Organisation, Person, Representative
from apaise.handling.routing.assignment import assign
from apaise.intake.channels.models import file_store
from apaise.lib import clock, csv_file
from tests.nothing_changed import nothing_changed

pytestmark = pytest.mark.django_db
CSV = "N° client;Nom;E-mail;Montant;N° contrat\r\nC1;Claire;claire@a.test;12,50;K-1\r\nC2;=cmd();pas une adresse;1;K-2\r\n"


def _sent(client, text=CSV):
    file = SimpleUploadedFile("clients.csv", text.encode("cp1252"), "text/csv")
    return client.post("/desk/customer-files", {"file": file})


def test_a_file_goes_from_upload_to_loaded_through_the_pages(
    client, staff, django_capture_on_commit_callbacks
):
    client.force_login(staff("administrator"))
    address = _sent(client).headers["Location"]
    page = client.get(address).content.decode()
    assert "claire@a.test" in page  # the first row, so that one sees what a column holds
    file = CustomerFile.objects.get()
    named = {f"column_{place}": meaning for meaning, place in file.columns.items()}
    assert client.post(f"{address}/columns", named).status_code == 302
    assert "pas une adresse" in client.get(address).content.decode()
    assert not Person.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(f"{address}/loading").status_code == 302
    file.refresh_from_db()
    assert (file.state, file.new, file.refused, file.has_bytes()) == ("loaded", 1, 1, False)
    assert Person.objects.get().name == "Claire"


def test_what_is_handed_out_as_csv_holds_no_formula(client, staff):
    client.force_login(staff("complaints_manager"))
    address = _sent(client, CSV.replace("pas une adresse", "=1+2")).headers["Location"]
    file = CustomerFile.objects.get()
    client.post(f"{address}/columns", {f"column_{place}": meaning for meaning, place in file.columns.items()})
    said = b"".join(client.get(f"{address}/refusals").streaming_content).decode("utf-8-sig")
    assert said.splitlines()[1].startswith("3;E-mail;'=1+2;")
    assert [csv_file.harmless(cell) for cell in ("-1", "+33", "@x", "\tx", "Léa", "")] == [
        "'-1",
        "'+33",
        "'@x",
        "'\tx",
        "Léa",
        "",
    ]


def test_a_large_file_is_tried_by_the_worker(client, staff, work, monkeypatch):
    from apaise.doors.workspace.customers import files

    monkeypatch.setattr(files, "AT_ONCE", 10)
    client.force_login(staff("administrator"))
    address = _sent(client).headers["Location"]
    client.post(f"{address}/columns", {"column_0": "customer_key", "column_1": "name"})
    assert CustomerFile.objects.get().state == "checking"
    assert client.get(address).status_code == 200
    work()
    assert (CustomerFile.objects.get().state, CustomerFile.objects.get().new) == ("checked", 2)


def test_a_refused_change_keeps_what_was_typed(client, complain, ana):
    case = complain()
    assign(case, ana, by=ana)
    client.force_login(ana)
    address = f"/desk/people/{case.complainant_id}"
    with nothing_changed():
        page = client.post(f"{address}/addresses", {"kind": "email", "value": "claire chez a"})
    assert page.status_code == 409
    assert "no e-mail address" in page.content.decode() and "claire chez a" in page.content.decode()
    with nothing_changed():
        page = client.post(f"{address}/contracts", {"number": "K-1", "amount": "1,234", "site": "Lyon"})
    assert page.status_code == 409
    assert "The amount cannot be read" in page.content.decode() and "Lyon" in page.content.decode()


def test_a_person_page_changes_identity_and_makes_the_organisation(client, complain, ana):
    case = complain()
    assign(case, ana, by=ana)
    client.force_login(ana)
    form = {
        "name": "Claire Fontanel",
        "language": "fr",
        "kind": "consumer",
        "organisation": "Hôtel des Tilleuls",
        "vip": "on",
    }
    assert client.post(f"/desk/people/{case.complainant_id}/identity", form).status_code == 302
    person = Person.objects.get(pk=case.complainant_id)
    assert (person.kind, person.vip, person.organisation) == ("consumer", True, Organisation.objects.get())


@pytest.fixture
def company_of_others(complain, ana, settings, tmp_path):
    """A company ana handles no case of, the mandate of its lawyer, and a customer of hers."""
    settings.DATA = tmp_path
    sha, _size = file_store().keep(b"%PDF-1.4 pouvoir")
    company = Organisation.objects.create(name="Cible SA", name_key="cible sa")
    lawyer = Person.objects.identify("avocat@exemple.test", "Me Avocat")
    mandate = Representative.objects.create(
        person=lawyer, organisation=company, quality="lawyer", document_sha256=sha, document_name="p.pdf"
    )
    case = complain()
    assign(case, ana, by=ana)
    return company, mandate, case.complainant


def test_nobody_adds_a_customer_to_a_company_of_which_they_handle_no_case(
    client, ana, cleo, company_of_others
):
    _company, _mandate, person = company_of_others
    form = {"name": "Claire", "language": "fr", "kind": "consumer", "organisation": "cible sa"}
    client.force_login(ana)
    with nothing_changed():
        page = client.post(f"/desk/people/{person.pk}/identity", form)
    assert page.status_code == 409 and "You handle no case of this company" in page.content.decode()
    client.force_login(cleo)
    assert client.post(f"/desk/people/{person.pk}/identity", form).status_code == 302


def test_the_mandates_of_a_company_are_not_reached_through_one_of_its_people(
    client, complain, ana, cleo, company_of_others
):
    company, mandate, person = company_of_others
    Person.objects.filter(pk=person.pk).update(organisation=company)
    address = f"/desk/people/{person.pk}"
    client.force_login(ana)
    with nothing_changed():
        assert "Me Avocat" not in client.get(address).content.decode()
        assert client.get(f"{address}/mandates/{mandate.pk}/document").status_code == 404
        assert client.post(f"{address}/mandates/{mandate.pk}/ending").status_code == 404
    complain(subject="Une autre affaire")  # one she may read and does not handle: the company's, from now on
    with nothing_changed():
        assert "Me Avocat" in client.get(address).content.decode()
        assert client.get(f"{address}/mandates/{mandate.pk}/document", follow=True).status_code == 200
        assert client.post(f"{address}/mandates/{mandate.pk}/ending").status_code == 409
    client.force_login(cleo)
    assert client.post(f"{address}/mandates/{mandate.pk}/ending").status_code == 302
    mandate.refresh_from_db()
    assert mandate.to_day is not None


def test_the_number_of_a_merged_person_leads_to_the_one_who_was_kept(client, complain, cleo):
    kept, taken = complain().complainant, people.add_person(by=cleo, name="C. Fontanel")
    merge(kept, taken, by=cleo, sure=True)
    client.force_login(cleo)
    answer = client.get(f"/desk/people/{taken.pk}")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/desk/people/{kept.pk}")


def test_after_an_undone_merge_the_page_says_what_came_in_between(client, complain, cleo, noon):
    kept, taken = complain().complainant, people.add_person(by=cleo, name="C. Fontanel")
    made = merge(kept, taken, by=cleo, sure=True)
    with clock.at_moment(noon + timedelta(hours=1)):
        complain()
    client.force_login(cleo)
    with clock.at_moment(noon + timedelta(hours=2)):
        assert client.post(f"/desk/merges/{made.pk}/undoing").status_code == 302
        page = client.get(f"/desk/people/{kept.pk}").content.decode()
        assert "What came in between stays here" in page
        with nothing_changed():
            assert client.post(f"/desk/merges/{made.pk}/undoing").status_code == 409


def test_people_are_found_by_name_phone_and_address(client, complain, cleo):
    person = complain(email="elodie@courriel.exemple.test", name="Élodie Garnier").complainant
    people.change_person(person, by=cleo, external_key="C-77")
    complain(email="luc@courriel.exemple.test", name="Luc Vidal")
    client.force_login(cleo)
    for words in ("elodie", "GARNIER", "elodie@courriel", "C-77"):
        page = client.get("/desk/people", {"q": words}).content.decode()
        assert "Élodie Garnier" in page and "Luc Vidal" not in page, words


def test_the_list_goes_on_behind_its_last_row(client, cleo):
    for number in range(60):
        people.add_person(by=cleo, name=f"Personne {number:02}")
    client.force_login(cleo)
    first = client.get("/desk/people").content.decode()
    assert "Personne 00" in first and "Personne 50" not in first
    following = first.split('rel="next" href="')[1].split('"')[0]
    second = client.get(f"/desk/people{following}").content.decode()
    assert "Personne 50" in second and "Personne 49" not in second


def test_the_command_tries_and_loads_and_says_where(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("apaise.doors.commands.parts.prepare_database", lambda: None)
    file = tmp_path / "clients.csv"
    file.write_bytes(CSV.encode("cp1252"))
    mapping = tmp_path / "mapping.json"
    mapping.write_text(json.dumps({"customer_key": "n° client", "name": "Nom", "email": "E-mail"}))
    for dry_run, people_known in ((True, 0), (False, 1)):
        options = type("Options", (), {"file": file, "mapping": mapping, "dry_run": dry_run, "json": True})
        assert customers_command.run(options) == 0
        report = json.loads(capsys.readouterr().out)
        assert (report["new"], report["refused"], report["dry_run"]) == (1, 1, dry_run)
        refusal = report["refusals"][0]
        assert (refusal["line"], refusal["column"], refusal["reason"]) == (3, "E-mail", "bad_email")
        assert Person.objects.count() == people_known
