"""A merge undone: each case as if it had never happened, in whatever order."""

from datetime import date, timedelta

import pytest

from apaise.ground.ledger.models import Entry
from apaise.handling.routing.assignment import assign
from apaise.intake.cases import conversation, deadlines
from apaise.intake.cases.grouping import Moved
from apaise.intake.cases.merging import merge
from apaise.intake.cases.message import Message
from apaise.intake.cases.messages import Refused, add_customer_message
from apaise.intake.cases.models import Case, Exclusion, State
from apaise.intake.cases.promises import keep_promise, make_promise
from apaise.intake.cases.tests.conftest import NOON
from apaise.intake.cases.tests.test_merging import fresh, qualified, replay_equals_stored, shape
from apaise.intake.cases.unmerging import undo_merge
from apaise.lib import clock
from tests.nothing_changed import refused

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("which", ["older", "younger"])
@pytest.mark.parametrize("stage", ["received", "qualified", "waiting"])
def test_undoing_restores_exactly(which, stage, two, ana, bo, send, days):
    older, younger = two
    case, into = (older, younger) if which == "older" else (younger, older)
    with days(4):
        Exclusion.objects.create(case=case, user=bo, because="onsite_technician")
        if stage != "received":
            qualified(case, ana)
            send()
        if stage == "waiting":
            conversation.ask(case, "Quel numéro ?", date(2026, 12, 10), by=ana)
            send()
        deadlines.sweep(clock.now())
    before = shape(case), shape(into)
    with days(5):
        merge(fresh(case), fresh(into), reason="sent_twice", by=ana)
        assert shape(into) != before[1]
        deadlines.sweep(clock.now())
    with days(6):
        undo_merge(fresh(case), by=ana)
    assert (shape(case), shape(into)) == before
    replay_equals_stored(case)
    replay_equals_stored(into)
    for one in (case, into):
        assert Entry.objects.of(one.reference).filter(what="case.merge_undone").count() == 1


def test_what_came_by_the_thread_of_the_merged_case_goes_back_with_it(two, ana, days):
    older, younger = two
    with days(4):
        qualified(younger, ana)
        conversation.ask(younger, "Quel numéro ?", date(2026, 12, 10), by=ana)
        merge(younger, older, reason="sent_twice", by=ana)
    with days(5):
        there = add_customer_message(
            older, older.complainant, channel="email", text="Pour le premier dossier."
        )
        theirs = add_customer_message(
            younger, younger.complainant, channel="email", text="Le 4711.", message_id="<a@b>"
        )
        answer = add_customer_message(
            older, older.complainant, channel="email", text="Et aussi le 4712.", in_reply_to="<a@b>"
        )
        assert theirs.case == older
    with days(6):
        undo_merge(fresh(younger), by=ana)
    cases = dict(Message.objects.filter(pk__in=[there.pk, theirs.pk, answer.pk]).values_list("text", "case"))
    assert cases == {
        "Pour le premier dossier.": older.pk, "Le 4711.": younger.pk, "Et aussi le 4712.": younger.pk
    }  # fmt: skip
    case = fresh(younger)
    assert (case.state, case.excerpt) == (State.INVESTIGATING, "Et aussi le 4712.")
    assert fresh(older).excerpt == "Pour le premier dossier."
    target = younger.deadlines.get(rule="reply_target")
    assert (target.state, target.pauses[0]["to"]) == ("running", (NOON + timedelta(days=5)).isoformat())
    replay_equals_stored(younger)


def test_a_promise_goes_along_with_its_clock_and_comes_back_kept(two, ana, days):
    older, younger = two
    with days(4):
        assign(younger, ana, by=ana)
        promise = make_promise(younger, "Un appel du technicien", date(2026, 12, 4), by=ana)
        merge(younger, older, reason="sent_twice", by=ana)
        clock_ = older.deadlines.get(rule="commitment_due")
        assert (clock_.promise, clock_.state) == (promise, "running")
        replay_equals_stored(older)
    with days(5):
        promise.refresh_from_db()
        keep_promise(promise, by=ana)
        assert older.deadlines.get(rule="commitment_due").state == "stopped"
    with days(6):
        undo_merge(fresh(younger), by=ana)
    assert not older.deadlines.filter(rule="commitment_due").exists()
    clock_ = younger.deadlines.get(rule="commitment_due")
    assert (clock_.state, clock_.stopped_at) == ("stopped", NOON + timedelta(days=5))
    replay_equals_stored(younger)
    replay_equals_stored(older)


def test_merged_one_after_the_other_and_undone_in_another_order(two, complain, ana, days):
    older, younger = two
    with days(4):
        third = complain(text="Troisième fois.")
    before = {case.pk: shape(case) for case in (older, younger, third)}
    with days(5):
        merge(fresh(older), fresh(third), reason="sent_twice", by=ana)
        merge(fresh(younger), fresh(third), reason="sent_twice", by=ana)
        assert fresh(third).received_at == NOON
        undo_merge(fresh(older), by=ana)
        assert fresh(third).received_at == younger.received_at
        replay_equals_stored(third)
        undo_merge(fresh(younger), by=ana)
    assert {case.pk: shape(case) for case in (older, younger, third)} == before


def test_a_merge_is_undone_once(two, ana, days):
    older, younger = two
    with days(4):
        merge(younger, older, reason="sent_twice", by=ana)
        undo_merge(fresh(younger), by=ana)
        with refused(Refused, match="not merged any more"):
            undo_merge(fresh(younger), by=ana)
    assert Moved.objects.exists()


def test_a_merge_is_not_undone_once_the_case_is_answered(two, ana, days):
    older, younger = two
    with days(4):
        merge(younger, older, reason="sent_twice", by=ana)
        Case.objects.filter(pk=older.pk).update(state=State.ANSWERED)
        with refused(Refused, match="is answered"):
            undo_merge(fresh(younger), by=ana)
