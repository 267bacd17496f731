from datetime import date

import pytest

from apaise.lib.working_time import NAMES, REGIONS, BadTime, Duration, calendar_named, due, easter, holidays

from .slow_count import EASTER


def days(name, year, region=None):
    return {date.fromordinal(day).isoformat()[5:] for day in holidays(name, region, year)}


def test_easter_is_that_of_the_almanac():
    assert {year: easter(year) for year in EASTER} == EASTER
    assert (easter(1818), easter(2000), easter(2285)) == (
        date(1818, 3, 22),
        date(2000, 4, 23),
        date(2285, 3, 22),
    )


def test_france_has_eleven_holidays():
    assert days("fr-metropole", 2026) == {
        *("01-01", "04-06", "05-01", "05-08", "05-14", "05-25"),
        *("07-14", "08-15", "11-01", "11-11", "12-25"),
    }


@pytest.mark.parametrize(
    ("region", "more"),
    [
        ("alsace-moselle", {"04-03", "12-26"}),
        ("mayotte", {"04-27"}),
        ("martinique", {"05-22"}),
        ("guadeloupe", {"05-27"}),
        ("guyane", {"06-10"}),
        ("la-reunion", {"12-20"}),
    ],
)
def test_a_region_adds_its_own_holidays(region, more):
    assert days("fr-metropole", 2026, region) - days("fr-metropole", 2026) == more


def test_england_moves_a_weekend_holiday_to_the_next_free_weekday():
    assert days("gb-england", 2026) == {
        *("01-01", "04-03", "04-06", "05-04", "05-25", "08-31", "12-25", "12-26", "12-28"),
    }
    assert {"12-27", "12-28"} <= days("gb-england", 2027)  # Saturday and Sunday -> Monday and Tuesday
    assert {"12-26", "12-27"} <= days("gb-england", 2022) and "12-28" not in days("gb-england", 2022)
    assert "01-03" in days("gb-england", 2022)


def test_a_french_region_adds_nothing_in_england():
    assert days("gb-england", 2026, "alsace-moselle") == days("gb-england", 2026)


def test_every_holiday_has_a_name_in_both_languages():
    sets = [("fr-metropole", region) for region in (None, *REGIONS)] + [("gb-england", None)]
    codes = {code for name, region in sets for code in holidays(name, region, 2026).values()}
    assert codes == set(NAMES)
    assert all(fr and en for fr, en in NAMES.values())


def test_good_friday_is_worked_in_paris_and_not_in_strasbourg():
    def next_day(region):
        return due(date(2026, 4, 2), Duration(1, "business_days"), calendar_named("fr-metropole", region)).due

    assert (next_day(None), next_day("alsace-moselle")) == (date(2026, 4, 3), date(2026, 4, 7))


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: calendar_named("mars"), "no calendar"),
        (lambda: calendar_named("fr-metropole", "bretagne"), "no region"),
        (lambda: calendar_named("fr-metropole").with_hours("18:00", "09:00"), "end after they begin"),
        (lambda: calendar_named("fr-metropole").with_hours("9", "18:00"), "no hour of the day"),
    ],
)
def test_a_calendar_that_makes_no_sense_is_refused(make, said):
    with pytest.raises(BadTime, match=said):
        make()
