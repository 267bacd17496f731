from datetime import date, datetime
from pathlib import Path

import pytest
import yaml

from apaise.lib.working_time import (
    BadTime,
    Calendar,
    Duration,
    Extension,
    NeverDue,
    OutOfRange,
    Pause,
    calendar_named,
    day_or_moment,
    due,
)

FR = calendar_named("fr-metropole")
VECTORS = yaml.safe_load(Path(__file__).with_name("deadline-vectors.yaml").read_text(encoding="utf-8"))[
    "vectors"
]


def when(start, value, unit, **more):
    return due(day_or_moment(start), Duration(value, unit), FR, **more)


def pause(start, end):
    return Pause(day_or_moment(start), end and day_or_moment(end))


def told(answer):
    return [
        f"{span.start:%m-%d %H:%M} {span.end:%m-%d %H:%M} {span.reason}{' counted' * span.counted}"
        for span in answer.explanation()
    ]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["label"])
def test_the_golden_vectors_are_met(vector):
    answer = due(
        day_or_moment(vector["start"]), Duration.from_data(vector["duration"]), FR, roll=vector["roll"]
    )
    assert (answer.due.isoformat(), answer.weekday) == (vector["due"], vector["weekday"])


# ---- the start ----


def test_a_late_evening_in_universal_time_is_the_next_day_in_paris():
    assert when("2026-03-31T22:30:00Z", 1, "calendar_days").due == date(2026, 4, 2)


def test_a_time_without_offset_is_local_and_the_first_of_two_equal_times():
    answer = when("2026-10-25T02:30", 60, "minutes")
    assert answer.start.isoformat() == "2026-10-25T02:30:00+02:00"
    assert answer.due_at.isoformat() == "2026-10-25T02:30:00+01:00"


def test_a_time_that_the_clocks_skip_is_read_as_an_hour_later():
    assert when("2026-03-29T02:30", 0, "minutes").due_at.isoformat() == "2026-03-29T03:30:00+02:00"


# ---- days, months ----


def test_nothing_to_count_is_due_on_the_day_of_the_start_even_a_sunday():
    for unit in ("business_days", "ouvrable_days"):
        assert when("2026-11-22", 0, unit, roll="previous").due == date(2026, 11, 22)


def test_a_saturday_is_ouvrable_and_keeps_its_legal_date_with_a_friday_target():
    answer = when("2026-05-04", 15, "ouvrable_days", roll="previous")
    assert (answer.due, answer.internal_target) == (date(2026, 5, 23), date(2026, 5, 22))
    assert answer.rolled_from is None


def test_rolling_back_never_goes_before_the_start_day():
    answer = when("2026-11-22", 0, "calendar_days", roll="previous")  # a promise for a Sunday
    assert (answer.due, answer.rolled_from) == (date(2026, 11, 22), None)
    assert answer.internal_target == date(2026, 11, 22)


def test_the_day_before_the_roll_is_named():
    answer = when("2026-11-01", 14, "calendar_days", roll="next")
    assert (answer.due, answer.rolled_from) == (date(2026, 11, 16), date(2026, 11, 15))
    assert told(answer) == [
        "11-01 00:00 11-02 00:00 trigger_day",
        "11-02 00:00 11-16 00:00 calendar counted",
        "11-16 00:00 11-16 23:59 rolled",
    ]


def test_the_end_of_a_leap_february_is_kept():
    assert when("2027-08-31", 6, "months").due == date(2028, 2, 29)
    assert when("2028-02-29", 1, "years").due == date(2029, 2, 28)


# ---- hours, minutes ----


def test_time_used_up_at_closing_ends_at_closing():
    answer = when("2026-11-20T16:00", 2, "business_hours")
    assert answer.due_at.isoformat() == "2026-11-20T18:00:00+01:00"


@pytest.mark.parametrize("start", ["2026-11-20T18:00", "2026-11-21T12:00", "2026-11-22", "2026-11-23T07:00"])
def test_a_start_outside_opening_hours_begins_at_the_next_opening(start):
    assert when(start, 1, "business_hours").due_at.isoformat() == "2026-11-23T10:00:00+01:00"
    assert when(start, 0, "business_hours").due_at.isoformat() == "2026-11-23T09:00:00+01:00"


def test_minutes_run_through_a_clock_change():
    assert when("2026-03-29T01:30", 60, "minutes").due_at.isoformat() == "2026-03-29T03:30:00+02:00"


def test_opening_hours_that_span_a_clock_change_are_as_long_as_they_are():
    sundays = Calendar("Europe/Paris", "fr-metropole", "01:00", "05:00", business_weekdays=frozenset({6}))
    answer = due(date(2026, 3, 29), Duration(4, "business_hours"), sundays)
    assert answer.due_at.isoformat() == "2026-04-05T02:00:00+02:00"  # 3 hours on the 29th, one a week later


def test_what_is_closed_is_told_with_the_holiday_that_closed_it():
    answer = when("2026-11-10T17:00", 2, "business_hours")
    assert told(answer) == [
        "11-10 17:00 11-10 18:00 worked counted",
        "11-10 18:00 11-12 09:00 closed",
        "11-12 09:00 11-12 10:00 worked counted",
    ]
    assert answer.explanation()[1].label == "armistice_1918"


# ---- pauses ----


def test_paused_days_are_not_counted():
    answer = when("2026-11-02", 5, "business_days", pauses=[pause("2026-11-04", "2026-11-06")])
    assert answer.due == date(2026, 11, 12)
    assert told(answer)[2] == "11-04 00:00 11-06 00:00 paused"


def test_two_pauses_that_touch_cover_a_day_together():
    halves = [pause("2026-11-04T12:00", "2026-11-05"), pause("2026-11-04", "2026-11-04T12:00")]
    assert when("2026-11-02", 2, "business_days", pauses=halves).due == date(2026, 11, 5)
    assert when("2026-11-02", 2, "business_days", pauses=halves[:1]).due == date(2026, 11, 4)


def test_a_pause_of_23_hours_covers_the_day_on_which_clocks_go_forward():
    shortest = [pause("2026-03-28T23:00Z", "2026-03-29T22:00Z")]
    assert when("2026-03-27", 3, "calendar_days", pauses=shortest).due == date(2026, 3, 31)
    autumn = [pause("2026-10-24T22:00Z", "2026-10-25T22:00Z")]  # 24 hours of a day of 25
    assert when("2026-10-23", 3, "calendar_days", pauses=autumn).due == date(2026, 10, 26)


def test_months_move_by_the_paused_days_and_then_roll():
    # 15 December + 4 paused days = Saturday 19; the pause from the 17th holds it three days more, to the 22nd.
    stops = [pause("2026-11-20", "2026-11-24"), pause("2026-12-17", "2026-12-20")]
    answer = when("2026-11-15", 1, "months", roll="previous", pauses=stops)
    assert answer.due == date(2026, 12, 22)


def test_the_day_of_the_start_neither_pauses_nor_uses_the_cap():
    stops = [pause("2026-10-01", "2026-11-05")]
    answer = when("2026-11-02", 3, "business_days", pauses=stops, max_pause=Duration(2, "calendar_days"))
    assert answer.due == date(2026, 11, 9)  # 3 and 4 paused; 5, 6, 9 counted


def test_a_cap_counts_weekends_over_all_pauses_in_the_order_of_time():
    stops = [pause("2026-11-16", "2026-11-18"), pause("2026-11-06", "2026-11-10")]  # 6 to 9, then 16 and 17
    answer = when("2026-11-02", 10, "business_days", pauses=stops, max_pause=Duration(5, "calendar_days"))
    assert answer.due == date(2026, 11, 20)  # 6, (7, 8,) 9 and 16 stand still, 17 no more


def test_hours_lose_the_exact_interval_and_know_no_cap():
    stops = [pause("2026-11-20T10:00", "2026-11-20T11:30")]
    answer = when(
        "2026-11-20T09:00", 2, "business_hours", pauses=stops, max_pause=Duration(0, "calendar_days")
    )
    assert answer.due_at.isoformat() == "2026-11-20T12:30:00+01:00"
    assert told(answer)[1] == "11-20 10:00 11-20 11:30 paused"
    answer = when("2026-11-20T09:00", 90, "minutes", pauses=stops)
    assert answer.due_at.isoformat() == "2026-11-20T12:00:00+01:00"


@pytest.mark.parametrize("unit", ["business_days", "calendar_days", "months", "business_hours", "minutes"])
def test_an_open_pause_without_cap_is_never_due(unit):
    with pytest.raises(NeverDue, match="still open"):
        when("2026-11-02", 5, unit, pauses=[pause("2026-11-02", None)])


def test_an_open_pause_with_a_cap_is_due_after_it():
    answer = when(
        "2026-11-02",
        1,
        "calendar_days",
        pauses=[pause("2026-11-02", None)],
        max_pause=Duration(15, "calendar_days"),
    )
    assert answer.due == date(2026, 11, 18)


def test_an_open_pause_after_the_due_day_changes_nothing():
    assert when("2026-11-02", 1, "months", pauses=[pause("2026-12-03", None)]).due == date(2026, 12, 2)


def test_a_pause_that_ends_before_it_begins_is_refused():
    with pytest.raises(BadTime, match="exchange its two ends"):
        when("2026-11-02", 1, "months", pauses=[pause("2026-12-03", "2026-12-01")])


# ---- extensions ----


def test_the_same_unit_is_added_and_counted_once_from_the_start():
    extension = Extension(adds=Duration(2, "months"))
    assert when("2026-11-30", 1, "months", extension=extension).due == date(2027, 2, 28)


def test_another_unit_counts_from_the_rolled_day_and_rolls_again():
    extension = Extension(adds=Duration(1, "months"))
    answer = when("2026-11-01", 14, "calendar_days", roll="next", extension=extension)
    assert answer.due == date(2026, 12, 16)  # a month after Monday 16, not after Sunday 15
    assert told(answer)[1:4] == [
        "11-02 00:00 11-16 00:00 calendar counted",
        "11-16 00:00 11-17 00:00 rolled",
        "11-17 00:00 12-16 23:59 calendar counted",
    ]


def test_a_replacing_duration_counts_from_the_same_start():
    extension = Extension(to=Duration(35, "ouvrable_days"))
    answer = when("2026-11-02", 15, "ouvrable_days", roll="previous", extension=extension)
    assert answer.due == date(2026, 12, 14)


def test_deferring_takes_the_later_day_before_the_roll():
    until = Extension(defer_until=date(2026, 11, 22))
    answer = when("2026-11-01", 14, "calendar_days", roll="previous", extension=until)
    assert (answer.due, answer.rolled_from) == (date(2026, 11, 20), date(2026, 11, 22))
    assert when(
        "2026-11-01", 14, "calendar_days", extension=Extension(defer_until=date(2026, 11, 3))
    ).due == date(2026, 11, 15)
    deferred = when(
        "2026-11-02T10:00", 2, "business_hours", extension=Extension(defer_until=date(2026, 11, 4))
    )
    assert deferred.due_at.isoformat() == "2026-11-04T23:59:59+01:00"


# ---- limits ----


@pytest.mark.parametrize("value", [10_000, 10**6, 10**30])
@pytest.mark.parametrize(
    "unit", ["years", "months", "weeks", "calendar_days", "business_days", "business_hours", "minutes"]
)
def test_a_date_beyond_the_year_9999_is_out_of_range(unit, value):
    with pytest.raises(OutOfRange):
        when("9999-12-30T10:00", value, unit)


def test_the_last_day_there_is_can_be_due():
    assert when("9999-12-01", 30, "calendar_days", roll="previous").due == date(9999, 12, 31)
    with pytest.raises(OutOfRange):
        when("0001-01-01", 1, "calendar_days")


@pytest.mark.parametrize("value", [-1, True, 1.5, "2", None])
def test_a_duration_is_a_whole_number(value):
    with pytest.raises(BadTime, match="whole number"):
        Duration.from_data({"value": value, "unit": "months"})


@pytest.mark.parametrize(
    "text", ["", "2026-02-30", "20261120", "2026-W01-1", "2026-11-20T25:00", None, 5, "tomorrow"]
)
def test_what_is_no_day_is_refused(text):
    with pytest.raises(BadTime, match="is no day or moment"):
        day_or_moment(text)


def test_a_moment_may_come_with_any_offset():
    assert when(datetime.fromisoformat("2026-11-20T23:30:00-05:00").isoformat(), 0, "years").due == date(
        2026, 11, 21
    )
