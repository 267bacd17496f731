"""When something is due, and why.

Reads one JSON object a line and answers one a line, in the same order: a bare duration, a deadline of a policy
pack, or a statutory penalty. A line that cannot be answered gets an "error", and the exit status is 1 at the end.

  echo '{"start":"2026-11-20","duration":{"value":1,"unit":"business_days"}}' | apaise deadline --jsonl
"""

import argparse
import json
import math
import re
import sys
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from apaise.__main__ import CommandError
from apaise.lib.working_time import (
    Calendar,
    Due,
    Duration,
    Extension,
    Pause,
    WorkingTimeError,
    calendar_named,
    day_or_moment,
    due,
)

if TYPE_CHECKING:
    from apaise.ground.packs.pack import Pack

NEEDS_DJANGO = False
_MOST_DAYS: Final = 4_000_000  # more than there are from the year 1 to 9999
_AMOUNT: Final = re.compile(r"\d{1,15}(\.\d{1,6})?", re.ASCII)
Request = dict[str, Any]
Answer = dict[str, Any]


class BadRequest(ValueError):
    """What is wrong with a request, in one line."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--jsonl", action="store_true", help="read requests from standard input, one a line")
    parser.add_argument(
        "--pack",
        metavar="FILE",
        type=Path,
        action="append",
        default=[],
        help="know the pack of this file too",
    )


def run(options: argparse.Namespace) -> int:
    if not options.jsonl:
        raise CommandError("Nothing to read: add --jsonl and give one request a line on standard input.")
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8")  # whatever the locale says
    shelf, bad = Shelf(options.pack), False
    for answer in answers(sys.stdin.buffer, shelf):
        bad = bad or "error" in answer
        print(_json(answer), flush=True)
    return 1 if bad else 0


def answers(lines: Iterable[bytes], shelf: "Shelf") -> Iterator[Answer]:
    """One answer for each line that is not blank."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        name: Any = number
        try:
            request = _read(line)
            name = _name(request.get("id"), number)
            answer = _answer(request, shelf)
        except (BadRequest, WorkingTimeError) as problem:
            answer = {"error": str(problem)}
        except OverflowError:
            answer = {"error": "That lies outside the years 1 to 9999; use a nearer date."}
        except Exception as problem:
            # The next line is answered whatever this one did.
            answer = {
                "error": f"This request cannot be answered ({type(problem).__name__}); check its values."
            }
        yield {"id": name, **answer}


class Shelf:
    """The packs at hand: the shipped ones, and those given as files, which are checked."""

    def __init__(self, files: Iterable[Path] = ()) -> None:
        self._packs: dict[str, Pack] = {}
        for file in files:
            from apaise.ground.packs.load import PackError, load_pack_file

            try:
                pack = load_pack_file(file)
            except PackError as problem:
                raise CommandError(str(problem)) from problem
            self._packs[pack.id] = pack

    def pack(self, pack_id: str) -> "Pack":
        # Read when first asked for: a bare duration needs no pack, and its answer should not wait for one.
        from apaise.ground.packs.load import UnknownPack, load_pack

        if pack_id not in self._packs:
            try:
                self._packs[pack_id] = load_pack(pack_id, check=False)
            except UnknownPack as problem:
                raise BadRequest(str(problem)) from problem
        return self._packs[pack_id]


def _answer(request: Request, shelf: Shelf) -> Answer:
    if request.get("penalty") is not None:
        return _penalty(request)
    if request.get("pack") is not None or request.get("deadline") is not None:
        return _pack_deadline(request, shelf)
    return _bare(request)


def _bare(request: Request) -> Answer:
    calendar = calendar_named(_text(request, "calendar") or "fr-metropole", _text(request, "region"))
    max_pause = request.get("max_pause")
    return _due(
        due(
            day_or_moment(_needed(request, "start")),
            Duration.from_data(_needed(request, "duration")),
            _with_hours(calendar, request),
            roll=_text(request, "roll") or "none",  # type: ignore[arg-type] # refused there if unknown
            pauses=_pauses(request),
            max_pause=None if max_pause is None else Duration.from_data(max_pause),
            extension=_extension(request),
        )
    )


def _pack_deadline(request: Request, shelf: Shelf) -> Answer:
    from apaise.ground.packs.deadline_rules import CriticalityNeeded

    pack = shelf.pack(_text(request, "pack", needed=True) or "")
    deadline_id = _text(request, "deadline", needed=True) or ""
    rule = pack.deadline(deadline_id)
    about: Answer = {"pack": pack.label, "deadline": deadline_id}
    if rule is None:
        return {
            **_NO_DUE,
            **about,
            "applies": False,
            "customer_right": False,
            "source": [],
            "reason": "not_in_pack",
        }
    start, until = day_or_moment(_needed(request, "start")), request.get("defer_until")
    applies = rule.applies(_map(request, "facts")).result
    about |= {
        "applies": "unknown" if applies is None else applies,
        "customer_right": rule.customer_right,
        "source": list(rule.source),
    }
    if applies is False:
        return {**_NO_DUE, **about}
    try:
        found = rule.due(
            start,
            pack.calendar_in(_text(request, "region")),
            criticality=_text(request, "criticality"),
            pauses=_pauses(request),
            extended=_flag(request, "extended"),
            defer_until=None if until is None else day_or_moment(until),
        )
    except CriticalityNeeded as problem:
        raise BadRequest(str(problem)) from problem
    return {**_due(found), **about}


_NO_DUE: Final[Answer] = {
    **dict.fromkeys(("due", "weekday", "due_at", "rolled_from", "internal_target")),
    "explanation": [],
}


def _due(found: Due) -> Answer:
    spans = []
    for span in found.explanation():
        told = {
            "from": span.start.isoformat(timespec="seconds"),
            "to": span.end.isoformat(timespec="seconds"),
            "counted": span.counted,
            "reason": span.reason,
        }
        spans.append(told if span.label is None else {**told, "label": span.label})
    return {
        "due": found.due.isoformat(),
        "weekday": found.weekday,
        "due_at": found.due_at.isoformat(timespec="seconds"),
        "rolled_from": found.rolled_from and found.rolled_from.isoformat(),
        "internal_target": found.internal_target.isoformat(),
        "explanation": spans,
    }


def _penalty(request: Request) -> Answer:
    from apaise.ground.packs.penalties import STATUTORY, penalty, statutory_steps

    name = _text(request, "penalty") or ""
    if name not in STATUTORY:
        raise BadRequest(f"There is no penalty “{name[:60]}”; use one of {', '.join(STATUTORY)}.")
    price = None if request.get("price") is None else _amount(request, "price")
    found = penalty(statutory_steps(name), _amount(request, "amount"), _days_late(request), price)
    return {
        "days_late": found.days_late,
        "rate": None if found.rate is None else str(found.rate),
        "increase_eur": None if found.increase is None else str(found.increase),
        "total_eur": None if found.total is None else str(found.total),
        "increase": "legal_interest_rate" if found.legal_interest else None,
        "capped": found.capped,
    }


def _days_late(request: Request) -> int:
    days = request.get("days_late")
    if days is None:
        return _day(request, "paid_on").toordinal() - _day(request, "due_on").toordinal()
    if isinstance(days, float) and days.is_integer():
        days = int(days)
    if isinstance(days, bool) or not isinstance(days, int) or abs(days) > _MOST_DAYS:
        raise BadRequest("`days_late` must be a whole number of days.")
    return days


# ---- reading a request ----


def _read(line: bytes) -> Request:
    try:
        request = json.loads(line.decode("utf-8-sig"), parse_constant=_no_number)
    except UnicodeDecodeError:
        raise BadRequest("This line is not UTF-8 text.") from None
    except (ValueError, RecursionError) as problem:
        raise BadRequest(f"This line is not JSON: {str(problem)[:100]}.") from None
    if not isinstance(request, dict):
        raise BadRequest("A request is a JSON object: {…}.")
    return request


def _no_number(word: str) -> Any:
    raise ValueError(f"{word} is no number")


def _name(given: Any, number: int) -> Any:
    if given is None:
        return number
    is_number = isinstance(given, int | float) and not isinstance(given, bool) and math.isfinite(given)
    if not isinstance(given, str) and not is_number:
        raise BadRequest("`id` must be a text or a number.")
    return given


def _needed(request: Request, key: str) -> Any:
    if request.get(key) is None:
        raise BadRequest(f"`{key}` is missing.")
    return request[key]


def _text(request: Request, key: str, *, needed: bool = False) -> str | None:
    value = _needed(request, key) if needed else request.get(key)
    if value is not None and not isinstance(value, str):
        raise BadRequest(f"`{key}` must be a text.")
    return value


def _flag(request: Request, key: str) -> bool:
    value = request.get(key)
    if value is not None and not isinstance(value, bool):
        raise BadRequest(f"`{key}` must be true or false.")
    return bool(value)


def _map(request: Request, key: str) -> dict[str, Any]:
    value = request.get(key)
    if value is not None and not isinstance(value, dict):
        raise BadRequest(f"`{key}` must be an object: {{…}}.")
    return value or {}


def _pauses(request: Request) -> list[Pause]:
    pauses = request.get("pauses")
    if pauses is not None and not isinstance(pauses, list):
        raise BadRequest("`pauses` must be a list: […].")
    return [Pause.from_data(pause) for pause in pauses or ()]


def _with_hours(calendar: Calendar, request: Request) -> Calendar:
    hours = _map(request, "business_hours")
    return calendar.with_hours(_needed(hours, "start"), _needed(hours, "end")) if hours else calendar


def _extension(request: Request) -> Extension | None:
    terms = _map(request, "extension")
    if request.get("extension") is None:
        return None
    given = [key for key in ("to", "adds", "defer_until") if terms.get(key) is not None]
    if len(given) != 1:
        raise BadRequest("An extension has exactly one of `to`, `adds` and `defer_until`.")
    if given == ["defer_until"]:
        return Extension(defer_until=day_or_moment(terms["defer_until"]))
    more = Duration.from_data(terms[given[0]])
    return Extension(to=more) if given == ["to"] else Extension(adds=more)


def _amount(request: Request, key: str) -> Decimal:
    amount = _needed(request, key)
    if isinstance(amount, bool) or not _AMOUNT.fullmatch(str(amount)):
        raise BadRequest(f'`{key}` must be a decimal text such as "49.90".')
    return Decimal(str(amount))


def _day(request: Request, key: str) -> date:
    calendar = calendar_named("fr-metropole")
    moment = calendar.moment(day_or_moment(_needed(request, key)))
    return moment.astimezone(calendar.zone).date()


def _json(answer: Answer) -> str:
    line = json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
    try:
        line.encode()
    except UnicodeEncodeError:  # half a surrogate pair came in: it goes out as the escape it was
        line = json.dumps(answer, separators=(",", ":"))
    return line
