"""What can be measured, in the order in which it is: what only reads before what writes."""

from collections.abc import Callable, Iterator
from datetime import date, datetime

from apaise.doors.bench import case_page, cold, limits, listing, mail, memory, replaying, searching
from apaise.doors.bench.report import Line

Suite = Callable[[int, date, datetime, bool], Iterator[Line]]
FEW = 3  # calls of each kind in a short run

SUITES: dict[str, Suite] = {
    "limits": lambda cases, today, at, short: limits.measure(cases, at, **_few(short, "many")),
    "list": lambda cases, today, at, short: listing.measure(cases, **_few(short, "asked")),
    "case": lambda cases, today, at, short: case_page.measure(cases, today, **_few(short, "asked")),
    "search": lambda cases, today, at, short: searching.measure(cases, **_few(short, "asked")),
    "replay": lambda cases, today, at, short: replaying.measure(cases, at),
    "mail": lambda cases, today, at, short: mail.measure(cases, at, **_few(short, "many", 20)),
    "cold": lambda cases, today, at, short: cold.measure(cases, **_few(short, "starts", 1)),
    "memory": lambda cases, today, at, short: memory.measure(
        cases, today, at, **_few(short, "pages"), **_few(short, "mails")
    ),
}


def _few(short: bool, name: str, few: int = FEW) -> dict[str, int]:
    return {name: few} if short else {}
