"""What a lead's day counts: late, at risk, due today, waiting for a word, promised, perhaps not arrived."""

from datetime import timedelta

import pytest

from apaise.handling.routing.assignment import assign
from apaise.intake.cases import watch
from apaise.intake.cases.exclusion import keep_apart
from apaise.intake.cases.message import Message
from apaise.intake.cases.models import Case, Deadline
from apaise.intake.cases.promises import keep_promise, make_promise
from apaise.lib import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def due(complain, noon):
    """A case whose nearest date is so many hours from noon."""
    numbers = iter(range(99))

    def make(hours, handler=None, criticality=""):
        case = complain(email=f"d{next(numbers)}@courriel.exemple.test")
        Case.objects.filter(pk=case.pk).update(
            next_due_at=noon + timedelta(hours=hours),
            next_due_rule="reply_target",
            handler=handler,
            criticality=criticality,
        )
        return case

    return make


def _all(user):
    return Case.objects.visible_to(user)


def test_at_risk_is_what_falls_from_now_on_and_before_four_hours(due, ana, noon):
    due(-1), due(4), due(26)
    now, last = due(0), due(3.99)
    assert set(watch.at_risk(_all(ana), noon)) == {now, last}


def test_due_today_ends_at_the_midnight_of_the_organisation(due, ana, noon):
    due(-1), due(12)  # noon in Paris: midnight is twelve hours away
    before = due(11.99)
    assert list(watch.due_today(_all(ana), noon)) == [before]


def test_each_holder_is_counted_and_nobody_too(due, ana, bo, noon):
    due(-2, ana, "C1"), due(3, ana), due(6, ana, "C2"), due(40, bo), due(1)
    assert watch.held(_all(ana), noon) == {
        ana.pk: watch.Held(open=3, hard=2, late=1, soon=1, today=2, unheard=3),
        bo.pk: watch.Held(open=1, unheard=1),
        None: watch.Held(open=1, soon=1, today=1, unheard=1),
    }


def test_a_case_one_is_kept_apart_from_counts_nowhere(due, ana, mara, cleo, noon):
    case = due(1)
    keep_apart(case, mara, because="account_manager", by=cleo)
    assert watch.held(_all(mara), noon) == {}
    assert not watch.at_risk(_all(mara), noon).exists()
    assert watch.at_risk(_all(ana), noon).exists()


def test_whoever_spoke_last_decides_who_waits_for_a_word(answered, complain, ana, noon):
    answered()
    waiting = complain(email="w@courriel.exemple.test")
    assert list(watch.unheard(_all(ana).open())) == [waiting]


def test_a_promise_of_today_counts_whether_kept_or_not_and_one_of_tomorrow_does_not(complain, ana, noon):
    case = complain()
    assign(case, ana, by=ana)
    kept = make_promise(case, "Un appel", noon.date(), by=ana)
    make_promise(case, "Un courrier", noon.date() + timedelta(days=1), by=ana)
    keep_promise(kept, by=ana)
    assert list(case.promises.filter(watch.promised_today(noon))) == [kept]
    assert list(watch.with_promises(_all(ana), watch.promised_today(noon))) == [case]
    assert not watch.with_promises(_all(ana), watch.BROKEN).exists()


@pytest.mark.parametrize(
    "state, problem, doubt",
    [("uncertain", "", True), ("failed", "", True), ("sent", "no_mailbox", True), ("sent", "", False)],
)
def test_a_mail_that_perhaps_never_arrived_puts_its_case_in_doubt(
    state, problem, doubt, complain, ana, send, noon
):
    from apaise.intake.cases.acknowledgement import acknowledge

    case = complain()
    acknowledge(case)
    send()
    Message.objects.filter(case=case, direction="out").update(state=state, problem=problem)
    assert watch.in_doubt(_all(ana)).exists() is doubt


def test_what_came_back_is_settled_once_another_message_has_arrived(answered, ana, noon):
    case = answered()
    first, *_, last = case.messages.filter(direction="out").exclude(kind="acknowledgement").order_by("pk")
    Message.objects.filter(pk=first.pk).update(problem="no_mailbox")
    assert not watch.in_doubt(_all(ana)).exists()
    Message.objects.filter(pk=last.pk).update(problem="no_mailbox")
    assert list(watch.in_doubt(_all(ana))) == [case]


def test_the_dates_of_the_next_hours_are_all_there_not_only_the_nearest_of_each_case(complain, ana, noon):
    case = complain()
    assign(case, ana, by=ana)
    Deadline.objects.filter(case=case).delete()
    for hours, rule in ((1, "first_contact"), (2, "reply_target"), (5, "progress_update")):
        at = noon + timedelta(hours=hours)
        Deadline.objects.create(case=case, rule=rule, owner="handler", start_at=noon, due_at=at, level="C3")
    found = watch.falling(_all(ana), clock.now(), noon + watch.SOON, 50)
    assert [(one.rule, one.handler_id) for one in found] == [
        ("first_contact", ana.pk),
        ("reply_target", ana.pk),
    ]
