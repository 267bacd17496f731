"""Waiting for the customer suspends the reply, and only as long as it may."""

from datetime import UTC, date, datetime, timedelta

import pytest

from apaise.ground.ledger.models import Entry
from apaise.handling.routing.assignment import assign
from apaise.intake.cases import conversation, deadlines
from apaise.intake.cases.messages import add_customer_message, lapse_unanswered
from apaise.intake.cases.tests.test_deadlines import (
    evening,
    next_of,
    of,
    rebuilt_the_same,
    words_of,
)
from apaise.lib import clock

pytestmark = pytest.mark.django_db


def asked(complain, ana, answer_by, at):
    case = complain()
    assign(case, ana, by=ana)
    with clock.at_moment(at):
        conversation.ask(case, "Quel est le numéro sur la box ?", answer_by, by=ana)
    return case


def test_waiting_for_the_customer_suspends_the_reply_and_nothing_else(complain, ana, noon):
    case = asked(complain, ana, date(2026, 12, 10), noon)
    assert {clock_.rule for clock_ in case.deadlines.filter(state="paused")} == {"reply_target"}
    with clock.at_moment(noon + timedelta(days=6)):  # Tuesday 1 December
        add_customer_message(case, case.complainant, channel="email", text="Le 4711.")
    target = of(case, "reply_target")
    # Of the wait, 26 to 30 November are whole days: the reply has the three working ones among them more.
    assert (target.state, target.due_at) == ("running", evening(2026, 12, 14))
    assert of(case, "reply_hard_cap").due_at == evening(2027, 1, 25)
    assert target.pauses == [{"from": "2026-11-25T11:00:00+00:00", "to": "2026-12-01T11:00:00+00:00"}]
    assert rebuilt_the_same(case)


def test_a_suspended_clock_is_not_next_and_not_missed(complain, ana, noon):
    case = asked(complain, ana, date(2026, 12, 10), noon)
    assert next_of(case)[0] != "reply_target"
    with clock.at_moment(noon + timedelta(days=15)):
        deadlines.sweep(clock.now())
    assert ("deadline.missed", "reply_target") not in words_of(case)


def test_a_pause_used_up_does_not_hide_a_missed_reply(complain, ana, noon):
    """The policy allows fifteen days: a question left open for longer must not make the promise vanish."""
    case = asked(complain, ana, date(2027, 2, 1), noon)
    limit = of(case, "reply_target").warn_next_at
    assert limit == evening(2026, 12, 24)  # 26 November to 10 December left out, then ten working days
    with clock.at_moment(limit):
        deadlines.sweep(clock.now())
        assert ("deadline.missed", "reply_target") not in words_of(case)
    with clock.at_moment(limit + timedelta(seconds=1)):
        deadlines.sweep(clock.now())
        deadlines.sweep(clock.now())
    missed = [
        entry
        for entry in Entry.objects.filter(what="deadline.missed")
        if entry.facts["rule"] == "reply_target"
    ]
    assert [entry.facts["due"] for entry in missed] == ["2026-12-24T22:59:59+00:00"]
    with clock.at_moment(datetime(2027, 2, 2, 8, tzinfo=UTC)):
        lapse_unanswered(date(2027, 2, 2))
        deadlines.sweep(clock.now())
    assert of(case, "reply_target").due_at == limit
    assert words_of(case).count(("deadline.missed", "reply_target")) == 1
    assert rebuilt_the_same(case)


def test_a_question_that_lapses_ends_the_pause(complain, ana, noon):
    case = asked(complain, ana, date(2026, 11, 27), noon)
    with clock.at_moment(datetime(2026, 11, 28, 8, tzinfo=UTC)):
        lapse_unanswered(date(2026, 11, 28))
    assert of(case, "reply_target").state == "running"
    assert rebuilt_the_same(case)
