"""Parses mail and prints it as JSON Lines; stores nothing and needs no database.

Give files or folders (read with all below them, in name order), or --stream to answer one line
`{"id": …, "raw_b64": …}` of standard input after the other. A mail that cannot be read gives a line
with "error" and the run goes on; the exit status is then 1."""

import argparse
import base64
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from apaise.__main__ import CommandError
from apaise.lib.mime import Address, Mail, Unreadable, read

NEEDS_DJANGO = False

# What cannot be read is answered with every key all the same: whoever takes a column need not ask first.
_NOTHING: dict[str, Any] = {
    "from": [],
    "to": [],
    "cc": [],
    "subject": "",
    "message_id": None,
    "in_reply_to": None,
    "references": [],
    "date": None,
    "text": "",
    "new_text": "",
    "html_sanitised": None,
    "attachments": [],
    "is_auto_reply": False,
    "is_bounce": False,
    "language": "und",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("path", nargs="*", type=Path, metavar="PATH", help="a mail, or a folder of mails")
    parser.add_argument("--stream", action="store_true", help="read {id, raw_b64} lines from standard input")
    parser.add_argument("--jsonl", action="store_true", help="print JSON Lines (the only form there is)")


def run(options: argparse.Namespace) -> int:
    if options.stream == bool(options.path):
        raise CommandError("Give the mails to read, or --stream to read them from standard input (not both).")
    for path in options.path:
        if not path.exists():
            raise CommandError(f"There is no file or folder {path}. Check the path and try again.")
    answers = _from_stream() if options.stream else _from_files(options.path)
    all_read = True
    for answer in answers:
        all_read = all_read and "error" not in answer
        line = json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace")
        sys.stdout.buffer.write(line + b"\n")
        sys.stdout.buffer.flush()  # whoever streams waits for each answer
    return 0 if all_read else 1


def _from_files(paths: list[Path]) -> Iterator[dict[str, Any]]:
    for path in paths:
        for file in _files(path):
            key = {"path": str(file)}
            try:
                raw = file.read_bytes()
            except OSError as problem:
                yield (
                    key
                    | _NOTHING
                    | {"error": f"The file cannot be opened: {problem.strerror}.", "code": "no-access"}
                )
            else:
                yield key | _answer(raw)


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    for folder, folders, names in os.walk(path):
        folders.sort()
        for name in sorted(names):
            if not name.startswith("."):
                yield Path(folder, name)


def _from_stream() -> Iterator[dict[str, Any]]:
    for line in sys.stdin.buffer:
        if not line.strip():
            continue
        asked = _loaded(line)
        try:
            raw = base64.b64decode(asked["raw_b64"])
        except (ValueError, TypeError, KeyError):
            reason = 'Each line must be {"id": …, "raw_b64": …} with the mail in base64.'
            yield {"id": asked.get("id")} | _NOTHING | {"error": reason, "code": "bad-line"}
        else:
            yield {"id": asked.get("id")} | _answer(raw)


def _loaded(line: bytes) -> dict[str, Any]:
    try:
        asked = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return asked if isinstance(asked, dict) else {}


def _answer(raw: bytes) -> dict[str, Any]:
    try:
        return _shown(read(raw))
    except Unreadable as refusal:
        return _NOTHING | {"error": refusal.reason, "code": refusal.code}
    except Exception as problem:
        # A fault of ours in one mail must not cost the answers to all the others.
        return _NOTHING | {
            "error": f"The message could not be read: {type(problem).__name__}.",
            "code": "fault",
        }


def _shown(mail: Mail) -> dict[str, Any]:
    return {
        "from": _people(mail.from_),
        "to": _people(mail.to),
        "cc": _people(mail.cc),
        "subject": mail.subject,
        "message_id": mail.message_id,
        "in_reply_to": mail.in_reply_to,
        "references": mail.references,
        "date": mail.date and mail.date.isoformat(),
        "text": mail.text,
        "new_text": mail.new_text,
        "html_sanitised": mail.html_sanitised,
        "attachments": [
            {"name": one.name, "type": one.type, "size": one.size, "sha256": one.sha256}
            for one in mail.attachments
        ],
        "is_auto_reply": mail.is_auto_reply,
        "is_bounce": mail.is_bounce,
        "language": mail.language,
    }


def _people(addresses: list[Address]) -> list[dict[str, str]]:
    return [{"name": one.name, "address": one.address} for one in addresses]
