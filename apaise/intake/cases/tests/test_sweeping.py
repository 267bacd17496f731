"""Time passes: what is near and what was missed is told once, to whom it concerns."""

from datetime import timedelta

import pytest

from apaise.ground.accounts.models import Alert
from apaise.ground.ledger.models import Entry
from apaise.ground.ledger.record import System
from apaise.handling.routing.assignment import assign
from apaise.intake.cases import conversation, deadlines
from apaise.intake.cases.history import happened
from apaise.intake.cases.models import Case, Deadline
from apaise.intake.cases.qualification import qualify
from apaise.intake.cases.tests.test_deadlines import QUALIFIED, evening, of, rebuilt_the_same, words_of
from apaise.lib import clock
from tests.nothing_changed import nothing_changed

pytestmark = pytest.mark.django_db


# --- time passes -----------------------------------------------------------------------------------------


def test_near_and_missed_are_recorded_once_each_however_often_one_looks(complain, noon):
    case = complain()
    for hours in (0, 18, 18, 30, 30, 40, 40, 400):
        with clock.at_moment(noon + timedelta(hours=hours)):
            deadlines.sweep(clock.now())
            deadlines.sweep(clock.now())
    said = words_of(case)
    assert said.count(("deadline.missed", "ack")) == 1
    near = [
        entry.facts["percent"]
        for entry in Entry.objects.filter(what="deadline.near")
        if entry.facts["rule"] == "ack"
    ]
    assert near == [50, 80]
    for rule in ("first_contact", "progress_update", "reply_target"):
        assert said.count(("deadline.missed", rule)) == 1
    assert ("deadline.missed", "mediator_window") not in said
    assert rebuilt_the_same(case)


def test_a_sweep_that_comes_late_tells_of_the_miss_and_not_of_every_warning_before(complain, noon):
    case = complain()
    with clock.at_moment(noon + timedelta(days=3)):
        deadlines.sweep(clock.now())
    assert [what for what, rule in words_of(case) if rule == "ack"] == ["deadline.started", "deadline.missed"]


def test_the_last_second_is_still_in_time(complain, noon):
    case = complain()
    with clock.at_moment(of(case, "ack").due_at):
        deadlines.sweep(clock.now())
    assert of(case, "ack").missed_at is None
    with clock.at_moment(of(case, "ack").due_at + timedelta(seconds=1)):
        deadlines.sweep(clock.now())
    assert of(case, "ack").missed_at == evening(2026, 11, 26) + timedelta(seconds=1)


def test_the_customers_rights_and_other_peoples_clocks_are_never_our_breach(complain, noon):
    case = complain()
    Deadline.objects.create(
        case=case,
        rule="mediator_outcome",
        owner="external_mediator",
        level="C3",
        start_at=noon,
        due_at=noon + timedelta(days=90),
    )
    with clock.at_moment(noon + timedelta(days=800)):
        deadlines.sweep(clock.now())
    assert {rule for what, rule in words_of(case) if what == "deadline.missed"}.isdisjoint(
        {"mediator_window", "mediator_outcome"}
    )


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_tell_a_miss_once(complain, noon):
    from tests.at_once import at_once

    complain()
    late = noon + timedelta(days=30)
    at_once([lambda: deadlines.sweep(late)] * 3)
    missed = [entry.facts["rule"] for entry in Entry.objects.filter(what="deadline.missed")]
    assert sorted(missed) == sorted(set(missed))
    assert set(missed) == {"ack", "first_contact", "progress_update", "reply_target"}


@pytest.mark.django_db(transaction=True)
def test_a_sweep_and_a_reply_at_once_never_block_each_other(complain, ana, noon):
    from apaise.intake.cases.message import Message
    from apaise.intake.cases.outgoing import mark_sent
    from tests.at_once import at_once

    numbers = []
    for person in range(4):
        case = complain(email=f"p{person}@exemple.test")
        assign(case, ana, by=ana)
        numbers.append(conversation.reply(case, "Bonjour, je m'occupe de vous.", by=ana).pk)
    late = noon + timedelta(days=30)

    def leave(number):
        with clock.at_moment(late):
            mark_sent(Message.objects.claim(number))

    def qualify_it(number):
        case = Message.objects.get(pk=number).case
        with clock.at_moment(late):
            qualify(case, **QUALIFIED, criticality="C2", by=ana)

    acts = [
        act
        for number in numbers
        for act in (lambda n=number: leave(n), lambda: deadlines.sweep(late), lambda n=number: qualify_it(n))
    ]
    problems = [result for result in at_once(acts, threads=4) if isinstance(result, Exception)]
    assert problems == []
    for case in Case.objects.all():
        assert rebuilt_the_same(case)


# --- whom it tells ---------------------------------------------------------------------------------------


def told(kind):
    return sorted(
        (alert.user.name, alert.detail) for alert in Alert.objects.filter(kind=kind).select_related("user")
    )


def acknowledged(case):
    happened(case, "ack.sent", by=System("test"))


def test_a_missed_deadline_of_a_case_nobody_holds_alerts_the_desk(complain, mara, ana, bo, eve, work, noon):
    complain()
    work()
    case = Case.objects.get()
    with clock.at_moment(noon + timedelta(days=3)):
        deadlines.sweep(clock.now())
        work()
    assert told("deadline_missed") == [
        ("Ana Handler", "ack"),
        ("Bo Handler", "ack"),
        ("Mara Lead", "ack"),
        ("Mara Lead", "ack"),
        ("Mara Lead", "first_contact"),  # the case is hers by then
    ]
    assert told("case_escalated") == [("Mara Lead", "")]
    assert set(Alert.objects.values_list("chain", flat=True)) == {case.reference}


def test_a_handlers_deadline_is_told_to_the_handler(complain, mara, ana, bo, work, noon):
    case = complain()
    assign(case, ana, by=ana)
    acknowledged(case)
    work()
    with clock.at_moment(noon + timedelta(days=30)):
        deadlines.sweep(clock.now())
        work()
        work()
    assert [pair for pair in told("deadline_missed") if pair[1] == "reply_target"] == [
        ("Ana Handler", "reply_target")
    ]
    assert Alert.objects.count() == len(set(Alert.objects.values_list("once", flat=True)))


def test_excluded_and_departed_people_are_not_told_and_somebody_always_is(
    complain, mara, ana, cleo, work, noon
):
    from apaise.intake.cases.models import Exclusion

    case = complain()
    assign(case, ana, by=ana)
    for person in (ana, mara):
        Exclusion.objects.create(case=case, user=person, because="onsite_technician")
    with clock.at_moment(noon + timedelta(days=30)):
        deadlines.sweep(clock.now())
        work()
    assert {name for name, rule in told("deadline_missed") if rule == "reply_target"} == {"Cleo Manager"}
    assert not Alert.objects.filter(user__in=[ana, mara], kind__startswith="deadline").exists()


def test_a_near_deadline_warns_its_owner(complain, ana, work, noon):
    case = complain()
    assign(case, ana, by=ana)
    acknowledged(case)  # or the case would be with the lead by then
    with clock.at_moment(noon + timedelta(days=8)):
        deadlines.sweep(clock.now())
        work()
    assert ("Ana Handler", "reply_target") in told("deadline_near")


def test_sweeping_when_nothing_is_due_changes_nothing(complain, noon):
    complain()
    with nothing_changed():
        assert deadlines.sweep(noon) == 0
