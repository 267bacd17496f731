from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from apaise.lib.working_time import Duration, Extension, Pause, calendar_named, due

from . import slow_count as slow

FR = calendar_named("fr-metropole")
starts = st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31)).map(
    lambda at: at.replace(minute=at.minute // 15 * 15, second=0, microsecond=0, tzinfo=UTC)
)
around_clock_changes = st.sampled_from(
    [datetime(2026, 3, 27, tzinfo=UTC), datetime(2026, 10, 23, tzinfo=UTC), datetime(2027, 3, 26, tzinfo=UTC)]
).flatmap(lambda day: st.integers(0, 96 * 4).map(lambda n: day + timedelta(minutes=15 * n)))
any_start = starts | around_clock_changes
rolls = st.sampled_from(["none", "next", "previous"])
day_units = st.sampled_from(["business_days", "ouvrable_days", "calendar_days", "weeks", "months", "years"])
MOST = {"business_days": 40, "ouvrable_days": 40, "calendar_days": 90, "weeks": 10, "months": 5, "years": 1}


@st.composite
def pauses_near(draw, start):
    """Up to four pauses, on local midnights half of the time: only those cover whole days."""
    pauses = []
    for _ in range(draw(st.integers(0, 4))):
        begin = start + timedelta(minutes=15 * draw(st.integers(-400, 4000)))
        end = begin + timedelta(minutes=15 * draw(st.integers(0, 900)))
        if draw(st.booleans()):
            begin, end = (
                FR.midnight(each.astimezone(FR.zone).toordinal()).astimezone(UTC) for each in (begin, end)
            )
        pauses.append((begin, end))
    return pauses


def as_pauses(pairs):
    return [Pause(begin, end) for begin, end in pairs]


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_day_units_agree_with_counting_one_day_at_a_time(data):
    start, unit, roll = data.draw(any_start), data.draw(day_units), data.draw(rolls)
    value = data.draw(st.integers(0, MOST[unit]))
    pauses, cap = data.draw(pauses_near(start)), data.draw(st.none() | st.integers(0, 20))
    max_pause = None if cap is None else Duration(cap, "calendar_days")
    found = due(start, Duration(value, unit), FR, roll=roll, pauses=as_pauses(pauses), max_pause=max_pause)
    expected = slow.slow_due_day(slow.local_day(start), value, unit, roll, pauses, cap)
    assert found.due == expected
    assert found.due_at.isoformat()[:19] == f"{expected}T23:59:59"


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_business_hours_agree_with_counting_one_minute_at_a_time(data):
    start, hours = data.draw(any_start), data.draw(st.integers(0, 30))
    pauses = data.draw(pauses_near(start))
    found = due(start, Duration(hours, "business_hours"), FR, pauses=as_pauses(pauses))
    assert found.due_at == slow.slow_end_of_hours(start, hours, pauses)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_minutes_agree_with_counting_one_minute_at_a_time(data):
    start, minutes = data.draw(any_start), data.draw(st.integers(0, 3000))
    pauses = data.draw(pauses_near(start))
    found = due(start, Duration(minutes, "minutes"), FR, pauses=as_pauses(pauses))
    assert found.due_at == slow.slow_end_of_minutes(start, minutes, pauses)


@st.composite
def questions(draw):
    start = draw(any_start)
    unit = draw(day_units | st.sampled_from(["business_hours", "minutes"]))
    duration = Duration(draw(st.integers(0, MOST.get(unit, 60))), unit)
    more = draw(
        st.none() | st.builds(Duration, st.integers(0, 12), day_units | st.sampled_from(["business_hours"]))
    )
    until = draw(st.none() | st.dates(date(2026, 1, 1), date(2028, 12, 31)))
    return {
        "start": start,
        "duration": duration,
        "calendar": FR,
        "roll": draw(rolls),
        "pauses": as_pauses(draw(pauses_near(start))),
        "max_pause": draw(st.none() | st.builds(Duration, st.integers(0, 20), st.just("calendar_days"))),
        "extension": Extension(adds=more, defer_until=until),
    }


@settings(max_examples=300, deadline=None)
@given(questions())
def test_the_explanation_runs_without_a_gap_from_the_start_to_the_due_moment(question):
    answer = due(**question)
    spans = answer.explanation()
    assert spans[0].start == question["start"]
    assert spans[-1].end == answer.due_at
    for span, following in pairwise(spans):
        assert span.end == following.start
        assert span.start < span.end
        assert span[2:] != following[2:]


@settings(max_examples=200, deadline=None)
@given(questions())
def test_the_internal_target_is_a_business_day_not_after_the_due_day(question):
    answer = due(**question)
    first = slow.local_day(question["start"])
    target = answer.internal_target
    assert first <= target <= answer.due
    between = [target + timedelta(n) for n in range(1, (answer.due - target).days + 1)]
    assert not any(map(slow.is_business, between))
    assert slow.is_business(target) or target == answer.due


@settings(max_examples=200, deadline=None)
@given(questions(), st.data())
def test_one_pause_more_never_brings_a_date_forward(question, data):
    question["max_pause"] = (
        None  # under a cap an early pause may use up what a longer, later one would have had
    )
    more = as_pauses(data.draw(pauses_near(question["start"])))
    paused_more = due(**question | {"pauses": [*question["pauses"], *more]})
    assert paused_more.due_at >= due(**question).due_at


@settings(max_examples=200, deadline=None)
@given(questions())
def test_a_cap_never_makes_a_date_later(question):
    assert due(**question).due_at <= due(**question | {"max_pause": None}).due_at


@settings(max_examples=200, deadline=None)
@given(questions())
def test_worked_spans_add_up_to_what_was_asked(question):
    question["extension"] = None
    answer = due(**question)
    worked = [span for span in answer.explanation() if span.reason == "worked"]
    if question["duration"].unit == "business_hours":
        total = sum((span.end.astimezone(UTC) - span.start.astimezone(UTC) for span in worked), timedelta())
        assert total == timedelta(hours=question["duration"].value)
    if question["duration"].unit in ("business_days", "ouvrable_days"):
        days = sum((span.end + timedelta(seconds=1)).toordinal() - span.start.toordinal() for span in worked)
        assert days == question["duration"].value
