"""winmail.dat (TNEF, MS-OXTNEF): what Outlook packs when it takes the reader for another Outlook.

One pass over lengths that are checked against what is left; nothing recurses, so a crafted file costs no
more than its size. The caps below stop what is small in bytes and many in number; a file that reaches one is
told as damaged. Source: docs/decisions/0018-tnef.md"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from apaise.lib.mime.charset import decode
from apaise.lib.mime.rtf import text_of, unpacked

_SIGNATURE = 0x223E9F78
_ATTACHMENT_STARTS, _TITLE, _DATA, _ATTACHMENT_PROPERTIES = 0x9002, 0x8010, 0x800F, 0x9005
_BODY, _PROPERTIES, _CODE_PAGE = 0x800C, 0x9003, 0x9007
_MOST_ATTRIBUTES = 20_000
_MOST_PROPERTIES = (
    20_000  # of one file; Outlook writes some fifty for a mail, and as many for each of its files
)
_MOST_VALUES = 10_000  # of one property
_MOST_FILES = 200
_MOST_TEXT = 2 * 1024 * 1024  # bytes of one text
_MOST_NAME = 4_000
_FIXED = {0x02: 4, 0x03: 4, 0x04: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x0A: 4, 0x0B: 4, 0x14: 8, 0x40: 8, 0x48: 16}
_STRING, _UNICODE, _OBJECT, _BINARY = 0x1E, 0x1F, 0x0D, 0x102
_VARIABLE = frozenset({_STRING, _UNICODE, _OBJECT, _BINARY})
_MULTIPLE = 0x1000
_TEXT, _RTF, _HTML = 0x1000, 0x1009, 0x1013
_LONG_NAME, _NAME, _SHOWN_NAME, _CONTENT, _MIME_TYPE = 0x3707, 0x3704, 0x3001, 0x3701, 0x370E


class _TooMany(ValueError):
    """A cap is reached."""


@dataclass(slots=True)
class Packed:
    """One file inside."""

    name: str = ""
    type: str = ""
    content: bytes = b""


@dataclass(slots=True)
class Tnef:
    files: list[Packed] = field(default_factory=list)
    plain: str = ""
    html: str = ""
    rtf: bytes = (
        b""  # compressed; a small one can be made to grow, so it is unpacked only when nothing else is there
    )
    is_whole: bool = True
    properties: int = 0  # read so far

    @property
    def has_words(self) -> bool:
        return bool(self.plain.strip() or self.html.strip() or self.rtf)

    @property
    def text(self) -> str:
        return self.plain if self.plain.strip() or self.html.strip() else text_of(unpacked(self.rtf))


def read_tnef(data: bytes) -> Tnef | None:
    """What is inside as far as it can be read, or None if this is no TNEF."""
    if len(data) < 6 or struct.unpack_from("<I", data)[0] != _SIGNATURE:
        return None
    found = Tnef()
    label = "cp1252"
    for name, value in _attributes(data, found):
        if name == _CODE_PAGE and len(value) >= 4:
            label = f"cp{struct.unpack_from('<I', value)[0]}"
        elif name == _BODY:
            found.plain = found.plain or decode(value[:_MOST_TEXT].rstrip(b"\0"), label)[0]
        elif name == _PROPERTIES:
            _read_words(found, value, label)
        elif name == _ATTACHMENT_STARTS and len(found.files) < _MOST_FILES:
            found.files.append(Packed())
        elif found.files:
            _read_file(found, name, value, label)
    found.files = [one for one in found.files if one.content or one.name]
    return found


def _attributes(data: bytes, found: Tnef) -> Iterator[tuple[int, bytes]]:
    at = 6
    for _ in range(_MOST_ATTRIBUTES):
        if at + 9 > len(data):
            found.is_whole = found.is_whole and at == len(data)
            return
        name, size = struct.unpack_from("<HxxI", data, at + 1)
        start = at + 9
        if start + size > len(data):
            found.is_whole = False
        yield name, data[start : start + size]
        at = start + size + 2  # a checksum follows
    found.is_whole = False


def _read_words(found: Tnef, value: bytes, label: str) -> None:
    for name, kind, content in _properties(found, value):
        if name == _TEXT:
            found.plain = _string(kind, content, label) or found.plain
        elif name == _HTML:
            found.html = _string(kind, content, label)
        elif name == _RTF:
            found.rtf = found.rtf or content


def _read_file(found: Tnef, name: int, value: bytes, label: str) -> None:
    file = found.files[-1]
    if name == _TITLE:
        file.name = file.name or decode(value[:_MOST_NAME].rstrip(b"\0"), label)[0]
    elif name == _DATA:
        file.content = value
    elif name == _ATTACHMENT_PROPERTIES:
        said = {one: (kind, content) for one, kind, content in _properties(found, value)}
        for one in (_LONG_NAME, _NAME, _SHOWN_NAME):
            if one in said and (text := _string(*said[one], label, _MOST_NAME)):
                file.name = text
                break
        if _MIME_TYPE in said:
            file.type = _string(*said[_MIME_TYPE], label, _MOST_NAME).lower()
        if _CONTENT in said and not file.content:
            kind, content = said[_CONTENT]
            # An object begins with the name of its interface; what follows is a message of its own.
            file.content = content[16:] if kind == _OBJECT else content


def _properties(found: Tnef, data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Each MAPI property as (name, type, first value). Stops where the lengths stop making sense."""
    try:
        count = struct.unpack_from("<I", data)[0]
        at = 4
        for _ in range(count):
            if found.properties >= _MOST_PROPERTIES:
                raise _TooMany
            found.properties += 1
            kind, name = struct.unpack_from("<HH", data, at)
            at = _after_name(data, at + 4) if name >= 0x8000 else at + 4
            value, at = _value(data, at, kind)
            yield name, kind & ~_MULTIPLE, value
    except _TooMany:
        found.is_whole = False
    except (struct.error, KeyError):
        return


def _after_name(data: bytes, at: int) -> int:
    if struct.unpack_from("<I", data, at + 16)[0] == 0:
        return at + 24
    return at + 24 + _padded(struct.unpack_from("<I", data, at + 20)[0])


def _value(data: bytes, at: int, kind: int) -> tuple[bytes, int]:
    simple = kind & ~_MULTIPLE
    many = 1
    if kind & _MULTIPLE or simple in _VARIABLE:
        many = struct.unpack_from("<I", data, at)[0]
        at += 4
    if simple not in _VARIABLE:
        size = _FIXED[simple]
        return data[at : at + size], at + size * many
    if many > _MOST_VALUES:
        raise _TooMany
    first = b""
    for number in range(many):
        size = struct.unpack_from("<I", data, at)[0]
        if not number:
            first = data[at + 4 : at + 4 + size]
        at += 4 + _padded(size)
    return first, at


def _padded(size: int) -> int:
    return size + -size % 4


def _string(kind: int, content: bytes, label: str, most: int = _MOST_TEXT) -> str:
    text = decode(content[:most], "utf-16le" if kind == _UNICODE else label)[0]
    return text.rstrip("\0")
