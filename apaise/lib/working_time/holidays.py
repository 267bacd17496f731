"""Public holidays by rule, for any year: no list to renew each winter.

Sources: C. trav. L3133-1 (France), L3134-13 (Alsace-Moselle), L3422-2 (overseas); Banking and Financial
Dealings Act 1971 and gov.uk (England). Holidays proclaimed for one year alone are not rules and are not here.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from apaise.lib.sayable import either, sayable

from .errors import BadTime

HOLIDAY_SETS: Final = ("fr-metropole", "gb-england")

# region -> (code, month, day) of its own fixed holidays; Alsace-Moselle also keeps Good Friday.
REGIONS: Final[Mapping[str, tuple[tuple[str, int, int], ...]]] = MappingProxyType(
    {
        "alsace-moselle": (("second_christmas_day", 12, 26),),
        "guadeloupe": (("abolition_of_slavery", 5, 27),),
        "martinique": (("abolition_of_slavery", 5, 22),),
        "guyane": (("abolition_of_slavery", 6, 10),),
        "la-reunion": (("abolition_of_slavery", 12, 20),),
        "mayotte": (("abolition_of_slavery", 4, 27),),
    }
)

# code -> (French, English). Explanations carry the code; a page shows the name in its reader's language.
NAMES: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "new_year": ("Jour de l'an", "New Year's Day"),
        "good_friday": ("Vendredi saint", "Good Friday"),
        "easter_monday": ("Lundi de Pâques", "Easter Monday"),
        "labour_day": ("Fête du travail", "Labour Day"),
        "victory_1945": ("Victoire de 1945", "Victory in Europe Day"),
        "ascension": ("Ascension", "Ascension Day"),
        "whit_monday": ("Lundi de Pentecôte", "Whit Monday"),
        "bastille_day": ("Fête nationale", "Bastille Day"),
        "assumption": ("Assomption", "Assumption Day"),
        "all_saints": ("Toussaint", "All Saints' Day"),
        "armistice_1918": ("Armistice de 1918", "Armistice Day"),
        "christmas": ("Noël", "Christmas Day"),
        "second_christmas_day": ("Saint-Étienne", "St Stephen's Day"),
        "abolition_of_slavery": ("Abolition de l'esclavage", "Abolition of slavery"),
        "early_may": ("Premier lundi de mai", "Early May bank holiday"),
        "spring": ("Dernier lundi de mai", "Spring bank holiday"),
        "summer": ("Dernier lundi d'août", "Summer bank holiday"),
        "boxing_day": ("Lendemain de Noël", "Boxing Day"),
    }
)

_FRENCH_FIXED = (
    ("new_year", 1, 1),
    ("labour_day", 5, 1),
    ("victory_1945", 5, 8),
    ("bastille_day", 7, 14),
    ("assumption", 8, 15),
    ("all_saints", 11, 1),
    ("armistice_1918", 11, 11),
    ("christmas", 12, 25),
)


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the anonymous algorithm of 1876)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = b // 4, b % 4
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = c // 4, c % 4
    n = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * n) // 451
    month, day = divmod(h + n - 7 * m + 114, 31)
    return date(year, month, day + 1)


@lru_cache(maxsize=1024)
def holidays(name: str, region: str | None, year: int) -> Mapping[int, str]:
    """The public holidays of a year: proleptic ordinal of the day -> code of its name."""
    if name == "fr-metropole":
        return _french(year, region)
    if name == "gb-england":  # the regions are French: they add nothing here
        return _english(year)
    raise BadTime(
        sayable(
            "There is no holiday set “%(name)s”; use %(known)s.", name=name, known=either([*HOLIDAY_SETS])
        )
    )


def _french(year: int, region: str | None) -> Mapping[int, str]:
    days = {}
    if region is not None:
        days = {date(year, month, day): code for code, month, day in REGIONS[region]}
    sunday = easter(year)
    if region == "alsace-moselle":
        days[sunday - timedelta(2)] = "good_friday"
    days[sunday + timedelta(1)] = "easter_monday"
    days[sunday + timedelta(39)] = "ascension"
    days[sunday + timedelta(50)] = "whit_monday"
    days |= {date(year, month, day): code for code, month, day in _FRENCH_FIXED}
    return MappingProxyType({day.toordinal(): code for day, code in days.items()})


def _english(year: int) -> Mapping[int, str]:
    sunday = easter(year)
    days = {
        sunday - timedelta(2): "good_friday",
        sunday + timedelta(1): "easter_monday",
        _monday_from(date(year, 5, 1)): "early_may",
        _monday_from(date(year, 5, 25)): "spring",
        _monday_from(date(year, 8, 25)): "summer",
    }
    fixed = {date(year, 1, 1): "new_year", date(year, 12, 25): "christmas", date(year, 12, 26): "boxing_day"}
    days |= fixed
    for day, code in fixed.items():
        if day.weekday() >= 5:
            # Christmas on a Sunday steps over Boxing Day, to Tuesday.
            substitute = day
            while substitute.weekday() >= 5 or substitute in days:
                substitute += timedelta(1)
            days[substitute] = code
    return MappingProxyType({day.toordinal(): code for day, code in days.items()})


def _monday_from(day: date) -> date:
    return day + timedelta(-day.weekday() % 7)
