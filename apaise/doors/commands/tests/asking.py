"""Asking the commands that answer lines of JSON in the same process."""

import json
from typing import Any

from apaise.doors.commands import deadline
from apaise.doors.commands.json_lines import Shelf, answers, as_json


def asked(*requests: Any, of: Any = deadline, shelf: Shelf | None = None) -> list[Any]:
    """What comes back for requests, or for raw lines."""
    lines = [request if isinstance(request, bytes) else json.dumps(request).encode() for request in requests]
    return [json.loads(as_json(answer)) for answer in answers(lines, shelf or Shelf(), of.answer)]


def ask(request: Any, *, of: Any = deadline) -> Any:
    [answer] = asked(request, of=of)
    return answer
