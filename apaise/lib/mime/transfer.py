"""Content-Transfer-Encoding: the bytes a part stood for. Damage is repaired as far as it goes and told."""

from __future__ import annotations

import binascii
import re
import string

_ALPHABET = (string.ascii_letters + string.digits + "+/").encode()
_NOT_BASE64 = bytes(set(range(256)) - set(_ALPHABET))
_SPACES = b" \t\r\n"
_CLEAR_LINE = re.compile(rb"\n(?:--|[^\n ]{0,100} [^\s])")


def undo(data: bytes, encoding: str) -> tuple[bytes, str | None]:
    """The decoded bytes and, if something was wrong with them, a defect code."""
    if encoding == "base64":
        return from_base64(data)
    if encoding == "quoted-printable":
        return binascii.a2b_qp(data), None
    if encoding in ("x-uuencode", "uuencode", "x-uue", "uue"):
        return _from_uuencode(data)
    return data, None


def from_base64(data: bytes) -> tuple[bytes, str | None]:
    packed = data.translate(None, _SPACES)
    try:
        return binascii.a2b_base64(packed, strict_mode=True), None
    except binascii.Error:
        pass
    body = _without_footer(data).split(b"=", 1)[0].translate(None, _NOT_BASE64)
    if len(body) % 4 == 1:  # one letter alone carries less than a byte
        body = body[:-1]
    return binascii.a2b_base64(body + b"=" * (-len(body) % 4)), "bad-base64"


def _without_footer(data: bytes) -> bytes:
    """What lists and scanners append in clear would decode to rubbish."""
    found = _CLEAR_LINE.search(data)
    return data[: found.start()] if found else data


def _from_uuencode(data: bytes) -> tuple[bytes, str | None]:
    found = data.find(b"begin ")
    if found < 0:
        return data, "bad-uuencode"
    out: list[bytes] = []
    for line in data[found:].splitlines()[1:]:
        if line.strip() in (b"end", b"`", b""):
            break
        try:
            out.append(binascii.a2b_uu(line))
        except binascii.Error:
            return b"".join(out), "bad-uuencode"
    return b"".join(out), None
