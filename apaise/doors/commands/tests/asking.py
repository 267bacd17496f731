"""Asking the commands that answer lines of JSON, in the same process or in one of their own."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from apaise.doors.commands import deadline
from apaise.doors.commands.json_lines import Shelf, answers, as_json

ROOT = Path(__file__).parents[4]


def run(
    name: str, *arguments: str, stdin: str = "", without: tuple[str, ...] = ("django", "jsonschema")
) -> Any:
    """`apaise NAME` in a process of its own; what answering does not need, and is slow to start, out of reach."""
    hidden = f"import sys; sys.modules.update(dict.fromkeys({without}))"
    code = f"{hidden}; from apaise.__main__ import main; sys.exit(main(sys.argv[1:]))"
    return subprocess.run(
        [sys.executable, "-c", code, name, *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
        check=False,
    )


def asked(*requests: Any, of: Any = deadline, shelf: Shelf | None = None) -> list[Any]:
    """What comes back for requests, or for raw lines."""
    lines = [request if isinstance(request, bytes) else json.dumps(request).encode() for request in requests]
    return [json.loads(as_json(answer)) for answer in answers(lines, shelf or Shelf(), of.answer)]


def ask(request: Any, *, of: Any = deadline) -> Any:
    [answer] = asked(request, of=of)
    return answer
