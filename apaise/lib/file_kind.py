"""What a file is, from its bytes; its name and what a sender claims say little, and nothing against the bytes."""

import re
from typing import BinaryIO

from apaise.lib.file_danger import SCRIPTS, script_of

UNKNOWN = "application/octet-stream"
SCANS = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}
STARTS = {
    **SCANS,
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
    b"BM": "image/bmp",
    b"II*\0": "image/tiff",
    b"MM\0*": "image/tiff",
    b"\xff\x0a": "image/jxl",
    b"\0\0\0\x0cJXL \r\n\x87\n": "image/jxl",
    b"\0\0\x01\0": "image/vnd.microsoft.icon",
    b"ID3": "audio/mpeg",
    b"\xff\xfb": "audio/mpeg",
    b"\xff\xf3": "audio/mpeg",
    b"\xff\xf2": "audio/mpeg",
    b"\xff\xf1": "audio/aac",
    b"\xff\xf9": "audio/aac",
    b"OggS": "audio/ogg",
    b"fLaC": "audio/flac",
    b"#!AMR": "audio/amr",
    b"\x1aE\xdf\xa3": "video/webm",
    b"\0\0\x01\xba": "video/mpeg",
    b"FLV\x01": "video/x-flv",
    b"0&\xb2u\x8ef\xcf\x11": "video/x-ms-asf",
    b"{\\rtf": "application/rtf",
    b"\x1f\x8b\x08": "application/gzip",
    b"\xfd7zXZ\0": "application/x-xz",
    b"7z\xbc\xaf'\x1c": "application/x-7z-compressed",
    b"Rar!\x1a\x07": "application/vnd.rar",
    b"MSCF\0\0\0\0": "application/vnd.ms-cab-compressed",
    b'x\x9f>"': "application/vnd.ms-tnef",
    # What a machine runs, or opens so that something runs.
    b"\x7fELF": "application/x-executable",
    b"\xfe\xed\xfa\xce": "application/x-mach-binary",
    b"\xfe\xed\xfa\xcf": "application/x-mach-binary",
    b"\xce\xfa\xed\xfe": "application/x-mach-binary",
    b"\xcf\xfa\xed\xfe": "application/x-mach-binary",
    b"\xca\xfe\xba\xbe": "application/x-mach-binary",  # or a class of Java: programs both
    b"dex\n03": "application/vnd.android.dex",
    b"\0asm": "application/wasm",
    b"L\0\0\0\x01\x14\x02\0": "application/x-ms-shortcut",
    b"ITSF\x03\0": "application/vnd.ms-htmlhelp",
    b"\xe4R\\{\x8c\xd8\xa7M": "application/onenote",
}
HEAD = 4_096  # bytes that are enough to tell
_BRANDS = {
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1"), "image/heic"),
    **dict.fromkeys((b"avif", b"avis"), "image/avif"),
    **dict.fromkeys((b"M4A ", b"M4B ", b"F4A "), "audio/mp4"),
    **dict.fromkeys((b"3gp4", b"3gp5", b"3gp6", b"3gr6", b"3ge6"), "video/3gpp"),
    b"qt  ": "video/quicktime",
    b"crx ": "image/x-canon-cr3",
}
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
WITH_MACROS = "application/vnd.ms-office.macroenabled"
# A name inside that only this kind has; the first that is there decides.
_IN_OLE = {
    "_VBA_PROJECT".encode("utf-16-le"): WITH_MACROS,
    "WordDocument".encode("utf-16-le"): "application/msword",
    "Workbook".encode("utf-16-le"): "application/vnd.ms-excel",
    "PowerPoint Document".encode("utf-16-le"): "application/vnd.ms-powerpoint",
    "__properties_version1.0".encode("utf-16-le"): "application/vnd.ms-outlook",
    "\u4840\u3f7f\u4164\u422f\u4836".encode(
        "utf-16-le"
    ): "application/x-msi",  # "!_Tables", as installers pack it
}
_OFFICE = "application/vnd.openxmlformats-officedocument."
_IN_ZIP = {
    b"vbaProject.bin": WITH_MACROS,
    b"xl/macrosheets/": WITH_MACROS,
    b"word/document.xml": f"{_OFFICE}wordprocessingml.document",
    b"xl/workbook.": f"{_OFFICE}spreadsheetml.sheet",
    b"ppt/presentation.xml": f"{_OFFICE}presentationml.presentation",
    b"AndroidManifest.xml": "application/vnd.android.package-archive",
    b"META-INF/MANIFEST.MF": "application/java-archive",
    b"META-INF/container.xml": "application/epub+zip",
}
_FIRST = (b"[Content_Types]", b"_rels/", b"docProps/", b"word/", b"xl/", b"ppt/", b"customXml/", b"META-INF", b"mimetype",
          b"AndroidManifest", b"classes", b"res/")  # fmt: skip
_ODF = b"mimetypeapplication/vnd.oasis.opendocument."
_ODF_MACROS = (b"Basic/script-lc.xml", b"Scripts/python/")
_PIECE = 1_000_000
# Nothing at the start of such a file says so: believed when the bytes are text.
_PLAIN = frozenset({"text/plain", "text/csv", "text/markdown", "text/calendar", "text/vcard", "text/vtt"})
_TEXTS = _PLAIN | {"application/json", "application/x-subrip", "application/pgp-signature", "message/rfc822"}
_FIELD = re.compile(rb"[A-Za-z][\w-]{1,40}:")  # a mail begins with one


def scan_kind(head: bytes) -> str | None:
    """The media type of a PDF, JPEG or PNG; None for anything else."""
    return next((kind for sign, kind in SCANS.items() if head.startswith(sign)), None)


def kind_of(head: bytes) -> str | None:
    """The media type a file's first bytes show; None when they show none we know."""
    if head[4:8] == b"ftyp":  # ISO 14496-12: photographs and films of telephones
        return _BRANDS.get(head[8:12], "video/mp4")
    if head.startswith(b"RIFF") and head[8:12] in _RIFF:
        return _RIFF[head[8:12]]
    if head.startswith(b"MZ") and _is_program(head):
        return "application/vnd.microsoft.portable-executable"
    if head.startswith(_ZIP):
        return "application/zip"
    if head.startswith(_OLE):
        return "application/x-ole-storage"
    for sign, kind in STARTS.items():
        if head.startswith(sign) and not (kind == "image/bmp" and not _is_bitmap(head)):
            return kind
    if script := script_of(head):
        return script
    return "application/pdf" if b"%PDF-" in head[:1024] else None  # readers of PDF look so far


def examine(file: BinaryIO, claimed: str, name: str) -> str:
    """The media type to keep and show: what the bytes are; what is claimed only where bytes cannot tell.

    file   read from its start; may be large, is never held whole"""
    file.seek(0)
    head = file.read(HEAD)
    kind = kind_of(head)
    if kind == "application/zip":
        return _of_zip(head, file)
    if kind == "application/x-ole-storage":
        return _inside(file, _IN_OLE) or kind
    if kind:
        return kind
    return _of_text(head, _plain(claimed), name) if _is_text(head) else UNKNOWN


def _of_text(head: bytes, claimed: str, name: str) -> str:
    ending = name.rpartition(".")[2].lower()
    if ending in SCRIPTS:
        return SCRIPTS[ending]
    if _FIELD.match(head) and (ending == "eml" or claimed == "message/rfc822"):
        return "message/rfc822"
    if head.startswith((b"BEGIN:VCALENDAR", b"BEGIN:VCARD")):
        return "text/calendar" if b"VCALENDAR" in head[:20] else "text/vcard"
    if claimed in _TEXTS and claimed != "message/rfc822":
        return claimed
    return "text/csv" if ending == "csv" else "text/plain"


def _of_zip(head: bytes, file: BinaryIO) -> str:
    if (
        start := head.find(_ODF, 0, 200)
    ) >= 0:  # the first entry, stored as it is (OpenDocument 1.3, part 2, §3.3)
        if _inside(file, dict.fromkeys(_ODF_MACROS, WITH_MACROS)):
            return WITH_MACROS
        said = head[start + len(b"mimetype") : start + 120].partition(b"PK")[0]
        return said.decode("ascii", "replace")
    found = _inside(file, _IN_ZIP)
    # Documents inside an archive bear these names too; only of a document they are the first.
    first = head[30 : 30 + int.from_bytes(head[26:28], "little")]
    return found if found and (found == WITH_MACROS or first.startswith(_FIRST)) else "application/zip"


def _inside(file: BinaryIO, signs: dict[bytes, str]) -> str | None:
    """The kind of the first of these signs that is anywhere in the file."""
    longest, tail, found = max(map(len, signs)), b"", set()
    file.seek(0)
    while piece := file.read(_PIECE):
        found |= {sign for sign in signs if sign in tail + piece}
        tail = piece[-longest:]
    return next((kind for sign, kind in signs.items() if sign in found), None)


def _is_program(head: bytes) -> bool:
    # Two letters alone begin many a text; a program says at byte 60 where its real head is, or is an old one.
    place = int.from_bytes(head[60:64], "little")
    return head[place : place + 2] in (b"PE", b"NE", b"LE", b"LX") or not _is_text(head)


def _is_bitmap(head: bytes) -> bool:
    return len(head) > 18 and head[6:10] == b"\0\0\0\0"


def _is_text(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    return not any(byte < 9 or 13 < byte < 27 or 27 < byte < 32 for byte in head)


def _plain(claimed: str) -> str:
    return claimed.partition(";")[0].strip().lower()
