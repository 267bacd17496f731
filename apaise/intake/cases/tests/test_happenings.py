"""Dated facts that somebody brings: the clocks follow the date told, whenever it is told and however often."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from apaise.ground.ledger.models import Entry
from apaise.ground.packs.load import load_shipped_packs
from apaise.intake.cases import deadlines, happenings
from apaise.intake.cases.happening import NAMES, Happening
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case
from apaise.lib import clock
from tests.nothing_changed import nothing_changed, refused

pytestmark = pytest.mark.django_db


def evening(year, month, day):
    """The last second of a winter day in Paris."""
    return datetime(year, month, day, 22, 59, 59, tzinfo=UTC)


def of(case, rule):
    return case.deadlines.get(rule=rule)


def same_after_rebuilding(case):
    before = list(case.deadlines.order_by("rule").values())
    deadlines.rebuild(Case.objects.get(pk=case.pk))
    after = list(case.deadlines.order_by("rule").values())
    return [{**one, "id": 0} for one in before] == [{**one, "id": 0} for one in after]


@pytest.fixture
def case(complain, noon):
    return complain(kind="consumer")


def test_a_clock_runs_from_the_day_told_not_from_the_day_it_was_typed(case, ana):
    happenings.tell(case, "withdrawal.notified", on=date(2026, 11, 16), by=ana, amount=Decimal("49.90"))
    assert of(case, "withdrawal_refund").due_at == evening(2026, 11, 30)  # 14 days
    said = Entry.objects.of(case.reference).get(what="withdrawal.notified")
    assert (said.facts["on"], said.facts["day"], said.facts["sum"]) == (
        "2026-11-15T23:00:00+00:00",
        True,
        "49.90",
    )
    assert same_after_rebuilding(case)


def test_a_refund_made_in_time_and_told_late_was_in_time(case, ana):
    happenings.tell(case, "withdrawal.notified", on=date(2026, 11, 2), by=ana)
    assert of(case, "withdrawal_refund").due_at < clock.now()
    happenings.tell(case, "refund.executed", on=date(2026, 11, 13), by=ana)
    refund = of(case, "withdrawal_refund")
    assert (refund.state, refund.was_kept) == ("stopped", True)
    assert same_after_rebuilding(case)


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2), (2, 0, 1)])
def test_the_order_of_telling_does_not_matter(case, ana, order):
    told = [
        ("withdrawal.notified", date(2026, 11, 2)),
        ("goods.proof_of_shipping", date(2026, 11, 20)),
        ("refund.executed", date(2026, 11, 21)),
    ]
    for number in order:
        word, on = told[number]
        happenings.tell(case, word, on=on, by=ana)
    refund = of(case, "withdrawal_refund")
    # Due on the 16th, put off until the customer's proof that the goods were sent: the refund was a day late.
    assert (refund.due_at, refund.state) == (evening(2026, 11, 20), "stopped")
    assert refund.stopped_at == datetime(2026, 11, 20, 23, tzinfo=UTC)
    assert not refund.was_kept
    assert same_after_rebuilding(case)


def test_who_offered_to_fetch_the_goods_may_not_wait_for_them(case, ana):
    happenings.tell(case, "withdrawal.notified", on=date(2026, 11, 16), by=ana)
    happenings.tell(case, "goods.returned", on=date(2026, 11, 24), by=ana, offered_to_collect=True)
    assert of(case, "withdrawal_refund").deferred_to is None


def test_a_refund_of_before_pays_nothing_owed_later(case, ana):
    happenings.tell(case, "refund.executed", on=date(2026, 11, 3), by=ana)
    happenings.tell(case, "withdrawal.notified", on=date(2026, 11, 16), by=ana)
    assert of(case, "withdrawal_refund").state == "running"
    assert same_after_rebuilding(case)


def test_a_date_told_again_replaces_the_first_and_both_stay_in_the_record(case, ana):
    happenings.tell(case, "withdrawal.notified", on=date(2026, 11, 16), by=ana)
    happenings.tell(case, "withdrawal.notified", on=date(2026, 11, 18), by=ana)
    assert of(case, "withdrawal_refund").due_at == evening(2026, 12, 2)
    assert [one.on_at.day for one in Happening.objects.filter(case=case)] == [15, 17]  # midnight in Paris
    assert [str(one.on_at.date()) for one in happenings.told_of(case)] == ["2026-11-17"]
    changed = Entry.objects.of(case.reference).filter(what="deadline.changed").last()
    assert (changed.facts["rule"], changed.facts["why"]) == ("withdrawal_refund", "told_again")
    assert same_after_rebuilding(case)


def test_what_never_happened_leaves_no_clock_behind(case, ana):
    made = happenings.tell(case, "withdrawal.notified", on=date(2026, 11, 16), by=ana)
    happenings.take_back(made, by=ana)
    assert not case.deadlines.filter(rule="withdrawal_refund").exists()
    with nothing_changed():
        happenings.take_back(made, by=ana)
    assert same_after_rebuilding(case)


def test_a_right_of_the_customer_is_not_shortened_without_an_explicit_yes(case, ana):
    happenings.tell(case, "goods.delivered", on=date(2026, 11, 10), by=ana)
    assert of(case, "conformity_guarantee_window").due_at == evening(2028, 11, 10)
    with refused(Refused, match="would end on .*2028 instead of"):
        happenings.tell(case, "goods.delivered", on=date(2026, 10, 10), by=ana)
    with refused(Refused, match="which runs until"):
        happenings.take_back(happenings.told_of(case)[0], by=ana)
    happenings.tell(case, "goods.delivered", on=date(2026, 10, 10), by=ana, shortens=True)
    assert of(case, "conformity_guarantee_window").due_at.date() == date(2028, 10, 10)
    happenings.tell(case, "goods.delivered", on=date(2026, 11, 12), by=ana)  # longer: nobody needs to agree
    assert same_after_rebuilding(case)


def test_what_makes_no_sense_is_refused_with_what_to_do(case, ana, eve, complain):
    for word, on, why in [
        ("withdrawal.notified", date(2026, 11, 26), "still to come"),
        ("withdrawal.notified", date(1926, 11, 16), "thirty years"),
        ("meter.last_reading", date(2026, 11, 16), "waits for no such fact"),
        ("case.closed", date(2026, 11, 16), "waits for no such fact"),
    ]:
        with refused(Refused, match=why):
            happenings.tell(case, word, on=on, by=ana)
    with refused(Refused, match="positive number"):
        happenings.tell(case, "withdrawal.notified", on=date(2026, 11, 16), by=ana, amount=Decimal("-1"))
    with refused(Refused, match="another team"):
        happenings.tell(case, "withdrawal.notified", on=date(2026, 11, 16), by=eve)


def test_every_deadline_kind_of_every_pack_has_a_word_that_starts_it_and_words_that_end_it():
    """A word the product writes, or a fact that a person can tell."""
    from tests.house.test_ledger_words import LATER

    for pack in load_shipped_packs().values():
        for rule in pack.deadlines.values():
            for word in (rule.trigger, *rule.stop_on):
                assert word in NAMES or word not in LATER, (pack.id, rule.id, word)


def test_an_hour_told_is_kept_to_the_second(case, ana, noon):
    happenings.tell(case, "refund.executed", on=noon - timedelta(minutes=5), by=ana)
    assert happenings.told_of(case)[0].on_at == noon - timedelta(minutes=5)
