"""Judge and party: one test for each row of the requirements this part owns."""

import pytest
from django.utils import translation

from apaise.ground.ledger.models import Entry
from apaise.ground.parties.contracts import add_contract
from apaise.ground.parties.models import Organisation, Person
from apaise.handling.resolution.answer import answer
from apaise.handling.routing.assignment import assign, candidates
from apaise.handling.routing.people import holders
from apaise.intake.cases import conversation, qualification
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case
from tests.nothing_changed import nothing_changed, refused

pytestmark = pytest.mark.django_db
WORDS = "Notre production est arrêtée depuis dix-sept heures."


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def account(desk, mara, ana, bo, noon, complain):
    """A case of a company whose account manager is Ana, a handler like Bo."""
    firm = Organisation.objects.create(name="Hôtel des Tilleuls", kind="business", sector="maintenance")
    person = Person.objects.identify("paule@tilleuls.exemple.test", "Paule Vernier", language="fr")
    Person.objects.filter(pk=person.pk).update(organisation=firm)
    add_contract(firm, by=mara, number="T-1", sector="maintenance", account_manager=ana)
    return complain(
        email="paule@tilleuls.exemple.test", name="Paule Vernier", subject="Ascenseur en panne", text=WORDS
    )


def test_s4_13_the_account_manager_of_the_account_cannot_be_assigned_approve_or_reply(
    account, ana, bo, mara, client
):
    assert ana not in candidates(account, by=mara)
    assert ana not in holders(account, "account_manager") + holders(account, "handler")
    for by in (ana, mara):
        with refused(Refused, match="judge and party"):
            assign(account, ana, by=by)
    assign(account, bo, by=mara)
    with refused(Refused, match="judge and party"):
        conversation.reply(account, "Je m'en occupe.", by=ana)
    with refused(Refused, match="judge and party"):
        qualification.set_criticality(account, "C4", by=ana)
    with refused(Refused, match="judge and party"):
        answer(
            account, findings={}, outcome="accepted", found_cause="", scope="isolated", text="Oui.", by=ana
        )
    client.force_login(ana)
    before = Entry.objects.count()
    for address in ("assignment", "replies", "final-reply", "qualification", "closure", "notes"):
        with nothing_changed():
            page = client.post(f"/desk/cases/{account.reference}/{address}", {"text": "Je m'en occupe."})
        assert page.status_code == 404
    assert Entry.objects.count() == before
    for address in (
        f"/desk/cases/{account.reference}",
        "/desk/cases?view=all",
        "/desk/cases?q=ascenseur",
        "/desk/people",
    ):
        page = client.get(address).content.decode()
        assert "Ascenseur en panne" not in page
        assert "Paule Vernier" not in page


def test_s4_14_an_excluded_role_can_only_submit_a_note_and_it_appears_to_the_handler(
    account, ana, bo, mara, client, work
):
    assign(account, bo, by=mara)
    client.force_login(bo)
    asked = client.post(
        f"/desk/cases/{account.reference}/context-notes",
        {"person": ana.pk, "question": "Quel jour la pièce a-t-elle été commandée ?"},
    )
    assert asked.status_code == 302
    work()
    client.force_login(ana)
    listed = client.get("/desk/context-notes").content.decode()
    assert "Quel jour la pièce a-t-elle été commandée" in listed
    assert WORDS not in listed
    note = ana.context_notes.get()
    there = f"/desk/context-notes/{note.pk}"
    client.post(f"{there}/draft", {"text": "Commandée le", "read": "1"})
    assert client.post(f"{there}/sending", {"text": "Commandée le 9 novembre, bon 4711."}).status_code == 302
    with nothing_changed():
        assert client.post(f"{there}/sending", {"text": "Plutôt le 8."}).status_code == 409
    sent = client.get(there).content.decode()
    assert "Commandée le 9 novembre, bon 4711." in sent
    assert "<textarea" not in sent
    assert client.get(f"/desk/cases/{account.reference}").status_code == 404
    work()
    client.force_login(bo)
    assert (
        "Commandée le 9 novembre, bon 4711."
        in client.get(f"/desk/cases/{account.reference}").content.decode()
    )
    acts = Entry.objects.of(account.reference).filter(by=ana.actor_code).values_list("what", flat=True)
    assert list(acts) == ["context_note.added"]
    assert not Case.objects.visible_to(ana).exists()
