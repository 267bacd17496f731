"""A calendar invitation in words (iCalendar, RFC 5545): what, when, where."""

from __future__ import annotations

import re

from apaise.lib.mime.charset import decode

_MOST = 200_000
_WANTED = ("SUMMARY", "DTSTART", "DTEND", "LOCATION", "DESCRIPTION")
_LINE = re.compile(r"([A-Z-]{3,30})((?:;[^:\n]{0,300})?):(.*)")
_MOMENT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2}))?")


def in_words(data: bytes, label: str | None = "utf-8") -> str:
    """The first event, a line for each thing said, or nothing."""
    text = decode(data[:_MOST], label)[0].replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace("\n ", "").replace("\n\t", "")  # folded lines
    said: dict[str, str] = {}
    inside = False
    for line in text.split("\n"):
        if line.startswith("BEGIN:"):
            # An alarm or a time zone inside has a description and a start of its own.
            inside = line[6:].strip() in ("VEVENT", "VTODO")
        elif line.startswith("END:VEVENT") and said:
            break
        elif inside and (found := _LINE.match(line)) and found[1] in _WANTED:
            said.setdefault(found[1], _unescaped(found[3]))
    when = " – ".join(_moment(said[name]) for name in ("DTSTART", "DTEND") if said.get(name))
    lines = [said.get("SUMMARY", ""), when, said.get("LOCATION", ""), said.get("DESCRIPTION", "")]
    return "\n".join(line for line in lines if line)


def _unescaped(value: str) -> str:
    value = value.replace("\\n", "\n").replace("\\N", "\n")
    return re.sub(r"\\([,;\\])", r"\1", value).strip()


def _moment(value: str) -> str:
    if not (found := _MOMENT.match(value)):
        return value
    year, month, day, hour, minute = found.groups()
    clock = f" {hour}:{minute}" if hour else ""
    return f"{year}-{month}-{day}{clock}{' UTC' if value.endswith('Z') else ''}"
