"""Asking the deadline command in the same process."""

import json
from typing import Any

from apaise.doors.commands.deadline import Shelf, _json, answers


def asked(*requests: Any) -> list[Any]:
    """What comes back for requests, or for raw lines."""
    lines = [request if isinstance(request, bytes) else json.dumps(request).encode() for request in requests]
    return [json.loads(_json(answer)) for answer in answers(lines, Shelf())]


def ask(request: Any) -> Any:
    [answer] = asked(request)
    return answer
