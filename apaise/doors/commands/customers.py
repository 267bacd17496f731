"""Bring customers and contracts in from a CSV file. Safe to repeat: what is in already stays as it is. A run that was cut off goes on where it stopped."""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from apaise.__main__ import CommandError

_CHUNK = 1024 * 1024


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="CSV file with headings on its first line")
    parser.add_argument(
        "--mapping",
        type=Path,
        metavar="F",
        help='JSON file that says which heading means what: {"customer_key": "N° client", …}; without it the headings are guessed',
    )
    parser.add_argument("--dry-run", action="store_true", help="try only: report, write nothing")
    parser.add_argument("--json", action="store_true", help="the report as JSON on standard output")


def run(options: argparse.Namespace) -> int:
    from apaise.doors.commands import parts
    from apaise.ground.parties.customer_file import CustomerFile
    from apaise.ground.parties.errors import NotKept
    from apaise.ground.parties.importing import passes

    mapping = _mapping(options.mapping)
    if not options.file.is_file():
        raise CommandError(f"There is no file {options.file}. Check the path.")
    parts.prepare_database()
    try:
        file = _begun(options.file) if not options.dry_run else None
        if file is None:
            file = _tried(options.file, mapping)
            if file.state == CustomerFile.State.CHECKED and not options.dry_run:
                passes.start_loading(file, by=None)
    except NotKept as refusal:
        raise CommandError(str(refusal)) from refusal
    passes.run(file)
    report = _report(file, dry_run=options.dry_run)
    if options.dry_run or file.state == CustomerFile.State.BROKEN:
        passes.drop(file, by=None)
    print(json.dumps(report, ensure_ascii=False) if options.json else _lines(report))
    return 1 if report["state"] == CustomerFile.State.BROKEN else 0


def _tried(path: Path, mapping: dict[str, str] | None) -> Any:
    """The file uploaded, its columns named, and tried to its end."""
    from apaise.ground.parties.errors import NotKept
    from apaise.ground.parties.importing import columns, passes

    file = passes.upload(path.name, _chunks(path), by=None)
    try:
        chosen = columns.by_heading(mapping, file.headers) if mapping else file.columns
        passes.name_columns(file, chosen, by=None)
    except NotKept:
        passes.drop(file, by=None)
        raise
    passes.run(file)
    return file


def _begun(path: Path) -> Any:
    """The same file whose loading was cut off, if there is one."""
    import hashlib

    from apaise.ground.parties.customer_file import CustomerFile

    digest = hashlib.sha256()
    for chunk in _chunks(path):
        digest.update(chunk)
    same = CustomerFile.objects.filter(sha256=digest.hexdigest(), state=CustomerFile.State.LOADING)
    return same.order_by("-pk").first()


def _chunks(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                yield chunk
    except OSError as problem:
        raise CommandError(f"{path} cannot be read ({problem.strerror}).") from problem


def _mapping(path: Path | None) -> dict[str, str] | None:
    if path is None:
        return None
    try:
        read = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as problem:
        raise CommandError(
            f"The mapping {path} cannot be read ({problem}). It is a JSON object."
        ) from problem
    if not isinstance(read, dict) or not all(isinstance(heading, str) for heading in read.values()):
        raise CommandError(f'The mapping {path} must be an object such as {{"customer_key": "N° client"}}.')
    return read


def _report(file: Any, *, dry_run: bool) -> dict[str, Any]:
    from apaise.ground.parties.importing import passes
    from apaise.ground.parties.importing.report import why, why_unreadable

    broken = file.state == "broken"
    return {
        "file": file.name,
        "state": file.state,
        "dry_run": dry_run,
        "encoding": file.encoding,
        "delimiter": file.delimiter,
        "columns": {meaning: file.headers[place] for meaning, place in file.columns.items()},
        "new": file.new,
        "changed": file.changed,
        "unchanged": file.unchanged,
        "refused": file.refused,
        "refusals": [
            {
                "line": row.line,
                "column": row.column or None,
                "reason": row.why,
                "value": row.value or None,
                "what_to_do": why_unreadable(row.why, row.line)
                if broken and why(row.why) == row.why
                else why(row.why),
            }
            for row in passes.refusals(file)
        ],
    }


def _lines(report: dict[str, Any]) -> str:
    for row in report["refusals"]:
        place = f"line {row['line']}" + (f", {row['column']}" if row["column"] else "")
        print(f"{place}: {row['what_to_do']}", file=sys.stderr)
    said = "would be" if report["dry_run"] else "are"
    return (
        f"{report['file']}: {report['new']} {said} new, {report['changed']} changed, "
        f"{report['unchanged']} unchanged, {report['refused']} refused"
    )
