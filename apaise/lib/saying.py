"""Dates, times, lengths and amounts as a person would say them, in French or English.

Pure: the language, the zone and the present moment are always given. Recorded moments are exact
("20 nov. 2026, 21 h 47", "20 Nov 2026, 21:47"); what is still to come is spoken ("demain, 18 h", "tomorrow, 6 pm").
Days are those of the reader's zone; lengths are real time, also on the two days a year when the clocks change.
"""

from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import ROUND_HALF_UP, Decimal

NB = "\u00a0"  # no-break space
THIN = "\u202f"  # narrow no-break space
MINUS = "\u2212"

MONTHS = {
    "fr": (
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ),
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
}
_SHORT_MONTHS = {
    "fr": ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}
WEEKDAYS = {
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_SPOKEN_AS_A_COUNTDOWN = timedelta(hours=4)  # nearer than this, how long is left says more than the hour


def day(on: date, language: str, *, weekday: bool = False, year: bool = True, short: bool = False) -> str:
    """ "4 décembre 2026" / "4 December 2026"; options: "vendredi 4 décembre 2026", "4 décembre", "4 déc. 2026"."""
    fr = _is_french(language)
    months = (_SHORT_MONTHS if short else MONTHS)["fr" if fr else "en"]
    number = "1er" if fr and on.day == 1 else str(on.day)
    said = f"{number}{NB}{months[on.month - 1]}"
    if year:
        said += f" {on.year}"
    if weekday:
        name = WEEKDAYS["fr" if fr else "en"][on.weekday()]
        said = f"{_short_weekday(name, fr) if short else name} {said}"
    return said


def clock(at: datetime, language: str, tz: tzinfo) -> str:
    """The exact time of day: "14 h 06" / "14:06"."""
    local = at.astimezone(tz)
    if _is_french(language):
        return f"{local.hour}{NB}h{NB}{local.minute:02}" if local.minute else f"{local.hour}{NB}h"
    return f"{local.hour:02}:{local.minute:02}"


def hour(at: datetime, language: str, tz: tzinfo) -> str:
    """The time of day as one would promise it: "18 h", "18 h 30" / "6 pm", "6:30 pm", "noon", "midnight"."""
    local = at.astimezone(tz)
    if _is_french(language):
        return clock(at, language, tz)
    if not local.minute and local.hour in (0, 12):
        return "noon" if local.hour else "midnight"
    minutes = f":{local.minute:02}" if local.minute else ""
    return f"{(local.hour - 1) % 12 + 1}{minutes}{NB}{'am' if local.hour < 12 else 'pm'}"


def moment(at: datetime, language: str, tz: tzinfo, now: datetime | None = None) -> str:
    """A recorded moment. Without `now`, always whole: "20 nov. 2026, 21 h 47". With it, as near as it is:
    "aujourd’hui, 9 h 12", "hier, 9 h 12", "ven. 20 nov., 21 h 47", and the year only when it is another one."""
    on, time = at.astimezone(tz).date(), clock(at, language, tz)
    if now is None:
        return f"{day(on, language, short=True)}, {time}"
    today = now.astimezone(tz).date()
    near = {0: ("aujourd’hui", "today"), 1: ("hier", "yesterday"), -1: ("demain", "tomorrow")}.get(
        (today - on).days
    )
    if near:
        return f"{_either(language, *near)}, {time}"
    if on.year == today.year:
        return f"{day(on, language, short=True, weekday=True, year=False)}, {time}"
    return f"{day(on, language, short=True)}, {time}"


def relative_due(due: datetime, now: datetime, language: str, tz: tzinfo) -> str:
    """What is due, in words: "dans 1 h 54", "aujourd’hui, 18 h", "demain, 18 h", "jeudi, 18 h", "le 4 déc.", "retard 3 h".

    Under four hours it counts down, and always rounds down: a person is never told of time they do not have."""
    left = _between(now, due)
    if left < timedelta():
        late = _largest_unit(-left, language)
        return _either(language, f"retard {late}", f"{late} late")
    if left < _MINUTE:
        return _either(language, "maintenant", "now")
    if left < _SPOKEN_AS_A_COUNTDOWN:
        return _either(language, "dans ", "in ") + duration(left, language)
    on, today = due.astimezone(tz).date(), now.astimezone(tz).date()
    away = (on - today).days
    if away <= 6:
        name = WEEKDAYS[_key(language)][on.weekday()]
        named = {
            0: _either(language, "aujourd’hui", "today"),
            1: _either(language, "demain", "tomorrow"),
        }.get(away, name)
        return f"{named}, {hour(due, language, tz)}"
    on_day = day(on, language, short=True, year=on.year != today.year)
    return _either(language, f"le {on_day}", f"on {on_day}")


def ago(then: datetime, now: datetime, language: str, tz: tzinfo) -> str:
    """How long ago: "à l’instant", "il y a 5 min", "il y a 3 h", "hier", "il y a 3 jours", then the date."""
    past = _between(then, now)
    if past < _MINUTE:
        return _either(language, "à l’instant", "just now")
    days = (now.astimezone(tz).date() - then.astimezone(tz).date()).days
    if past < _DAY and (days == 0 or past < timedelta(hours=12)):
        length = _largest_unit(past, language)
    elif days <= 1:
        return _either(language, "hier", "yesterday")
    elif days <= 30:
        length = _days(days, language)
    else:
        on = day(then.astimezone(tz).date(), language, short=True)
        return _either(language, f"le {on}", f"on {on}")
    return _either(language, f"il y a {length}", f"{length} ago")


def since(then: datetime, now: datetime, language: str, tz: tzinfo) -> str:
    """For how long it has lasted: "depuis 5 min", "depuis 3 h", "depuis 22 jours" / "for 22 days"."""
    days = (now.astimezone(tz).date() - then.astimezone(tz).date()).days
    length = (
        _days(days, language) if days >= 2 else _largest_unit(max(_between(then, now), timedelta()), language)
    )
    return _either(language, f"depuis {length}", f"for {length}")


def duration(length: timedelta, language: str) -> str:
    """A length, rounded down: "18 s", "50 min", "1 h 54", "2 jours 3 h", "12 jours". Negative lengths count as none."""
    length = max(length, timedelta())
    if length < _MINUTE:
        return f"{length.seconds}{NB}s"
    if length < _HOUR:
        return f"{length // _MINUTE}{NB}min"
    hours, minutes = length % _DAY // _HOUR, length % _HOUR // _MINUTE
    if length < _DAY:
        return f"{hours}{NB}h{NB}{minutes:02}" if minutes else f"{hours}{NB}h"
    days = length // _DAY
    said = _days(days, language)
    return f"{said} {hours}{NB}h" if hours and days < 7 else said


def number(value: Decimal | int | float, language: str, decimals: int | None = None) -> str:
    """ "1 240", "4,2" / "1,240", "4.2". Without `decimals`, those the value has; halves go up."""
    exact = Decimal(str(value))
    if decimals is not None:
        exact = exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    said = f"{abs(exact):,f}"
    if _is_french(language):
        said = said.replace(",", THIN).replace(".", ",")
    return (MINUS if exact < 0 else "") + said


def percent(share: Decimal | int | float, language: str, decimals: int = 0) -> str:
    """A share of 1 as "71 %" / "71%"."""
    said = number(Decimal(str(share)) * 100, language, decimals)
    return said + (f"{NB}%" if _is_french(language) else "%")


_SIGNS = {"EUR": "€", "GBP": "£", "USD": "$"}
_WHOLE = {
    "BIF",
    "CLP",
    "DJF",
    "GNF",
    "ISK",
    "JPY",
    "KMF",
    "KRW",
    "PYG",
    "RWF",
    "UGX",
    "VND",
    "VUV",
    "XAF",
    "XOF",
    "XPF",
}
_THOUSANDTHS = {"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"}


def money(amount: Decimal | int, currency: str, language: str) -> str:
    """ "38,90 €", "1 240 €" / "€38.90", "€1,240": cents only where there are some. `currency` is an ISO 4217 code."""
    currency = currency.upper()
    places = 0 if currency in _WHOLE else 3 if currency in _THOUSANDTHS else 2
    exact = Decimal(amount).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    said = number(abs(exact), language, 0 if exact == exact.to_integral_value() else places)
    sign, below = _SIGNS.get(currency), MINUS if exact < 0 else ""
    if _is_french(language):
        return f"{below}{said}{NB}{sign if currency != 'USD' and sign else currency}"
    return f"{below}{sign}{said}" if sign else f"{below}{currency}{NB}{said}"


def file_size(size: int, language: str) -> str:
    """ "512 octets", "188 ko", "1,4 Mo" / "512 bytes", "188 kB", "1.4 MB" (thousands, as file managers show it)."""
    if size < 1000:
        unit = _either(language, "octet", "byte")
        plural = size != 1 if not _is_french(language) else size > 1
        return f"{size}{NB}{unit}{'s' if plural else ''}"
    value, step = Decimal(size) / 1000, 0
    while value.quantize(Decimal(1), ROUND_HALF_UP) >= 1000:  # 999 950 octets is 1 Mo, not 1 000 ko
        value, step = value / 1000, step + 1
    letter = "kMGTPE"[step]
    tenths = value.quantize(Decimal("0.1"), ROUND_HALF_UP)
    said = number(tenths, language, 1 if value < 10 and letter != "k" and tenths % 1 else 0)
    return f"{said}{NB}{letter}{_either(language, 'o', 'B')}"


_PARTICLES = {"de", "des", "du", "la", "le", "les", "l", "d", "et", "the", "of", "and", "van", "von"}


def initials(name: str) -> str:
    """At most two letters for a person or a company: "Inès Carlier" IC, "Clinique des Tilleuls" CT, "Facturation" FA."""
    words = [
        w
        for w in name.replace("’", " ").replace("'", " ").replace("-", " ").split()
        if w.lower() not in _PARTICLES
    ]
    letters = [next((c for c in w if c.isalnum()), "") for w in words]
    if len(words) == 1:
        return "".join(c for c in words[0] if c.isalnum())[:2].upper()
    return "".join([*letters[:1], *letters[-1:]]).upper() if letters else "?"


def _between(start: datetime, end: datetime) -> timedelta:
    # Python subtracts two moments of one zone by the wall clock, an hour wrong across a clock change.
    return end.astimezone(UTC) - start.astimezone(UTC)


def _largest_unit(length: timedelta, language: str) -> str:
    if length < _HOUR:
        return f"{max(length // _MINUTE, 1)}{NB}min"
    if length < _DAY:
        return f"{length // _HOUR}{NB}h"
    return _days(length // _DAY, language)


def _days(count: int, language: str) -> str:
    return f"{count}{NB}{_either(language, 'jour', 'day')}{'s' if count > 1 else ''}"


def _short_weekday(name: str, french: bool) -> str:
    return f"{name[:3]}." if french else name[:3]


def _either(language: str, french: str, english: str) -> str:
    return french if _is_french(language) else english


def _key(language: str) -> str:
    return "fr" if _is_french(language) else "en"


def _is_french(language: str) -> bool:
    return language[:2] == "fr"


def phone(number: str) -> str:
    """A stored number as people read it: "06 39 98 14 52", "+33 6 39 98 14 52"; another country's stays as it is."""
    national = number.removeprefix("+33")
    if len(number) == 10 and number.startswith("0") and number.isdigit():
        return NB.join(number[at : at + 2] for at in range(0, 10, 2))
    if number.startswith("+33") and len(national) == 9 and national.isdigit():
        return NB.join(["+33", national[0], *(national[at : at + 2] for at in range(1, 9, 2))])
    return number
