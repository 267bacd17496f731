"""Structured fields: `type/subtype; name=value`, with the continuations and charsets of RFC 2231."""

from __future__ import annotations

import re

from apaise.lib.mime.charset import decode
from apaise.lib.mime.fields import decode_words, plain

_LONGEST_FIELD = 8_000
_PARAMETER = re.compile(
    r';\s{0,100}([^\s=;"<>()]{1,80})\s{0,20}=\s{0,20}(?:"((?:[^"\\]|\\.){0,5000})"|([^;]{0,5000}))', re.DOTALL
)
_NO_SEMICOLON = re.compile(r"^(\s{0,20}[\w./+-]{1,100})\s{1,20}([\w*-]{1,40}=)")  # `text/html charset=utf-8`
_NO_VALUE = re.compile(r"\s{0,20}[\w*-]{1,40}\s{0,20}=")  # `filename="a.pdf"` and nothing before it
_CONTINUED = re.compile(r"([^*]{1,60})(?:\*(\d{1,3}))?(\*)?")
_PERCENT = re.compile(rb"%([0-9A-Fa-f]{2})")
_MOST_PIECES = 100


def parse_parameters(field: str) -> tuple[str, dict[str, str]]:
    """The value before the first `;`, in lower case, and its parameters, decoded, by lower-case name."""
    field = field[:_LONGEST_FIELD]
    field = _NO_SEMICOLON.sub(r"\1; \2", field)
    if _NO_VALUE.match(field):
        field = f";{field}"
    value = field.partition(";")[0].strip().lower()
    found: dict[str, str] = {}
    pieces: dict[str, list[tuple[int, bool, str]]] = {}
    for name, quoted, token in _PARAMETER.findall(field):
        text = _unescaped(quoted) if quoted else _unwrapped(token.strip())
        shape = _CONTINUED.fullmatch(name.lower())
        if not shape:
            continue
        key, number, encoded = shape.groups()
        if number is None and not encoded:
            found.setdefault(key, plain(decode_words(text)))
        elif len(pieces.setdefault(key, [])) < _MOST_PIECES:
            pieces[key].append((int(number or 0), bool(encoded), text))
    for key, parts in pieces.items():
        found[key] = plain(_joined(parts))  # the better form wins over a plain one beside it
    return value, found


def _unwrapped(token: str) -> str:
    """Without quotation marks that lost their partner, and without the ones no mail knows."""
    text = token.strip('"')
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == "'" else text


def _unescaped(quoted: str) -> str:
    # A Windows path is not escaped by the programs that write one: only `\"` and `\\` are.
    return re.sub(r'\\(["\\])', r"\1", quoted) if "\\" in quoted else quoted


def _joined(parts: list[tuple[int, bool, str]]) -> str:
    label: str | None = None
    data = b""
    for place, (_, encoded, text) in enumerate(sorted(parts, key=lambda part: part[0])):
        if encoded and place == 0 and text.count("'") >= 2:
            label, _, text = text.split("'", 2)
        raw = text.encode("utf-8", "replace")
        data += _PERCENT.sub(lambda hit: bytes([int(hit[1], 16)]), raw) if encoded else raw
    return decode_words(decode(data, label)[0])
