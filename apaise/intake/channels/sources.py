"""What lies at a path: mails, mboxes, Maildirs, lines of JSON, transcripts; told by content, and by name where that is all.

Read piece by piece: a file of any size costs the memory of one message."""

import json
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from apaise.lib import mbox, transcript

HEAD = 8 * 1024
LARGEST = 50 * 1024 * 1024  # of one message
LONGEST_LINE = 10 * 1024 * 1024
NAMED = {".eml": "mail", ".mbox": "mbox", ".jsonl": "line", ".ndjson": "line", ".vtt": "transcript", ".srt": "transcript"}  # fmt: skip
MAILDIR = ("cur", "new")
_HEADERS = re.compile(
    r"(?:[!-9;-~]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?(?:from|to|subject|date|message-id|received|return-path|mime-version|delivered-to):",
    re.IGNORECASE,
)


class Missing(Exception):
    """There is nothing at this path."""


class Piece(NamedTuple):
    """One message of a file, as it lies there."""

    path: str  # of a message in an mbox or a line: file#17
    kind: str  # mail, line, transcript, unknown
    raw: bytes
    read: int  # bytes of the file read so far
    problem: str = ""  # why it cannot be taken: too large, unreadable


def files_at(path: Path) -> list[Path]:
    """The file, or the files of the folder and all below it, in the order of their names. Raises Missing."""
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise Missing(str(path))
    found = [*_below(path)]
    return [file for _key, file in sorted(found)]


def _below(folder: Path) -> Iterator[tuple[str, Path]]:
    """(what to sort by, file). The mails of a Maildir are in the order of their names, whether seen or new."""
    closed: list[Path] = []  # a folder that cannot be opened is said to be, like a file
    for place, folders, names in os.walk(
        folder, onerror=lambda problem: closed.append(Path(problem.filename))
    ):
        here = Path(place)
        if all(name in folders for name in MAILDIR):
            for part in MAILDIR:
                inside = (file for file in (here / part).iterdir() if file.is_file())
                yield from ((str(here / file.name), file) for file in inside if file.name[0] != ".")
            # What stands beside is the mailbox's own: its sent mail, its drafts, what is being written.
            folders[:] = [name for name in folders if name not in (*MAILDIR, "tmp") and name[0] != "."]
            continue
        for name in names:
            if (name[0] != "." or name.endswith(".eml")) and (here / name).is_file():
                yield str(here / name), here / name
    yield from ((str(place), place) for place in closed)


def is_in_maildir(file: Path) -> bool:
    return file.parent.name in MAILDIR and all((file.parent.parent / name).is_dir() for name in MAILDIR)


def kind_of(head: bytes, name: str) -> str:
    """mail, mbox, line, transcript or unknown, by how the file begins and, failing that, by its name."""
    ending = Path(name).suffix.lower()
    if ending == ".eml":
        return "mail"
    text = transcript.decoded(head)
    if mbox.begins_one(head):
        return "mbox"
    if text.startswith("WEBVTT"):
        return "transcript"
    if ending not in NAMED and text.lstrip().startswith("{"):
        return "line" if _is_object(text.lstrip()) else "unknown"
    if _HEADERS.match(text.lstrip()) and "-->" not in text[:200]:
        return "mail"
    if ending in NAMED:
        return NAMED[ending]
    return "transcript" if transcript.form_of(text) and ending in ("", ".txt", ".text") else "unknown"


def _is_object(text: str) -> bool:
    first, newline, _rest = text.partition("\n")
    try:
        return isinstance(json.loads(first), dict)
    except (ValueError, RecursionError):
        return not newline  # one line longer than what was looked at


def pieces(file: Path) -> Iterator[Piece]:
    """Every message of this file, in its order; a problem of one is said and the rest goes on."""
    label = str(file)
    try:
        size = file.stat().st_size
        with file.open("rb") as opened:
            kind = "mail" if is_in_maildir(file) else kind_of(opened.read(HEAD), file.name)
            opened.seek(0)
            if kind == "mbox":
                yield from _mails(opened, label)
            elif kind == "line":
                yield from _lines(opened, label)
            elif size > LARGEST:
                yield Piece(label, kind, b"", size, "larger than 50 MB")
            else:
                yield Piece(label, kind, opened.read(), size)
    except OSError as problem:
        yield Piece(label, "unknown", b"", 0, f"cannot be read: {problem.strerror}")


def _mails(opened: BinaryIO, label: str) -> Iterator[Piece]:
    for found in mbox.mails(opened, largest=LARGEST):
        path = f"{label}#{found.number}"
        if found.raw is None:
            yield Piece(path, "mail", b"", found.read, "larger than 50 MB")
        elif not mbox.is_folder_data(found.raw):
            yield Piece(path, "mail", found.raw, found.read)


def _lines(opened: BinaryIO, label: str) -> Iterator[Piece]:
    read, number = 0, 0
    while line := opened.readline(LONGEST_LINE + 1):
        number += 1
        read += len(line)
        too_long = len(line) > LONGEST_LINE
        while too_long and not line.endswith(b"\n") and (line := opened.readline(LONGEST_LINE)):
            read += len(line)
        if too_long:
            yield Piece(f"{label}#{number}", "line", b"", read, "longer than 10 MB")
        elif bare := line.strip(b"\r\n \t\xef\xbb\xbf"):
            yield Piece(f"{label}#{number}", "line", bare, read)


def named_in_lines(files: Iterable[Path]) -> set[Path]:
    """The files that lines of JSON beside them name as theirs: those are no messages of their own."""
    named: set[Path] = set()
    for file in files:
        if file.suffix.lower() not in (".jsonl", ".ndjson"):
            continue
        for piece in pieces(file):
            if piece.kind == "line" and b'"files"' in piece.raw:
                named |= {file.parent / name for name in _files_named(piece.raw)}
    return named


def _files_named(raw: bytes) -> list[str]:
    try:
        found = json.loads(raw)["files"]
        return [name for name in found if isinstance(name, str)] if isinstance(found, list) else []
    except (ValueError, RecursionError, LookupError, TypeError):
        return []
