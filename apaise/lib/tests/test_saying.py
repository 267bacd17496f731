"""What people read about time and money, to the character. ~ stands for U+00A0 and ^ for U+202F below."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from apaise.lib import saying

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 24, 14, 6, tzinfo=PARIS)  # a Tuesday


def spaced(text: str) -> str:
    return text.replace("~", "\u00a0").replace("^", "\u202f")


def paris(*parts: int, fold: int = 0) -> datetime:
    return datetime(*parts, tzinfo=PARIS, fold=fold)


@pytest.mark.parametrize(
    ("options", "fr", "en"),
    [
        ({}, "4~décembre 2026", "4~December 2026"),
        ({"weekday": True}, "vendredi 4~décembre 2026", "Friday 4~December 2026"),
        ({"weekday": True, "year": False}, "vendredi 4~décembre", "Friday 4~December"),
        ({"short": True}, "4~déc. 2026", "4~Dec 2026"),
        ({"short": True, "weekday": True, "year": False}, "ven. 4~déc.", "Fri 4~Dec"),
    ],
)
def test_a_day(options, fr, en):
    assert saying.day(date(2026, 12, 4), "fr", **options) == spaced(fr)
    assert saying.day(date(2026, 12, 4), "en", **options) == spaced(en)


def test_the_first_of_a_month_is_1er_in_french_only():
    assert saying.day(date(2027, 2, 1), "fr") == spaced("1er~février 2027")
    assert saying.day(date(2027, 2, 1), "en") == spaced("1~February 2027")


@pytest.mark.parametrize(
    ("at", "fr", "en", "promised"),
    [
        (paris(2026, 11, 24, 14, 6), "14~h~06", "14:06", "2:06~pm"),
        (paris(2026, 11, 24, 18, 0), "18~h", "18:00", "6~pm"),
        (paris(2026, 11, 24, 0, 0), "0~h", "00:00", "midnight"),
        (paris(2026, 11, 24, 12, 0), "12~h", "12:00", "noon"),
        (paris(2026, 11, 24, 0, 30), "0~h~30", "00:30", "12:30~am"),
        (datetime(2026, 7, 14, 16, 0, tzinfo=UTC), "18~h", "18:00", "6~pm"),
    ],
)
def test_a_time_of_day_in_the_readers_zone(at, fr, en, promised):
    assert saying.clock(at, "fr", PARIS) == spaced(fr)
    assert saying.hour(at, "fr", PARIS) == spaced(fr)
    assert saying.clock(at, "en", PARIS) == en
    assert saying.hour(at, "en", PARIS) == spaced(promised)


@pytest.mark.parametrize(
    ("at", "fr", "en"),
    [
        (paris(2026, 11, 24, 9, 12), "aujourd’hui, 9~h~12", "today, 09:12"),
        (paris(2026, 11, 23, 23, 59), "hier, 23~h~59", "yesterday, 23:59"),
        (paris(2026, 11, 25, 8, 0), "demain, 8~h", "tomorrow, 08:00"),
        (paris(2026, 11, 20, 21, 47), "ven. 20~nov., 21~h~47", "Fri 20~Nov, 21:47"),
        (paris(2025, 12, 31, 10, 5), "31~déc. 2025, 10~h~05", "31~Dec 2025, 10:05"),
    ],
)
def test_a_recorded_moment_as_near_as_it_is(at, fr, en):
    assert saying.moment(at, "fr", PARIS, NOW) == spaced(fr)
    assert saying.moment(at, "en", PARIS, NOW) == spaced(en)


def test_a_recorded_moment_alone_is_whole():
    at = datetime(2026, 11, 20, 20, 47, tzinfo=UTC)
    assert saying.moment(at, "fr", PARIS) == spaced("20~nov. 2026, 21~h~47")
    assert saying.moment(at, "en", PARIS) == spaced("20~Nov 2026, 21:47")


@pytest.mark.parametrize(
    ("due", "fr", "en"),
    [
        (NOW, "maintenant", "now"),
        (NOW + timedelta(seconds=59), "maintenant", "now"),
        (NOW + timedelta(minutes=50, seconds=59), "dans 50~min", "in 50~min"),
        (NOW + timedelta(hours=1, minutes=54), "dans 1~h~54", "in 1~h~54"),
        (NOW + timedelta(hours=3), "dans 3~h", "in 3~h"),
        (NOW + timedelta(hours=3, minutes=59, seconds=59), "dans 3~h~59", "in 3~h~59"),
        (paris(2026, 11, 24, 18, 6), "aujourd’hui, 18~h~06", "today, 6:06~pm"),
        (paris(2026, 11, 24, 23, 59), "aujourd’hui, 23~h~59", "today, 11:59~pm"),
        (paris(2026, 11, 25, 18, 0), "demain, 18~h", "tomorrow, 6~pm"),
        (paris(2026, 11, 26, 18, 0), "jeudi, 18~h", "Thursday, 6~pm"),
        (paris(2026, 11, 30, 12, 0), "lundi, 12~h", "Monday, noon"),
        (paris(2026, 12, 1, 9, 0), "le 1er~déc.", "on 1~Dec"),
        (paris(2026, 12, 4, 18, 0), "le 4~déc.", "on 4~Dec"),
        (paris(2027, 1, 20, 18, 0), "le 20~janv. 2027", "on 20~Jan 2027"),
        (NOW - timedelta(seconds=20), "retard 1~min", "1~min late"),
        (NOW - timedelta(minutes=50), "retard 50~min", "50~min late"),
        (NOW - timedelta(hours=3, minutes=40), "retard 3~h", "3~h late"),
        (NOW - timedelta(hours=25), "retard 1~jour", "1~day late"),
        (NOW - timedelta(days=6), "retard 6~jours", "6~days late"),
    ],
)
def test_what_is_due_in_words(due, fr, en):
    assert saying.relative_due(due, NOW, "fr", PARIS) == spaced(fr)
    assert saying.relative_due(due, NOW, "en", PARIS) == spaced(en)


@pytest.mark.parametrize(
    ("now", "due", "fr", "en"),
    [
        # 25 October 2026: the hour from 2 to 3 happens twice; 29 March 2026: it does not happen.
        (paris(2026, 10, 25, 1, 30), paris(2026, 10, 25, 3, 30), "dans 3~h", "in 3~h"),
        (paris(2026, 10, 25, 2, 30), paris(2026, 10, 25, 2, 30, fold=1), "dans 1~h", "in 1~h"),
        (paris(2026, 10, 24, 20, 0), paris(2026, 10, 25, 18, 0), "demain, 18~h", "tomorrow, 6~pm"),
        (paris(2026, 3, 29, 1, 30), paris(2026, 3, 29, 3, 30), "dans 1~h", "in 1~h"),
        (paris(2026, 3, 28, 20, 0), paris(2026, 3, 29, 18, 0), "demain, 18~h", "tomorrow, 6~pm"),
        (paris(2026, 10, 25, 3, 30), paris(2026, 10, 25, 1, 30), "retard 3~h", "3~h late"),
        (paris(2026, 3, 29, 3, 30), paris(2026, 3, 29, 1, 30), "retard 1~h", "1~h late"),
    ],
)
def test_lengths_are_real_time_when_the_clocks_change(now, due, fr, en):
    now, due = now.astimezone(UTC), due.astimezone(UTC)
    assert saying.relative_due(due, now, "fr", PARIS) == spaced(fr)
    assert saying.relative_due(due, now, "en", PARIS) == spaced(en)


def test_two_moments_given_in_one_zone_are_still_compared_in_real_time():
    before, after = paris(2026, 10, 25, 1, 30), paris(2026, 10, 25, 3, 30)
    assert saying.relative_due(after, before, "fr", PARIS) == spaced("dans 3~h")
    assert saying.ago(before, after, "fr", PARIS) == spaced("il y a 3~h")


@pytest.mark.parametrize(
    ("then", "fr", "en"),
    [
        (NOW - timedelta(seconds=30), "à l’instant", "just now"),
        (NOW + timedelta(seconds=30), "à l’instant", "just now"),
        (NOW - timedelta(minutes=5), "il y a 5~min", "5~min ago"),
        (NOW - timedelta(hours=3), "il y a 3~h", "3~h ago"),
        (paris(2026, 11, 23, 20, 0), "hier", "yesterday"),
        (paris(2026, 11, 21, 20, 0), "il y a 3~jours", "3~days ago"),
        (paris(2026, 9, 1, 20, 0), "le 1er~sept. 2026", "on 1~Sep 2026"),
    ],
)
def test_how_long_ago(then, fr, en):
    assert saying.ago(then, NOW, "fr", PARIS) == spaced(fr)
    assert saying.ago(then, NOW, "en", PARIS) == spaced(en)


def test_last_night_is_hours_ago_while_it_is_near():
    assert saying.ago(paris(2026, 11, 23, 23, 30), paris(2026, 11, 24, 1, 45), "fr", PARIS) == spaced(
        "il y a 2~h"
    )


@pytest.mark.parametrize(
    ("then", "fr", "en"),
    [
        (NOW - timedelta(minutes=5), "depuis 5~min", "for 5~min"),
        (NOW - timedelta(hours=3), "depuis 3~h", "for 3~h"),
        (paris(2026, 11, 2, 9, 0), "depuis 22~jours", "for 22~days"),
        (paris(2026, 11, 22, 20, 0), "depuis 2~jours", "for 2~days"),
    ],
)
def test_for_how_long(then, fr, en):
    assert saying.since(then, NOW, "fr", PARIS) == spaced(fr)
    assert saying.since(then, NOW, "en", PARIS) == spaced(en)


@pytest.mark.parametrize(
    ("length", "fr", "en"),
    [
        (timedelta(seconds=-5), "0~s", "0~s"),
        (timedelta(seconds=18), "18~s", "18~s"),
        (timedelta(minutes=50, seconds=59), "50~min", "50~min"),
        (timedelta(hours=2), "2~h", "2~h"),
        (timedelta(hours=2, minutes=5), "2~h~05", "2~h~05"),
        (timedelta(days=1), "1~jour", "1~day"),
        (timedelta(days=6, hours=4), "6~jours 4~h", "6~days 4~h"),
        (timedelta(days=57, hours=4), "57~jours", "57~days"),
    ],
)
def test_a_length(length, fr, en):
    assert saying.duration(length, "fr") == spaced(fr)
    assert saying.duration(length, "en") == spaced(en)


@pytest.mark.parametrize(
    ("value", "decimals", "fr", "en"),
    [
        (1240, None, "1^240", "1,240"),
        (33261, None, "33^261", "33,261"),
        (Decimal("4.2"), None, "4,2", "4.2"),
        (Decimal("2.25"), 1, "2,3", "2.3"),
        (-3, None, "−3", "−3"),
        (0, None, "0", "0"),
    ],
)
def test_a_number(value, decimals, fr, en):
    assert saying.number(value, "fr", decimals) == spaced(fr)
    assert saying.number(value, "en", decimals) == en


def test_a_share():
    assert saying.percent(Decimal("0.714"), "fr") == spaced("71~%")
    assert saying.percent(0.061, "fr", 1) == spaced("6,1~%")
    assert saying.percent(0.714, "en") == "71%"


@pytest.mark.parametrize(
    ("amount", "currency", "fr", "en"),
    [
        (Decimal("38.90"), "EUR", "38,90~€", "€38.90"),
        (Decimal("1240.00"), "EUR", "1^240~€", "€1,240"),
        (Decimal("14820.5"), "eur", "14^820,50~€", "€14,820.50"),
        (Decimal("-77.80"), "EUR", "−77,80~€", "−€77.80"),
        (Decimal("0"), "EUR", "0~€", "€0"),
        (Decimal("12.345"), "EUR", "12,35~€", "€12.35"),
        (Decimal("20"), "USD", "20~USD", "$20"),
        (Decimal("9.99"), "GBP", "9,99~£", "£9.99"),
        (Decimal("12.50"), "CHF", "12,50~CHF", "CHF~12.50"),
        (Decimal("6500"), "XOF", "6^500~XOF", "XOF~6,500"),
        (Decimal("1.250"), "TND", "1,250~TND", "TND~1.250"),
    ],
)
def test_an_amount(amount, currency, fr, en):
    assert saying.money(amount, currency, "fr") == spaced(fr)
    assert saying.money(amount, currency, "en") == spaced(en)


@pytest.mark.parametrize(
    ("size", "fr", "en"),
    [
        (0, "0~octet", "0~bytes"),
        (1, "1~octet", "1~byte"),
        (512, "512~octets", "512~bytes"),
        (188_000, "188~ko", "188~kB"),
        (999_950, "1~Mo", "1~MB"),
        (1_440_000, "1,4~Mo", "1.4~MB"),
        (25_000_000, "25~Mo", "25~MB"),
        (3_200_000_000, "3,2~Go", "3.2~GB"),
    ],
)
def test_a_file_size(size, fr, en):
    assert saying.file_size(size, "fr") == spaced(fr)
    assert saying.file_size(size, "en") == spaced(en)


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Inès Carlier", "IC"),
        ("Clinique des Tilleuls", "CT"),
        ("Facturation", "FA"),
        ("Jean-Paul Martin", "JM"),
        ("Élodie d’Aubigné", "ÉA"),
        ("Ludwig van Beethoven", "LB"),
        ("  ", "?"),
    ],
)
def test_initials(name, letters):
    assert saying.initials(name) == letters


@pytest.mark.parametrize(
    ("stored", "read"),
    [
        ("0639981452", "06 39 98 14 52"),
        ("+33639981452", "+33 6 39 98 14 52"),
        ("+441632960961", "+441632960961"),
        ("3949", "3949"),
    ],
)
def test_phone_numbers_are_read_in_pairs(stored, read):
    assert saying.phone(stored) == read.replace(" ", "\u00a0")
