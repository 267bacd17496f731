"""What a file is by its bytes, whatever it is called and claims to be; and which files may do harm."""

import io
import zipfile

import pytest

from apaise.lib.file_danger import danger_of
from apaise.lib.file_kind import examine

PROGRAM = b"MZ\x90\0" + b"\0" * 56 + (128).to_bytes(4, "little") + b"\0" * 64 + b"PE\0\0" + b"\0" * 200
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def packed(*names: str, stored: dict[str, bytes] | None = None) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in (stored or {}).items():
            archive.writestr(name, content)
        for name in names:
            archive.writestr(name, "x" * 200, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def ole(*names: str) -> bytes:
    return OLE + b"\0".join(name.encode("utf-16-le") for name in names) + b"\0" * 100


DOCX = packed("[Content_Types].xml", "_rels/.rels", "word/document.xml")
ODT = packed("content.xml", stored={"mimetype": b"application/vnd.oasis.opendocument.text"})
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MACROS = "application/vnd.ms-office.macroenabled"
EXE = "application/vnd.microsoft.portable-executable"
SCRIPT = "application/x-script"

CONTENTS = [
    # what people send
    (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "application/pdf"),
    (b"\n\n%PDF-1.4\n", "application/pdf"),
    (b"\xff\xd8\xff\xe1\x00\x10Exif\0\0", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "image/png"),
    (b"GIF89a\x01\0\x01\0", "image/gif"),
    (b"RIFF\x24\0\0\0WEBPVP8 ", "image/webp"),
    (b"\0\0\0\x18ftypheic\0\0\0\0", "image/heic"),
    (b"\0\0\0\x1cftypavif\0\0\0\0", "image/avif"),
    (b"II*\0\x08\0\0\0", "image/tiff"),
    (b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x02", "image/bmp"),
    (b"\0\0\0\x18ftypmp42\0\0\0\0", "video/mp4"),
    (b"\0\0\0\x14ftypqt  \0\0\0\0", "video/quicktime"),
    (b"\0\0\0\x20ftypM4A \0\0\0\0", "audio/mp4"),
    (b"\0\0\0\x18ftyp3gp5\0\0\0\0", "video/3gpp"),
    (b"\x1aE\xdf\xa3\x01\0\0\0", "video/webm"),
    (b"RIFF\x24\0\0\0AVI LIST", "video/x-msvideo"),
    (b"RIFF\x24\0\0\0WAVEfmt ", "audio/wav"),
    (b"ID3\x03\0\0\0\0\0\x21", "audio/mpeg"),
    (b"\xff\xfb\x90\x64\0", "audio/mpeg"),
    (b"OggS\0\x02", "audio/ogg"),
    (b"#!AMR\n\x3c\x91", "audio/amr"),
    (DOCX, WORD),
    (packed("[Content_Types].xml", "xl/workbook.xml"), WORD.replace("wordprocessingml.document", "spreadsheetml.sheet")),
    (packed("[Content_Types].xml", "ppt/presentation.xml"), WORD.replace("wordprocessingml.document", "presentationml.presentation")),
    (ODT, "application/vnd.oasis.opendocument.text"),
    (ole("WordDocument"), "application/msword"),
    (ole("Workbook"), "application/vnd.ms-excel"),
    (ole("__properties_version1.0"), "application/vnd.ms-outlook"),
    (packed("facture.pdf", "photo.jpg"), "application/zip"),
    (packed(stored={"courrier.docx": DOCX}), "application/zip"),
    (b"{\\rtf1\\ansi Bonjour}", "application/rtf"),
    (b"7z\xbc\xaf'\x1c\0\x04", "application/x-7z-compressed"),
    ("Bonjour,\nma commande n'est pas arrivée.".encode(), "text/plain"),
    ("Bonjour, réclamation".encode("cp1252"), "text/plain"),
    ("Bonjour".encode("utf-16"), "text/plain"),
    (b"MZ: mesures de zone, mardi 12", "text/plain"),
    (b"BM 12, compteur 4430, index 2210\nBM 13", "text/plain"),
    (b"Le script de vente <b>est long</b>.", "text/plain"),
    # what a machine runs, or opens so that something runs
    (PROGRAM, EXE),
    (b"MZ\x90\0\x03\0\0\0", EXE),
    (b"\x7fELF\x02\x01\x01", "application/x-executable"),
    (b"\xcf\xfa\xed\xfe\x07", "application/x-mach-binary"),
    (b"\xca\xfe\xba\xbe\0\0\0\x34", "application/x-mach-binary"),
    (b"L\0\0\0\x01\x14\x02\0\0\0", "application/x-ms-shortcut"),
    (b"#!/bin/sh\nrm -rf ~\n", SCRIPT),
    (b"#! /usr/bin/env python3\n", SCRIPT),
    (b"@echo off\r\ndel *.*", SCRIPT),
    (b"<?php system($_GET['c']);", SCRIPT),
    (b'var s = new ActiveXObject("WScript.Shell");', SCRIPT),
    (b"IEX (New-Object Net.WebClient).DownloadString('x')", SCRIPT),
    (b"[InternetShortcut]\r\nURL=file://x", SCRIPT),
    (b"<html><body onload=boom()>", "text/html"),
    (b"  \r\n<!DOCTYPE html>\n<title>", "text/html"),
    (b"\xef\xbb\xbf<!-- facture --><!-- 2 -->\n<script>boom()</script>", "text/html"),
    ("<html>".encode("utf-16"), "text/html"),
    (b"Cliquez ici <script>boom()</script>", "text/html"),
    (b'<?xml version="1.0"?>\n<!-- x -->\n<svg xmlns="http://www.w3.org/2000/svg" onload="boom()"/>', "image/svg+xml"),
    (b"<svg><script>boom()</script></svg>", "image/svg+xml"),
    (b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN"><svg/>', "image/svg+xml"),
    (packed("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), MACROS),
    (packed("[Content_Types].xml", "xl/workbook.xml", "xl/macrosheets/sheet1.xml"), MACROS),
    (ole("WordDocument", "_VBA_PROJECT"), MACROS),
    (packed("Basic/script-lc.xml", stored={"mimetype": b"application/vnd.oasis.opendocument.text"}), MACROS),
    (packed("META-INF/MANIFEST.MF", "Main.class"), "application/java-archive"),
    (packed("AndroidManifest.xml", "classes.dex"), "application/vnd.android.package-archive"),
    # two at once: the bytes at the start decide, as they do for a browser
    (b"GIF89a/*\0\0*/=1;<script>boom()</script>", "image/gif"),
    (b"<html><!-- \n%PDF-1.4\n", "text/html"),
    (b"%PDF-1.4\n" + packed("x.class"), "application/pdf"),
    (b"\0\x01\x02\x03", "application/octet-stream"),
    (b"", "text/plain"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "kind"), CONTENTS, ids=[str(n) for n in range(len(CONTENTS))])
@pytest.mark.parametrize("claim", ["image/png", "application/pdf", "text/html; charset=utf-8", ""])
def test_the_bytes_tell_whatever_is_claimed(content: bytes, kind: str, claim: str) -> None:
    assert examine(io.BytesIO(content), claim, "facture.png") == kind


@pytest.mark.parametrize(
    ("content", "claim", "name", "kind"),
    [
        (b"a;b\n1;2", "", "compte.csv", "text/csv"),
        (b"a;b\n1;2", "text/csv", "compte", "text/csv"),
        (b"a;b\n1;2", "application/pdf", "compte.pdf", "text/plain"),
        (b"WEBVTT\n", "text/vtt; charset=utf-8", "appel.vtt", "text/vtt"),
        (b"BEGIN:VCALENDAR\n", "", "rdv", "text/calendar"),
        (b"Received: from x\r\nSubject: y\r\n\r\nz", "message/rfc822", "x", "message/rfc822"),
        (b"Subject: y\r\n\r\n<html>", "", "x.eml", "message/rfc822"),
        (b"bonjour", "message/rfc822", "x", "text/plain"),
        (b"alert(1)", "text/plain", "facture.js", SCRIPT),
        (b"Set x = 1", "text/plain", "facture.VBS", SCRIPT),
        (b"{}", "application/json", "x.json", "application/json"),
        (b"body", "text/html", "page.html", "text/html"),
        (b"\0\x01", "image/png", "x.png", "application/octet-stream"),
    ],
)
def test_of_a_text_the_claim_is_believed_where_it_is_harmless(
    content: bytes, claim: str, name: str, kind: str
) -> None:
    assert examine(io.BytesIO(content), claim, name) == kind


@pytest.mark.parametrize(
    ("kind", "name", "danger"),
    [
        ("application/pdf", "facture.pdf", ""),
        ("image/jpeg", "photo.JPG", ""),
        (WORD, "lettre.docx", ""),
        ("application/zip", "photos.zip", ""),
        ("message/rfc822", "message.eml", ""),
        ("text/plain", "lettre.txt", ""),
        ("application/vnd.oasis.opendocument.text", "lettre.odt", ""),
        (EXE, "photo.jpg", "program"),
        ("application/x-script", "notes.txt", "script"),
        ("text/html", "facture.pdf", "page"),
        ("image/svg+xml; charset=utf-8", "logo.png", "page"),
        ("APPLICATION/XHTML+XML", "x", "page"),
        (MACROS, "lettre.doc", "macros"),
        ("application/octet-stream", "facture.pdf.exe", "program"),
        ("application/octet-stream", "facture.SCR. ", "program"),
        ("text/plain", "facture.js", "script"),
        ("application/zip", "tableau.xlsm", "macros"),
        ("application/octet-stream", "image.iso", "program"),
    ],
)
def test_harm_is_told_by_kind_and_by_what_the_name_makes_a_machine_do(
    kind: str, name: str, danger: str
) -> None:
    assert danger_of(kind, name) == danger


@pytest.mark.parametrize(
    "content",
    [
        b"<!--" * 1_000_000,
        b"<!-- -->" * 500_000,
        b"PK\x03\x04" + b"vbaProject.bi" * 400_000,
        b"<?xml " * 700_000,
        b" " * 5_000_000,
    ],
)
def test_a_crafted_file_is_looked_at_once(content: bytes) -> None:
    assert examine(io.BytesIO(content), "", "x") in ("text/plain", "text/html", "application/zip")


def test_a_sign_on_the_border_of_two_pieces_is_seen() -> None:
    from apaise.lib import file_kind

    content = b"PK\x03\x04" + b"\0" * (file_kind._PIECE - 10) + b"vbaProject.bin"
    assert examine(io.BytesIO(content), "", "x.docx") == MACROS
