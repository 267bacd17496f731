"""Bytes to text, when the label may lie. The everyday lie in French mail is cp1252 under another name."""

from __future__ import annotations

import codecs
import re

# An allow-list: Python's own look-up also knows idna, punycode and unicode_escape, which are slow or unsafe.
_CODECS = {
    "ascii": "ascii",
    "big5": "big5hkscs",
    "cp437": "cp437",
    "cp850": "cp850",
    "cp858": "cp858",
    "euckr": "cp949",
    "ksc56011987": "cp949",
    "eucjp": "euc_jp",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "hzgb2312": "hz",
    "iso2022jp": "iso2022_jp",
    "iso2022kr": "iso2022_kr",
    "koi8r": "koi8_r",
    "koi8u": "koi8_u",
    "macintosh": "mac_roman",
    "macroman": "mac_roman",
    "xmacroman": "mac_roman",
    "shiftjis": "cp932",
    "sjis": "cp932",
    "tis620": "cp874",
    "usascii": "ascii",
    "ansix341968": "ascii",
    "latin1": "latin1",
    "latin9": "iso8859_15",
    "l1": "latin1",
    "utf7": "utf_7",
    "unicode11utf7": "utf_7",
    "utf8": "utf_8",
    "utf8mb4": "utf_8",
    "unicode11utf8": "utf_8",
    "utf16": "utf_16",
    "utf16le": "utf_16_le",
    "utf16be": "utf_16_be",
    "utf32": "utf_32",
    "utf8sig": "utf_8",
    "cp65001": "utf_8",
    "unicode": "utf_16",
    "ucs2": "utf_16",
    "iso10646ucs2": "utf_16",
    "ansi": "cp1252",
    "ansi1252": "cp1252",
    "ansix3110": "latin1",
    "csisolatin1": "latin1",
    "iso885911987": "latin1",
    "88591": "latin1",
    "westerneuropean": "cp1252",
    "xmaccyrillic": "mac_cyrillic",
    "xmacce": "mac_latin2",
    "mac": "mac_roman",
    "csmacintosh": "mac_roman",
    "cp737": "cp737",
    "cp852": "cp852",
    "cp855": "cp855",
    "cp862": "cp862",
    "cp866": "cp866",
    "koi8": "koi8_r",
    "cskoi8r": "koi8_r",
    "koi8ru": "koi8_u",
    "big5hkscs": "big5hkscs",
    "xbig5": "big5hkscs",
    "cnbig5": "big5hkscs",
    "csbig5": "big5hkscs",
    "euccn": "gb18030",
    "xeuccn": "gb18030",
    "xgbk": "gb18030",
    "cngb": "gb18030",
    "gb": "gb18030",
    "gb231280": "gb18030",
    "csgb2312": "gb18030",
    "hz": "hz",
    "ksc5601": "cp949",
    "ksx1001": "cp949",
    "uhc": "cp949",
    "xeuckr": "cp949",
    "johab": "johab",
    "xeucjp": "euc_jp",
    "cseucpkdfmtjapanese": "euc_jp",
    "xsjis": "cp932",
    "mskanji": "cp932",
    "windows31j": "cp932",
    "csshiftjis": "cp932",
    "iso2022jp1": "iso2022_jp_1",
    "iso2022jp2": "iso2022_jp_2",
    "iso2022jpms": "iso2022_jp_ext",
    "cp50220": "iso2022_jp_ext",
    "cp50221": "iso2022_jp_ext",
    "csiso2022jp": "iso2022_jp",
    "tis62025331": "cp874",
    "iso8859114": "iso8859_11",
}
_CODECS |= {f"iso8859{n}": f"iso8859_{n}" for n in (2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 16)}
_CODECS |= {f"latin{n}": f"iso8859_{n}" for n in (2, 3, 4)} | {"latin5": "iso8859_9", "latin0": "iso8859_15"}
_CODECS |= {f"ibm{n}": f"cp{n}" for n in (437, 850, 852, 855, 858, 862, 866)}
_CODECS |= {"iso88591": "latin1", "iso88598i": "iso8859_8", "iso88598e": "iso8859_8"}
for _page in (874, 932, 936, 949, 950, *range(1250, 1259)):
    _CODECS |= {f"{start}{_page}": f"cp{_page}" for start in ("cp", "windows", "win", "xcp", "ms")}

# Labels that mean "some western or undeclared bytes": the bytes themselves are a better witness.
_DOUBTFUL = frozenset({"ascii", "latin1", "iso8859_15", "cp1252", "utf_8"})
_WIDE = frozenset({"utf_16", "utf_16_le", "utf_16_be", "utf_32"})
_STATEFUL = _WIDE | frozenset(
    {"hz", "iso2022_jp", "iso2022_jp_1", "iso2022_jp_2", "iso2022_jp_ext", "iso2022_kr", "utf_7"}
)
_MANY_BYTES = _STATEFUL | frozenset({"big5hkscs", "cp949", "cp950", "cp932", "euc_jp", "gb18030", "johab"})
_JAPANESE = re.compile(rb"\x1b\$[@B]|\x1b\([JI]")
_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
# Seven bits to the same letters in eight; line ends stay what they are.
_RAISED = bytes(byte | 0x80 if 0x21 <= byte <= 0x7E else byte for byte in range(256))
_HIGH = re.compile(rb"[\x80-\xff]")
_C1 = re.compile(rb"[\x80-\x9f]")
_WITNESS = 64 * 1024  # bytes that decide which charset a text is in
_SURROGATE = re.compile("[\ud800-\udfff]")

# The five bytes cp1252 leaves undefined become a visible mark rather than an invisible control.
_CP1252_ALL = "".join(bytes([b]).decode("cp1252", "replace") for b in range(256))


def codec_of(label: str | None) -> str | None:
    """Python's name for a charset label, or None if unknown. `x-unknown`, `utf8mb4`, `"UTF-8 "` all occur."""
    if not label:
        return None
    key = re.sub(r"[^a-z0-9]", "", label[:40].lower().partition("(")[0])
    return _CODECS.get(key) or _CODECS.get(key.removeprefix("charset"))


def decode(data: bytes, label: str | None) -> tuple[str, bool]:
    """Text of `data`, and whether it was what its label said. Never fails."""
    codec = codec_of(label)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) and codec not in _WIDE:
        if b"\0" in data:  # a byte order mark, whatever the label says
            return from_wide(data, "utf_16")[0], False
    if codec not in _STATEFUL and data.isascii():
        if b"\x1b" in data and _JAPANESE.search(data):
            return data.decode("iso2022_jp_ext", "replace"), False
        return data.decode("ascii"), codec is not None or not label
    if codec is None or codec in _DOUBTFUL:
        return _from_the_bytes(data, codec)
    if codec in _WIDE:
        return from_wide(data, codec)
    if codec not in _MANY_BYTES and len(_MULTIBYTE.findall(data[:_WITNESS])) > 1:
        # Two letters of utf-8 and nothing that is none: no text in a charset of one byte a letter looks so.
        try:
            return data.decode("utf-8"), False
        except UnicodeDecodeError:
            pass
    return _from_its_word(data, codec)


def fits(data: bytes, label: str | None) -> str | None:
    """The text if `label` names a charset other than the western ones and all of `data` is in it."""
    codec = codec_of(label)
    if codec is None or codec in _DOUBTFUL or codec in _STATEFUL:
        return None
    try:
        return data.decode(codec)
    except UnicodeError:
        return None


def _from_its_word(data: bytes, codec: str) -> tuple[str, bool]:
    try:
        return _without_surrogates(data.decode(codec)), True
    except (UnicodeError, LookupError):
        pass
    if codec.startswith("iso2022_jp"):
        return _from_loose_japanese(data), False
    try:
        return data.decode("utf-8"), False
    except UnicodeDecodeError:
        return _without_surrogates(data.decode(codec, "replace")), False


def _from_loose_japanese(data: bytes) -> str:
    """iso-2022-jp as Windows writes it: with signs the standard never had, and half-width kana."""
    first, *stretches = data.split(b"\x1b")
    out = [first.decode("ascii", "replace")]
    for stretch in stretches:
        escape, letters = stretch[:2], stretch[2:]
        if escape in (b"$B", b"$@"):
            out.append(letters.translate(_RAISED).decode("euc_jis_2004", "replace"))
        elif escape == b"(I":
            out.append(letters.translate(_RAISED).decode("cp932", "replace"))
        else:
            out.append(letters.decode("ascii", "replace"))
    return "".join(out)


def from_wide(data: bytes, codec: str) -> tuple[str, bool]:
    """utf-16 and utf-32; without a mark, where the zero bytes are tells which end comes first."""
    if b"\0" not in data and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:  # a label only: the bytes went through something that made utf-8 or ASCII of them
            return data.decode("utf-8"), False
        except UnicodeDecodeError:
            pass
    # A line end of single bytes was put after it on the way.
    end = len(data.rstrip(b"\r\n"))
    data = data[: end + end % 2]
    if codec == "utf_16" and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = data[:_WITNESS]
        codec = "utf_16_le" if head[1::2].count(0) > head[::2].count(0) else "utf_16_be"
    try:
        return _without_surrogates(data.decode(codec)), True
    except UnicodeError:
        return _without_surrogates(data.decode(codec, "replace")), False


def _from_the_bytes(data: bytes, codec: str | None) -> tuple[str, bool]:
    try:
        return data.decode("utf-8"), codec == "utf_8"
    except UnicodeDecodeError:
        pass
    if codec in ("utf_8", None, "ascii"):
        head = data[:_WITNESS]
        good = len(_MULTIBYTE.findall(head))
        bad = len(_HIGH.findall(_MULTIBYTE.sub(b"", head)))
        # A utf-8 text with a cut or foreign letter here and there stays utf-8; otherwise nothing
        # in it is: "PAYÉ !" in cp1252 holds two bytes that happen to be one utf-8 letter.
        if good > bad or (codec == "utf_8" and good > 1 and good * 2 >= bad):
            return data.decode("utf-8", "mime-cp1252"), False
    if codec == "iso8859_15" and not _C1.search(data):
        return data.decode("iso8859_15"), True
    honest = codec == "cp1252" or (codec == "latin1" and not _C1.search(data))
    return codecs.charmap_decode(data, "strict", _CP1252_ALL)[0], honest


def _cp1252_for_the_bad_byte(problem: UnicodeError) -> tuple[str, int]:
    assert isinstance(problem, UnicodeDecodeError)
    bad = problem.object[problem.start : problem.end]
    return codecs.charmap_decode(bad, "strict", _CP1252_ALL)[0], problem.end


codecs.register_error("mime-cp1252", _cp1252_for_the_bad_byte)


def _without_surrogates(text: str) -> str:
    """utf-7 and utf-16 can smuggle half letters that no database and no JSON writer accepts."""
    return _SURROGATE.sub("\ufffd", text) if _SURROGATE.search(text) else text
