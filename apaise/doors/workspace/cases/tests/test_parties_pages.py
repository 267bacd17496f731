"""Judge and party on the page of a case."""

import re

import pytest

from apaise.ground.parties.contracts import add_contract
from apaise.ground.parties.models import Organisation, Person
from apaise.handling.contributions import asking, writing
from apaise.handling.routing.assignment import assign
from apaise.intake.cases.exclusion import keep_apart
from apaise.intake.cases.models import Case
from tests.nothing_changed import nothing_changed

pytestmark = pytest.mark.django_db
WORDS = "Bonjour,\n\nMme Handler m'a ri au nez le 12 novembre."


@pytest.fixture
def case(complain, noon, ana, work):
    made = complain(text=WORDS)
    work()
    return made


def address(case, what=""):
    return f"/desk/cases/{case.reference}{what}"


def test_whom_the_customer_names_is_asked_about_and_one_click_keeps_them_apart(case, ana, bo, client):
    client.force_login(bo)
    page = client.get(address(case)).content.decode()
    assert "Is it about Ana Handler?" in page
    assert "<mark>Mme Handler</mark> m&#39;a ri au nez" in page
    click = re.search(r'action="([^"]*/named/\d+/confirmation)"', page)[1]
    assert client.post(click)["Location"] == f"{address(case)}?done=kept_apart"
    page = client.get(address(case)).content.decode()
    assert "Is it about" not in page
    assert "the complaint is about them, named in the customer&#39;s words" in page
    client.force_login(ana)
    assert client.get(address(case)).status_code == 404


def test_stepping_back_leads_to_the_list_and_not_to_a_page_that_is_gone(case, ana, client):
    client.force_login(ana)
    done = client.post(address(case, "/own-tie"), {"because": "personal_tie"})
    assert done["Location"] == "/desk/cases?done=stepped_back"
    assert "kept apart from this case from now on" in client.get(done["Location"]).content.decode()
    assert client.post(address(case, "/notes"), {"text": "Et pourtant."}).status_code == 404


def test_a_lead_keeps_somebody_apart_and_a_handler_is_offered_no_such_form(case, bo, mara, client):
    client.force_login(mara)
    form = client.get(address(case, "?apart=parties")).content.decode()
    assert f'<option value="{bo.pk}">Bo Handler</option>' in form
    client.post(address(case, "/parties"), {"person": bo.pk, "because": "account_manager"})
    assert case.exclusions.get().user == bo
    client.force_login(case.team.memberships.exclude(user__in=[bo, mara]).first().user)
    assert 'name="person"' not in client.get(address(case, "?apart=parties")).content.decode()


def test_a_refused_choice_says_why_and_changes_nothing(case, mara, client):
    client.force_login(mara)
    with nothing_changed():
        page = client.post(address(case, "/parties"), {"person": "", "because": "account_manager"})
    assert page.status_code == 409
    assert "Choose a person from the list." in page.content.decode()


def test_a_letting_in_shows_who_why_and_until_when(case, ana, mara, staff, client):
    kept = keep_apart(case, ana, because="onsite_technician", by=mara)
    chief = staff("executive", "complaints_manager")
    client.force_login(chief)
    let = client.post(
        address(case, f"/parties/{kept.pk}/override"),
        {"reason": "Elle seule connaît la machine.", "until": "2026-11-27"},
    )
    assert let.status_code == 302
    client.force_login(ana)
    page = client.get(address(case)).content.decode()
    assert "Elle seule connaît la machine." in page
    assert "Let in until" in page
    client.force_login(mara)
    client.post(address(case, f"/parties/{kept.pk}/override/ending"))
    client.force_login(ana)
    assert client.get(address(case)).status_code == 404


def test_only_the_complaints_manager_reads_what_a_party_did_before(case, ana, mara, cleo, client):
    assign(case, ana, by=ana)
    keep_apart(case, ana, because="person_complained_about", by=mara)
    said = "Before it was known: 1 entry in the record, 0 alerts read."
    client.force_login(cleo)
    assert said in client.get(address(case)).content.decode()
    client.force_login(mara)
    assert said not in client.get(address(case)).content.decode()


def test_a_note_stands_in_the_conversation_for_those_who_may_read_it(case, ana, bo, mara, staff, client):
    assign(case, bo, by=bo)
    keep_apart(case, ana, because="onsite_technician", by=mara)
    writing.send(asking.ask(case, ana, "Quel jour ?", by=bo), "Le 12 à 9 h.", by=ana)
    for reader, reads in ((bo, True), (mara, True), (staff("auditor"), False)):
        client.force_login(reader)
        assert ("Le 12 à 9 h." in client.get(address(case)).content.decode()) is reads


def test_opinions_are_pointed_out_before_a_note_is_sent(case, ana, bo, mara, client):
    keep_apart(case, ana, because="onsite_technician", by=mara)
    note = asking.ask(case, ana, "Quel jour ?", by=mara)
    client.force_login(ana)
    there = f"/desk/context-notes/{note.pk}"
    read = client.post(f"{there}/draft", {"text": "À mon avis il exagère.", "read": "1"})
    page = client.get(read["Location"]).content.decode()
    assert "These words judge: À mon avis, exagère." in page
    assert "Send this note" in page


def test_an_account_manager_who_takes_a_call_of_their_customer_files_it_and_is_kept_apart(
    desk, ana, mara, noon, client
):
    firm = Organisation.objects.create(name="Hôtel des Tilleuls", kind="business", sector="maintenance")
    person = Person.objects.identify("paule@tilleuls.exemple.test", "Paule Vernier", language="fr")
    Person.objects.filter(pk=person.pk).update(organisation=firm)
    add_contract(firm, by=mara, number="T-1", sector="maintenance", account_manager=ana)
    client.force_login(ana)
    done = client.post(
        "/desk/entry/phone",
        {
            "once": "call-1",
            "person": person.pk,
            "language": "fr",
            "text": "L'ascenseur est en panne.",
            "recap": "email",
            "take": "on",
        },
    )
    assert done["Location"] == "/desk/cases?done=entered_apart"
    case = Case.objects.get()
    assert case.handler is None
    assert case.exclusions.get().user == ana
    assert client.get(address(case)).status_code == 404
