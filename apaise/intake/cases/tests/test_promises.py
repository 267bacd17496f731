"""Every promise has a date, a clock and an end: kept, or broken and said so."""

from datetime import UTC, date, datetime, time

import pytest

from apaise.ground.accounts.models import Alert
from apaise.ground.ledger.models import Entry
from apaise.ground.ledger.verify import verify
from apaise.handling.routing.assignment import assign
from apaise.intake.cases import deadlines
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.promises import break_overdue, keep_promise, make_promise
from apaise.intake.cases.tests.test_any_order import COMPUTED
from apaise.lib import clock
from tests.nothing_changed import nothing_changed, refused

pytestmark = pytest.mark.django_db
FRIDAY = date(2026, 11, 27)


@pytest.fixture
def case(complain, ana, noon):
    case = complain()
    assign(case, ana, by=ana)
    return case


def at(day, hour, minute=0):
    return clock.at_moment(datetime(2026, 11, day, hour, minute, tzinfo=UTC))


def test_a_promise_is_a_deadline_and_may_be_the_next_one(case, ana):
    promise = make_promise(case, "Je vous appelle", date(2026, 11, 25), hour=time(16), by=ana)
    clock_ = case.deadlines.get(rule="commitment_due")
    assert clock_.due_at == promise.ends_at == datetime(2026, 11, 25, 15, 0, tzinfo=UTC)
    assert (clock_.owner, clock_.promise, clock_.state) == ("commitment_author", promise, "running")
    case.refresh_from_db()
    assert (case.next_due_rule, case.next_due_at) == ("commitment_due", promise.ends_at)
    said = Entry.objects.of(case.reference).get(what="commitment.made").facts
    assert said == {"promise": promise.pk, "due_on": "2026-11-25", "due_at": "2026-11-25T15:00:00+00:00"}


def test_without_an_hour_the_day_ends_it(case, ana):
    promise = make_promise(case, "Un bon de retour", FRIDAY, by=ana)
    assert promise.ends_at == datetime(2026, 11, 27, 22, 59, 59, tzinfo=UTC)
    assert case.deadlines.get(rule="commitment_due").due_at == promise.ends_at


def test_a_promise_for_a_sunday_may_be_kept_until_that_sunday_ends(case, ana):
    promise = make_promise(case, "Un appel", date(2026, 11, 29), by=ana)
    end = datetime(2026, 11, 29, 22, 59, 59, tzinfo=UTC)
    assert case.deadlines.get(rule="commitment_due").due_at == promise.ends_at == end
    with clock.at_moment(end):
        assert break_overdue(clock.now()) == 0


def test_two_promises_have_two_clocks_and_keeping_one_stops_its_own(case, ana):
    first = make_promise(case, "Un appel", FRIDAY, by=ana)
    second = make_promise(case, "Un avoir", date(2026, 12, 1), by=ana)
    with at(26, 9):
        keep_promise(first, by=ana)
        keep_promise(first, by=ana)  # harmless
    states = dict(case.deadlines.filter(rule="commitment_due").values_list("promise", "state"))
    assert states == {first.pk: "stopped", second.pk: "running"}
    assert (first.state, first.kept_at) == ("kept", datetime(2026, 11, 26, 9, 0, tzinfo=UTC))
    assert Entry.objects.filter(what="commitment.kept").count() == 1
    before = list(case.deadlines.order_by("rule", "promise").values(*COMPUTED))
    deadlines.rebuild(case)
    assert list(case.deadlines.order_by("rule", "promise").values(*COMPUTED)) == before
    assert list(verify()) == []


def test_a_broken_promise_is_told_to_who_made_it_and_stays_broken(case, ana, mara, work):
    promise = make_promise(case, "Un appel", FRIDAY, by=mara)
    with at(28, 9):
        assert break_overdue(clock.now()) == 1
        assert break_overdue(clock.now()) == 0
        deadlines.sweep(clock.now())
        work()
        told = Alert.objects.filter(user=mara).values_list("kind", flat=True)
        assert {"promise_broken", "deadline_missed"} <= set(told)
        assert case.tasks.filter(kind="apologise_and_reschedule", person=None).exists()
    with at(28, 10):
        promise.refresh_from_db()
        keep_promise(promise, by=ana)
    assert (promise.state, promise.kept_at) == ("broken", datetime(2026, 11, 28, 10, 0, tzinfo=UTC))
    words = (
        Entry.objects.of(case.reference).filter(what__startswith="commitment").values_list("what", flat=True)
    )
    assert list(words) == ["commitment.made", "commitment.broken", "commitment.kept"]
    assert case.deadlines.get(rule="commitment_due").state == "stopped"


def test_done_before_the_sweep_but_too_late_is_broken_all_the_same(case, ana):
    promise = make_promise(case, "Un appel", FRIDAY, by=ana)
    with at(28, 10):
        keep_promise(promise, by=ana)
    assert promise.state == "broken"


def test_a_withdrawn_complaint_breaks_no_promise(case, ana):
    from apaise.intake.cases.ending import withdraw

    make_promise(case, "Un appel", FRIDAY, by=ana)
    withdraw(case, by=case.complainant)
    with at(28, 9), nothing_changed():
        assert break_overdue(clock.now()) == 0


@pytest.mark.parametrize(("text", "day", "why"), [("  ", FRIDAY, "what was promised"), ("Un appel", date(2026, 11, 24), "later than now")])  # fmt: skip
def test_a_promise_needs_words_and_a_day_to_come(text, day, why, case, ana):
    with refused(Refused, match=why):
        make_promise(case, text, day, by=ana)


def test_only_who_may_write_to_the_customer_promises(case, bo, eve, staff, ana):
    auditor = staff("auditor")
    for nobody in (bo, eve, auditor):
        with refused(Refused):
            make_promise(case, "Un appel", FRIDAY, by=nobody)
    promise = make_promise(case, "Un appel", FRIDAY, by=ana)
    for nobody in (eve, auditor):
        with refused(Refused):
            keep_promise(promise, by=nobody)
