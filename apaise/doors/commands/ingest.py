"""File real messages: .eml files and folders of them. Safe to repeat: what was filed before is a duplicate."""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from apaise.__main__ import CommandError

LARGEST = 50 * 1024 * 1024


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "paths", nargs="+", type=Path, metavar="PATH", help=".eml file, or folder (its .eml files, by name)"
    )
    parser.add_argument(
        "--channel", default="email", choices=["email"], help="how the messages came in (default email)"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line on standard output")


def run(options: argparse.Namespace) -> int:
    from apaise.doors.commands import parts
    from apaise.journey import queue

    parts.prepare_database()
    files = [file for path in options.paths for file in _files(path)]
    trouble = 0
    for file in files:
        result = _ingest(file, options.channel)
        trouble += result["outcome"] == "error"
        print(json.dumps(result, ensure_ascii=False) if options.json else _line(result), flush=True)
        queue.run_all(
            ("default",)
        )  # acknowledge as we go; the mail itself leaves with `apaise run` or `worker`
    return 1 if trouble else 0


def _files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from sorted(
            (file for file in path.rglob("*.eml") if file.is_file()), key=lambda file: str(file)
        )
    elif path.is_file():
        yield path
    else:
        raise CommandError(f"There is no file or folder {path}. Check the path.")


def _ingest(file: Path, channel: str) -> dict[str, Any]:
    from apaise.intake.channels import receive
    from apaise.intake.channels.models import Arrival

    try:
        if file.stat().st_size > LARGEST:
            return {"path": str(file), "outcome": "error", "case": None, "reason": "larger than 50 MB"}
        raw = file.read_bytes()
    except OSError as problem:
        return {
            "path": str(file),
            "outcome": "error",
            "case": None,
            "reason": f"cannot be read: {problem.strerror}",
        }
    digest = receive.digest_of(raw)
    if known := receive.seen_before(digest):  # nothing is written for what was seen before
        return _result(file, "duplicate", known.case, "received_before")
    begun = Arrival.objects.filter(raw=digest, state=Arrival.State.NEW).first()
    outcome = receive.receive(begun or receive.keep(raw, channel=channel))
    return _result(file, outcome.outcome, outcome.case, outcome.reason)


def _result(file: Path, outcome: str, case: Any, reason: str) -> dict[str, Any]:
    return {
        "path": str(file),
        "outcome": outcome,
        "case": case.reference if case else None,
        "reason": reason or None,
    }


def _line(result: dict[str, Any]) -> str:
    return "  ".join(
        str(part)
        for part in (result["outcome"], result["case"] or "-", result["path"], result["reason"] or "")
        if part
    )
