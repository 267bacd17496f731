"""File names that strangers chose, made safe. One function, used wherever such a name enters."""

from __future__ import annotations

import re
import unicodedata

NAMELESS = "sans-nom"
_READ = 4_000  # letters; the end is kept, it tells the type
_LONGEST = 255  # bytes, what common file systems take
_LONGEST_ENDING = 20
_RESERVED = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)", re.IGNORECASE)
_UNWELCOME = re.compile(r'[<>:"|?*]')
# Controls, formats (bidi overrides, zero-width), surrogates, private use, line and paragraph separators.
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def clean_name(name: str | None, *, fallback: str = NAMELESS) -> str:
    """A file name without folders, invisible characters or reserved words, at most 255 bytes of UTF-8.

    `../../etc/passwd` becomes `passwd`, `C:\\x\\facture.pdf` becomes `facture.pdf`, nothing becomes `sans-nom`."""
    text = name or ""
    if len(text) > _READ:
        text = text[: _READ - 100] + text[-100:]
    text = unicodedata.normalize("NFC", text)
    text = "".join(letter for letter in text if unicodedata.category(letter) not in _INVISIBLE)
    text = text.replace("\\", "/").rstrip("/ ").rpartition("/")[2]
    text = _UNWELCOME.sub("_", text)
    text = re.sub(r"\s+", " ", text).strip(" ").lstrip(".").rstrip(". ").strip()
    if not text:
        return fallback
    if _RESERVED.match(text):
        text = f"_{text}"
    return _shortened(text)


def _shortened(text: str) -> str:
    raw = text.encode("utf-8", "replace")
    if len(raw) <= _LONGEST:
        return text
    stem, dot, ending = text.rpartition(".")
    tail = f".{ending}" if dot and stem and len(ending.encode()) <= _LONGEST_ENDING else ""
    room = _LONGEST - len(tail.encode())
    return raw[:room].decode("utf-8", "ignore").rstrip(". ") + tail
