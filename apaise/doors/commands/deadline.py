"""When something is due, and why.

Reads one JSON object a line and answers one a line, in the same order: a bare duration, a deadline of a policy
pack, or a statutory penalty. A line that cannot be answered gets an "error", and the exit status is 1 at the end.

  echo '{"start":"2026-11-20","duration":{"value":1,"unit":"business_days"}}' | apaise deadline --jsonl
"""

import argparse
import re
from datetime import date
from decimal import Decimal
from typing import Final

from apaise.doors.commands import json_lines
from apaise.doors.commands.json_lines import Answer, BadRequest, Request, Shelf, mapping, needed_value, text
from apaise.lib.working_time import (
    Calendar,
    Due,
    Duration,
    Extension,
    Pause,
    calendar_named,
    day_or_moment,
    due,
)

NEEDS_DJANGO = False
_MOST_DAYS: Final = 4_000_000  # more than there are from the year 1 to 9999
_AMOUNT: Final = re.compile(r"\d{1,15}(\.\d{1,6})?", re.ASCII)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    json_lines.add_arguments(parser)


def run(options: argparse.Namespace) -> int:
    return json_lines.run(options, answer)


def answer(request: Request, shelf: Shelf) -> Answer:
    if request.get("penalty") is not None:
        return _penalty(request)
    if request.get("pack") is not None or request.get("deadline") is not None:
        return _pack_deadline(request, shelf)
    return _bare(request)


def _bare(request: Request) -> Answer:
    calendar = calendar_named(text(request, "calendar") or "fr-metropole", text(request, "region"))
    max_pause = request.get("max_pause")
    return _due(
        due(
            day_or_moment(needed_value(request, "start")),
            Duration.from_data(needed_value(request, "duration")),
            _with_hours(calendar, request),
            roll=text(request, "roll") or "none",  # type: ignore[arg-type] # refused there if unknown
            pauses=_pauses(request),
            max_pause=None if max_pause is None else Duration.from_data(max_pause),
            extension=_extension(request),
        )
    )


def _pack_deadline(request: Request, shelf: Shelf) -> Answer:
    from apaise.ground.packs.deadline_rules import CriticalityNeeded

    pack = shelf.pack(text(request, "pack", needed=True) or "")
    deadline_id = text(request, "deadline", needed=True) or ""
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
    start, until = day_or_moment(needed_value(request, "start")), request.get("defer_until")
    applies = rule.applies(mapping(request, "facts")).result
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
            pack.calendar_in(text(request, "region")),
            criticality=text(request, "criticality"),
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

    name = text(request, "penalty") or ""
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


def _flag(request: Request, key: str) -> bool:
    value = request.get(key)
    if value is not None and not isinstance(value, bool):
        raise BadRequest(f"`{key}` must be true or false.")
    return bool(value)


def _pauses(request: Request) -> list[Pause]:
    pauses = request.get("pauses")
    if pauses is not None and not isinstance(pauses, list):
        raise BadRequest("`pauses` must be a list: […].")
    return [Pause.from_data(pause) for pause in pauses or ()]


def _with_hours(calendar: Calendar, request: Request) -> Calendar:
    hours = mapping(request, "business_hours")
    return (
        calendar.with_hours(needed_value(hours, "start"), needed_value(hours, "end")) if hours else calendar
    )


def _extension(request: Request) -> Extension | None:
    terms = mapping(request, "extension")
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
    amount = needed_value(request, key)
    if isinstance(amount, bool) or not _AMOUNT.fullmatch(str(amount)):
        raise BadRequest(f'`{key}` must be a decimal text such as "49.90".')
    return Decimal(str(amount))


def _day(request: Request, key: str) -> date:
    calendar = calendar_named("fr-metropole")
    moment = calendar.moment(day_or_moment(needed_value(request, key)))
    return moment.astimezone(calendar.zone).date()
