"""Content-Transfer-Encoding: the bytes a part stood for. Damage is repaired as far as it goes and told."""

from __future__ import annotations

import binascii
import codecs
import re
import string

_ALPHABET = (string.ascii_letters + string.digits + "+/").encode()
_NOT_BASE64 = bytes(set(range(256)) - set(_ALPHABET))
_OF_ADDRESSES = bytes.maketrans(b"-_", b"+/")
_SPACES = b" \t\r\n"
_NOT_A_LETTER = re.compile(r"[^a-z0-9]")
_UU_START = re.compile(rb"^begin [0-7]{3,4} ([^\r\n]{1,255})\r?\n(?=[!-`])", re.MULTILINE)
_UU_END = re.compile(rb"^end[ \t]{0,10}\r?$", re.MULTILINE)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_MOST_FILES = 50
_MOST_PIECES = 10_000
_SOFT_BREAK = re.compile(rb"=[ \t]{1,100}(?=\r?\n|\Z)")  # a relay padded the line
_BREAK_OF_OLD_MACS = re.compile(rb"=\r(?!\n)")
_CLEAR_LINE = re.compile(rb"\n(?:--|[^\n ]{0,100} [^\n]{0,40}?[A-Za-z])")


def undo(data: bytes, encoding: str) -> tuple[bytes, str | None]:
    """The decoded bytes and, if something was wrong with them, a defect code.

    `encoding` as the field says it: `Base64 (as usual)`, `"quoted printable"`, `x-uuencode;` all occur."""
    kind = _NOT_A_LETTER.sub("", encoding[:100].lower().partition("(")[0].partition(";")[0])
    if kind == "base64":
        return (data, "bad-base64") if _is_in_clear(data) else from_base64(data)
    if kind in ("quotedprintable", "qp"):
        data = _BREAK_OF_OLD_MACS.sub(b"", _SOFT_BREAK.sub(b"=", data)) if b"=" in data else data
        return binascii.a2b_qp(data.removesuffix(b"=")), None
    if kind in ("xuuencode", "uuencode", "xuue", "uue"):
        return _from_uuencode(data)
    return data, None


def _is_in_clear(data: bytes) -> bool:
    """A text that only claims to be base64: it holds more signs of prose than noise can explain, and decodes to rubbish."""
    head = _without_footer(data[:4_000].strip())
    noise = len(head.translate(None, _ALPHABET + b"=\r\n"))
    is_a_word = len(head) < 20 and len(head) % 4 > 0 and len(head) < len(data.strip())
    return is_a_word or (noise * 12 > len(head) and not _is_text(from_base64(head)[0]))


def _is_text(data: bytes) -> bool:
    try:
        words = codecs.utf_8_decode(data, "strict", False)[0]  # a letter cut at the end is none yet
    except UnicodeDecodeError:
        return False
    return bool(words) and not _CONTROL.search(words)


def from_base64(data: bytes) -> tuple[bytes, str | None]:
    packed = data.translate(None, _SPACES)
    try:
        return binascii.a2b_base64(packed, strict_mode=True), None
    except binascii.Error:
        pass
    if b"-" in packed or b"_" in packed:
        try:  # the alphabet of web addresses
            return binascii.a2b_base64(packed.translate(_OF_ADDRESSES), strict_mode=True), "bad-base64"
        except binascii.Error:
            pass
    # Two encoded pieces one after the other have an end in the middle; each is decoded for itself.
    pieces = _without_footer(data).translate(None, _NOT_BASE64.replace(b"=", b"")).split(b"=", _MOST_PIECES)
    whole = b"".join(_from_piece(piece) for piece in pieces[:_MOST_PIECES] if piece)
    return whole, "bad-base64"


def _from_piece(piece: bytes) -> bytes:
    if len(piece) % 4 == 1:  # one letter alone carries less than a byte
        piece = piece[:-1]
    return binascii.a2b_base64(piece + b"=" * (-len(piece) % 4))


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
            out.append(_uu_line(line))
        except binascii.Error:
            return b"".join(out), "bad-uuencode"
    return b"".join(out), None


def _uu_line(line: bytes) -> bytes:
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        # Some encoders leave rubbish after the last letter that counts, some relays cut the spaces off.
        wanted = (((line[0] - 32) & 63) * 4 + 5) // 3
        return binascii.a2b_uu(line[:wanted])


def cut_out_files(data: bytes) -> tuple[bytes, list[tuple[bytes, bytes]]]:
    """A text without the uuencoded files that stand in it, and these files as (name, content)."""
    if b"begin " not in data:
        return data, []
    files: list[tuple[bytes, bytes]] = []
    kept: list[bytes] = []
    at = 0
    while len(files) < _MOST_FILES and (start := _UU_START.search(data, at)):
        end = _UU_END.search(data, start.end())
        if end is None:
            break
        content, defect = _from_uuencode(data[start.start() : end.end()])
        if not defect and content:
            files.append((start[1].strip(), content))
            kept.append(data[at : start.start()])
        else:
            kept.append(data[at : end.end()])
        at = end.end()
    return b"".join([*kept, data[at:]]), files
