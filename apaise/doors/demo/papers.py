"""The files of the demo, made here: a plain picture, a typed page, a table. Something to open, nothing to download."""

import struct
import zlib
from textwrap import wrap
from typing import Any

from apaise.intake.cases.messages import File
from apaise.intake.channels.models import file_store

WIDE, LEADING, TOP = 78, 15, 780  # signs a line, points between lines, where the first one stands
MOST_LINES = 50
SLATE = (0x2B, 0x33, 0x3D)


def kept(name: str, about: str) -> File:
    """A file of this name in the store."""
    content, kind = made(name, about)
    digest, size = file_store().keep(content)
    return File(name, kind, size, digest)


def made(name: str, about: str) -> tuple[bytes, str]:
    """What lies in a file of this name, and its type."""
    ending = name.rpartition(".")[2]
    if ending == "pdf":
        return typed_page(about), "application/pdf"
    if ending in ("csv", "txt"):
        return f"{about}\n".encode(), "text/csv" if ending == "csv" else "text/plain"
    return picture(name), "image/png"


def attachments(data: dict[str, Any]) -> list[File]:
    """The files that come with the first words of a story."""
    return [kept(file["name"], file["about"]) for file in data.get("attachments", ())]


def typed_page(text: str) -> bytes:
    """One page of typewriter, as a scanner would give it: a PDF with a single stream."""
    lines = [part for line in text.splitlines() for part in (wrap(line, WIDE) or [""])][:MOST_LINES]
    shown = "".join(f"({_escaped(line)}) Tj T*\n" for line in lines)
    stream = f"BT /F1 10 Tf {LEADING} TL 56 {TOP} Td\n{shown}ET".encode("cp1252", "replace")
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>",
    ]
    return _numbered(parts)


def _numbered(parts: list[bytes]) -> bytes:
    """The objects of a PDF with the table that says where each begins."""
    page, starts = bytearray(b"%PDF-1.4\n"), []
    for number, part in enumerate(parts, start=1):
        starts.append(len(page))
        page += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % start for start in starts)
    end = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(parts) + 1, len(page))
    return bytes(page) + b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1) + table + end


def _escaped(line: str) -> str:
    # The narrow space of French typography has no place in the old fonts every reader has.
    plain = line.replace("\u202f", "\u00a0")
    return plain.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def picture(name: str) -> bytes:
    """A small plain PNG whose colour depends on the name."""
    shade = zlib.crc32(name.encode())
    pixel = bytes(((shade >> shift) & 0x7F) + 0x60 for shift in (0, 8, 16))
    frame = bytes(SLATE)
    edge = b"\0" + frame * 64
    row = b"\0" + frame + pixel * 62 + frame
    rows = edge + row * 46 + edge

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", 64, 48, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )
