"""Somebody who may not handle a case adds facts to it, once, and sees nothing else of it."""

from datetime import date, timedelta

import pytest

from apaise.ground.ledger.models import Entry
from apaise.handling.contributions import asking, writing
from apaise.handling.contributions.models import ContextNote
from apaise.handling.contributions.policies import askable, read_refusal
from apaise.handling.routing.assignment import assign
from apaise.intake.cases.excluded import Exclusion
from apaise.intake.cases.exclusion import keep_apart
from apaise.intake.cases.letting_in import let_in
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case
from apaise.lib import clock
from tests.nothing_changed import nothing_changed, refused

pytestmark = pytest.mark.django_db
QUESTION = "Quel jour êtes-vous passé, et qu'avez-vous constaté ?"


@pytest.fixture
def case(complain, noon, ana, bo, mara):
    """Bo is its technician and kept apart; Ana handles it."""
    made = complain()
    assign(made, ana, by=ana)
    keep_apart(made, bo, because="onsite_technician", by=mara)
    return made


@pytest.fixture
def note(case, ana, bo):
    return asking.ask(case, bo, QUESTION, by=ana)


def test_it_is_due_in_two_business_days_and_the_record_holds_no_words(note, bo, case):
    assert note.due_at.date() == date(2026, 11, 27)
    said = Entry.objects.of(case.reference).get(what="context_note.requested")
    assert said.facts == {"note": note.pk, "person": bo.actor_code, "due": "2026-11-27T22:59:59+00:00"}


def test_who_is_asked_is_told_without_the_case_being_named(note, case, bo, work):
    work()
    alert = bo.alerts.get(kind="context_note_asked")
    assert (alert.chain, alert.detail) == ("", f"note:{note.pk}")
    assert not Case.objects.visible_to(bo).exists()


def test_only_those_apart_those_of_the_account_and_contributors_are_asked(case, ana, bo, eve, staff):
    other = staff("contributor")
    assert askable(case) == sorted([bo, other], key=lambda one: one.name)
    with refused(Refused, match="Choose whom to ask"):
        asking.ask(case, eve, QUESTION, by=ana)


@pytest.mark.parametrize(
    ("more", "match"),
    [
        ({"question": "  "}, "Write the question"),
        ({"due_on": date(2026, 11, 24)}, "must not have passed"),
        ({"period": (date(2026, 11, 3), date(2026, 11, 2))}, "ends before it begins"),
    ],
)
def test_a_question_makes_sense_or_is_refused(case, ana, bo, more, match):
    with refused(Refused, match=match):
        asking.ask(case, bo, more.pop("question", QUESTION), by=ana, **more)


def test_only_words_of_this_case_are_shown(case, ana, bo, complain):
    stranger = complain(email="luc@courriel.exemple.test").messages.get(direction="in")
    with refused(Refused, match="on this case"):
        asking.ask(case, bo, QUESTION, by=ana, message=stranger)
    own = case.messages.get(direction="in")
    assert asking.ask(case, bo, QUESTION, by=ana, message=own).message == own


def test_one_question_at_a_time(note, case, ana, bo):
    with refused(Refused, match="already"):
        asking.ask(case, bo, "Et encore ?", by=ana)
    writing.send(note, "Passé le 12.", by=bo)
    asking.ask(case, bo, "Et le 13 ?", by=ana)


def test_who_does_not_work_on_the_case_asks_nothing(case, bo, eve, staff):
    for person in (bo, eve, staff("auditor")):
        with refused(Refused):
            asking.ask(case, bo, QUESTION, by=person)


def test_a_draft_is_kept_and_once_sent_nothing_changes_any_more(note, bo, case, ana, work):
    writing.keep_draft(note, "Passé le", by=bo)
    assert ContextNote.objects.get().draft == "Passé le"
    writing.send(note, "Passé le 12 à 9 h. Compteur scellé.", by=bo)
    kept = ContextNote.objects.get()
    assert (kept.state, kept.text, kept.draft) == ("sent", "Passé le 12 à 9 h. Compteur scellé.", "")
    added = Entry.objects.of(case.reference).get(what="context_note.added")
    assert (added.by, added.facts) == (bo.actor_code, {"note": note.pk})
    work()
    assert ana.alerts.filter(kind="context_note_added", chain=case.reference).exists()
    for again in (writing.keep_draft, writing.send, writing.decline):
        with refused(Refused, match="sent"):
            again(kept, "Autre chose.", by=bo)
    # Another window of the same person, opened before.
    stale = ContextNote.objects.get()
    stale.state = "asked"
    with refused(Refused, match="in the meantime"):
        writing.send(stale, "Autre chose.", by=bo)


def test_only_whoever_was_asked_writes_it(note, ana, mara):
    for person in (ana, mara):
        with refused(Refused, match="Somebody else"):
            writing.send(note, "À sa place.", by=person)
    with refused(Refused, match="Write something"):
        writing.send(note, " \n ", by=note.person)


def test_it_may_be_declined_with_a_word(note, bo, ana, work):
    writing.decline(note, "Je n'y étais pas.", by=bo)
    assert (note.state, note.text) == ("declined", "Je n'y étais pas.")
    work()
    assert ana.alerts.filter(kind="context_note_declined").exists()


def test_one_no_longer_needed_can_be_withdrawn_and_not_written(note, ana, bo):
    asking.withdraw(note, by=ana)
    with nothing_changed():
        asking.withdraw(note, by=ana)
    note.refresh_from_db()
    with refused(Refused, match="no longer asked for"):
        writing.send(note, "Passé.", by=bo)
    assert not ContextNote.objects.asked_of(bo).exists()


def test_who_is_late_is_reminded_once_and_the_handler_knows(note, ana, bo, noon, work):
    assert asking.remind_late() == 0
    with clock.at_moment(noon + timedelta(days=3)):
        assert asking.remind_late() == 1
        with nothing_changed():
            assert asking.remind_late() == 0
        work()
    assert bo.alerts.filter(kind="context_note_late", chain="").count() == 1
    assert ana.alerts.filter(kind="context_note_awaited").count() == 1


def test_handler_lead_and_manager_read_it_and_no_other_contributor_even_let_in(
    note, case, ana, bo, mara, cleo, staff, noon
):
    for person in (ana, mara, cleo):
        assert read_refusal(person, case) is None
    assert read_refusal(staff("auditor"), case) == "Context notes are for whoever handles the case."
    apart = Exclusion.objects.get(user=bo)
    let_in(apart, reason="Urgence.", until=noon + timedelta(days=1), by=staff("executive"))
    case.refresh_from_db()
    assert Case.objects.visible_to(bo).get() == case
    assert read_refusal(bo, case) == "Whoever is kept apart does not read what others contributed."


def test_sending_a_note_is_no_breach_of_who_is_kept_apart(case, ana, bo, mara, staff):
    helper = staff("contributor")
    writing.send(asking.ask(case, helper, QUESTION, by=ana), "Le 12.", by=helper)
    keep_apart(case, helper, because="person_complained_about", by=mara)
    assert not Entry.objects.of(case.reference).filter(what="conflict.breached").exists()
