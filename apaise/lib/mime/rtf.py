"""The text of a Rich Text body, as Outlook packs one in winmail.dat (MS-OXRTFCP)."""

from __future__ import annotations

import re
import struct

from apaise.lib.mime.charset import decode

_MOST = 1024 * 1024  # bytes unpacked
_DICTIONARY = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript "
    rb"\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
_WINDOW = 4096
_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|((?:\\'[0-9a-fA-F]{2}){1,1000})|\\([^a-zA-Z'])|([{}])|[\r\n]+|([^\\{}\r\n]+)"
)
_CODE_PAGE = re.compile(rb"\\ansicpg(\d{3,5})")
_UNSEEN = frozenset(b"fonttbl colortbl stylesheet info pict object themedata listtable".split())
_SAID = {
    b"par": "\n",
    b"line": "\n",
    b"row": "\n",
    b"cell": "\t",
    b"tab": "\t",
    b"emdash": "—",
    b"endash": "–",
}
_SAID |= {b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”", b"bullet": "•"}


def unpacked(data: bytes) -> bytes:
    """The RTF in a compressed stream; what was cut off is left out."""
    if len(data) < 16:
        return b""
    raw_size, kind = struct.unpack_from("<I4s", data, 4)
    if kind == b"MELA":
        return data[16 : 16 + raw_size]
    if kind != b"LZFu":
        return b""
    out = bytearray(_DICTIONARY)
    most = min(raw_size, _MOST) + len(out)
    at = 16
    while at < len(data) and len(out) < most:
        flags = data[at]
        at += 1
        for bit in range(8):
            if at >= len(data) or len(out) >= most:
                break
            if not flags >> bit & 1:
                out.append(data[at])
                at += 1
                continue
            if at + 2 > len(data):
                return bytes(out[len(_DICTIONARY) :])
            place, size = data[at] << 4 | data[at + 1] >> 4, (data[at + 1] & 15) + 2
            at += 2
            if place == len(out) % _WINDOW:  # the mark of the end
                return bytes(out[len(_DICTIONARY) :])
            back = (len(out) - place) % _WINDOW
            if back > len(out):
                return bytes(out[len(_DICTIONARY) :])
            for _ in range(size):
                out.append(out[-back])
    return bytes(out[len(_DICTIONARY) :])


def text_of(rtf: bytes) -> str:
    """What a person would read of it: no fonts, colours or pictures."""
    out: list[str] = []
    hidden = 0  # depth of the group that is not to be seen, or 0
    depth = skip = 0  # letters after \u that stand for it in programs without Unicode
    page = _CODE_PAGE.search(rtf, 0, 500)
    label = f"cp{page[1].decode('ascii')}" if page else "cp1252"
    in_markup = False  # the RTF that repeats what an enclosed HTML says
    for token in _TOKEN.finditer(rtf[:_MOST]):
        word, number, byte, sign, brace, text = token.groups(b"")
        if brace:
            depth += 1 if brace == b"{" else -1
            hidden = 0 if depth < hidden else hidden
        elif word in _UNSEEN or sign == b"*":
            hidden = hidden or depth
        elif word == b"htmlrtf":
            in_markup = number != b"0"
        elif hidden or in_markup:
            continue
        elif word == b"u" and number:
            out.append(chr(int(number) % 0x10000))
            skip = 1
        elif word:
            out.append(_SAID.get(word, ""))
        elif byte or text:
            shown = bytes.fromhex(byte.replace(b"\\'", b"").decode("ascii")) if byte else text
            out.append(decode(shown[skip:], label)[0])
            skip = 0
        elif sign:
            out.append("\xa0" if sign == b"~" else sign.decode("latin1") if sign in b"\\{}" else "")
    pairs = "".join(out).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return pairs.strip()
