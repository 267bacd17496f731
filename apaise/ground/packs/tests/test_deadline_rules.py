from datetime import date

import pytest

from apaise.ground.packs.deadline_rules import CriticalityNeeded
from apaise.ground.packs.load import load_pack, load_shipped_packs
from apaise.lib.working_time import Duration, Pause, day_or_moment

START = date(2026, 11, 2)


def rule(pack_id, deadline_id):
    return load_pack(pack_id, check=False).deadline(deadline_id)


def due_on(pack_id, deadline_id, start=START, **more):
    pack = load_pack(pack_id, check=False)
    return pack.deadline(deadline_id).due(start, pack.calendar_in(more.pop("region", None)), **more).due


def test_criticality_chooses_the_duration():
    assert due_on("fr-consommation", "reply_target", criticality="C1") == date(2026, 11, 4)
    assert due_on("fr-consommation", "reply_target", criticality="C4") == date(2026, 11, 24)
    with pytest.raises(CriticalityNeeded, match="give one of C1, C2, C3, C4"):
        due_on("fr-consommation", "reply_target")
    with pytest.raises(CriticalityNeeded):
        due_on("fr-consommation", "reply_target", criticality="C9")
    assert due_on("fr-consommation", "ack", criticality="C1") == date(2026, 11, 3)


def test_only_a_deadline_that_may_pause_does():
    stops = [Pause(date(2026, 11, 3), date(2026, 12, 3))]
    assert due_on("fr-consommation", "reply_hard_cap", pauses=stops) == date(
        2026, 12, 31
    )  # 2 January is a Saturday
    # 15 calendar days stand still, 3 to 17 November; then two business days.
    assert due_on("fr-consommation", "reply_target", criticality="C1", pauses=stops) == date(2026, 11, 19)


def test_an_extension_that_replaces():
    assert due_on("fr-banque-assurance", "psp_reply") == date(2026, 11, 20)
    assert due_on("fr-banque-assurance", "psp_reply", extended=True) == date(2026, 12, 14)


def test_an_extension_that_adds():
    assert due_on("fr-consommation", "gdpr_request", extended=True) == date(2027, 2, 2)
    withdrawn = due_on("fr-consommation", "withdrawal_window", date(2026, 11, 1), extended=True)
    assert withdrawn == date(2027, 11, 16)


def test_an_extension_that_names_no_length_changes_nothing():
    assert due_on("fr-consommation", "mediator_outcome", extended=True) == date(2027, 1, 31)


def test_only_a_refund_that_may_be_deferred_is():
    until = date(2026, 11, 25)
    assert due_on("fr-consommation", "withdrawal_refund", defer_until=until) == date(2026, 11, 25)
    assert due_on("fr-consommation", "withdrawal_refund", extended=True) == date(2026, 11, 16)
    assert due_on("fr-consommation", "late_delivery_refund", defer_until=until) == date(2026, 11, 16)


def test_each_pack_counts_in_its_own_calendar():
    assert due_on("fr-consommation", "ack", date(2026, 11, 10)) == date(2026, 11, 12)
    assert due_on("uk-fca", "redress_execution", date(2026, 11, 10)) == date(2026, 11, 24)
    evening = day_or_moment("2026-03-31T22:30:00Z")  # still March in London until 23:00 UTC: 23:30 there
    assert due_on("uk-fca", "fos_window", evening) == date(2026, 9, 30)
    assert due_on("fr-consommation", "gdpr_request", evening) == date(2026, 4, 30)


def test_a_region_adds_its_holidays():
    assert due_on("fr-consommation", "ack", date(2026, 4, 2), region="alsace-moselle") == date(2026, 4, 7)
    assert due_on("uk-fca", "ack", START, region="alsace-moselle") == date(2026, 11, 5)


def test_a_promise_for_a_sunday_is_due_on_that_sunday():
    assert due_on("fr-consommation", "commitment_due", date(2026, 11, 22)) == date(2026, 11, 22)


def test_whether_it_applies_is_known_unknown_or_not():
    window = rule("fr-consommation", "withdrawal_window")
    assert window.applies({"contract.channel": "distance"}).result is True
    assert window.applies({"contract.channel": "store"}).result is False
    assert window.applies({}).result is None
    assert rule("fr-consommation", "ack").applies({}).result is True


def test_every_shipped_deadline_can_be_counted():
    for pack in load_shipped_packs(check=False).values():
        for each in pack.deadlines.values():
            for level in each.duration_by_criticality or (None,):
                found = each.due(START, pack.calendar, criticality=level, extended=True)
                assert found.due >= START
                assert isinstance(each.duration_for(level), Duration)
            assert each.label["fr"] and each.label["en"]
