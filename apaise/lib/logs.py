"""Lines for a log that never quote: an error is named by its type and place, since its text may hold a customer's words."""

import json
import logging
import traceback
from datetime import UTC, datetime
from pathlib import Path

STANDS_ALONE = (
    "apaise"  # loggers below this name choose their words; those of libraries are not ours to trust
)


class Plain(logging.Formatter):
    """One line for a person, and for an error the places it came through."""

    def __init__(self) -> None:
        super().__init__("{asctime} {levelname} {name}: {message}", style="{")

    def format(self, record: logging.LogRecord) -> str:
        said = {**record.__dict__, "message": message_of(record), "asctime": self.formatTime(record)}
        line = "{asctime} {levelname} {name}: {message}".format_map(said)
        return f"{line} ({came_through(record)})" if record.exc_info else line


class Json(logging.Formatter):
    """One JSON object a line: time, level, logger, event, what was given as `extra={"facts": {…}}`, and the places of an error."""

    def format(self, record: logging.LogRecord) -> str:
        said = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": message_of(record),
            **getattr(record, "facts", {}),
        }
        if record.exc_info:
            said["error"] = came_through(record)
        return json.dumps(said, ensure_ascii=False, default=str)


def message_of(record: logging.LogRecord) -> str:
    """What the record says. Of a library's, only its level and place: its text may quote an address or a body."""
    if record.name.partition(".")[0] == STANDS_ALONE:
        return " ".join(record.getMessage().split())
    return f"{record.levelname.lower()} at {record.filename}:{record.lineno}"


def came_through(record: logging.LogRecord) -> str:
    """`ValueError: files.py:55 < views.py:31`: type and places, innermost first, without a word of the text."""
    problem = record.exc_info[1] if record.exc_info else None
    if problem is None:
        return ""
    frames = reversed(traceback.extract_tb(problem.__traceback__)[-6:])
    places = " < ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames)
    return f"{type(problem).__name__}: {places}"
