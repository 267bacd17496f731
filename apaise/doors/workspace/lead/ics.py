"""Days off as an iCalendar file (RFC 5545)."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta

LONGEST = 75  # octets of a line, its end not counted


def ics_of(name: str, days: Iterable[tuple[date, str]], made_at: datetime) -> str:
    """A calendar of whole days. The same day and name have the same number each time, so that importing twice adds nothing."""
    stamp = made_at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Apaise//Calendars//FR",
        f"X-WR-CALNAME:{_safe(name)}",
    ]
    for day, title in days:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{day.isoformat()}-day-off@apaise",
            f"DTSTAMP:{stamp}",
            f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{_safe(title)}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{piece}\r\n" for line in lines for piece in _folded(line))


def _safe(text: str) -> str:
    """A text value: what would end or divide it is escaped."""
    for sign, instead in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r", ""), ("\n", "\\n")):
        text = text.replace(sign, instead)
    return text


def _folded(line: str) -> Iterator[str]:
    """A long line in pieces; no letter is cut in two."""
    piece, room = "", LONGEST
    for letter in line:
        size = len(letter.encode())
        if size > room:
            yield piece
            piece, room = " ", LONGEST - 1
        piece += letter
        room -= size
    yield piece
