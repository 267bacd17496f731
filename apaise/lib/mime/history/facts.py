"""What a line says about when and who: dates, times, addresses."""

from __future__ import annotations

import re
import unicodedata

from apaise.lib.mime.history.tables import any_of

LINE_CHARS = 300
SIGNATURE_MARK = "-- "  # the space tells it from dashes between two points of a letter

TIME = re.compile(r"\b\d{1,2}(?::|\s?h\s?)\d{2}|\b(?:klo?|um|om)\.?\s\d{1,2}\.\d{2}", re.IGNORECASE)
DATE = re.compile(r"\b\d{1,4}[./-]\d{1,2}[./-]\d{2,4}\b|(?<!\d)(?:19|20)\d\d(?!\d)")
ADDRESS = re.compile(r"[^\s<>()\[\]\"',;:]{1,80}@[^\s<>()\[\]\"',;:]{2,120}")
# With its brackets, so that no sentence is taken for a sender.
BRACKETED = re.compile(
    r"[<(\[]\s?(?:mailto:)?[^\s<>()\[\]]{1,80}@[^\s<>()\[\]]{2,120}(?:\s?<mailto:[^\s<>]{1,200}>)?\s?[>)\]]"
)
QUOTED = re.compile(r"[ \t\xa0]{0,3}(?:>|&gt;)")
PIPED = re.compile(r"[ \t\xa0]{0,3}\|(?:\s[^|]*)?$")
RULE = re.compile(r"[ \t]{0,3}[_=*\u2010-\u2015-]{5,300}[ \t]{0,3}$")

_DATE_WORD = rf"(?:{any_of('opens')}|{any_of('days')}|{any_of('months')}|date|de|den|kl|klo|o)"
# "Le lun. 3", "On Mon, Mar 3", "Em seg., 3 de mar.", "pon., 3 mar", "2025-03-03"
DATE_FIRST = re.compile(rf"(?:{_DATE_WORD}[.,:]{{0,2}}\s{{1,3}}){{0,5}}\d", re.IGNORECASE)
DATE_ONLY = re.compile(
    r"(?:\w{2,9}[.,]?\s)?\d{1,4}[./-]\d{1,2}[./-]\d{2,4}\s{1,3}(?:à\s)?\d{1,2}[:h]\d{2}(?::\d{2})?(?:\s?[ap]m)?"
    r"(?:\s[A-Z]{2,5})?$",
    re.IGNORECASE,
)


# What nobody sees goes; the wide colon of Chinese and Japanese becomes ours.
_LETTERS: dict[int, str | None] = dict.fromkeys(
    [0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF]
)
_LETTERS[0xFF1A] = ":"


def plain(line: str) -> str:
    """A line as the rules see it: short, composed ("é" in one letter), without what nobody sees."""
    line = line[:LINE_CHARS]
    if line == SIGNATURE_MARK:
        return line
    if not line.isascii():
        line = unicodedata.normalize("NFC", line.translate(_LETTERS))
    return line.strip()


def words_at(lines: list[str], at: int, within: int = 3) -> int:
    """The next line with words, a blank line or two further on; the number of lines if there is none."""
    for place in range(at, min(at + within, len(lines))):
        if lines[place]:
            return place
    return len(lines)


def is_quoted(lines: list[str], at: int) -> bool:
    """Whether quoted lines start here, or after a blank line or two."""
    place = words_at(lines, at)
    return place < len(lines) and bool(QUOTED.match(lines[place]) or PIPED.match(lines[place]))
