"""Text that was taken for latin-1 and encoded a second time: `dÃ©gÃ¢t` for `dégât`. Undone only when certain."""

from __future__ import annotations

import re

_READ = 200_000  # letters that decide
_BYTES = {bytes([number]).decode("cp1252", "ignore") or chr(number): number for number in range(128, 256)}
_BYTES |= {chr(number): number for number in range(128, 256)}  # latin-1 keeps what cp1252 draws
_TABLE = {ord(letter): number for letter, number in _BYTES.items()}
_LEADS = re.compile("[ÂÃÅâð]")
_HIGH = re.compile("[^\x00-\x7f]")
# What one writes in mails of Western Europe; anything else may be an accident of neighbouring signs.
_LIKELY = re.compile("[\xa0-ÿŒœŸŠšŽž\u2010-\u2026\u2030-\u203a€™\U0001f300-\U0001faff\ufe0f❤✅☺⚠\u200d]")


def undoubled(text: str) -> str:
    """The text as it was meant, if every sign beyond ASCII proves it; else the same text."""
    if text.isascii() or not _LEADS.search(text, 0, _READ):
        return text
    raw = text.translate(_TABLE)
    try:
        meant = raw.encode("latin1").decode("utf-8")
    except UnicodeError:
        return text
    high = _HIGH.findall(meant[:_READ])
    return meant if all(_LIKELY.match(letter) for letter in high) else text
