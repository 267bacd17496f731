"""The page of one case: a common one, and one with a hundred messages."""

from collections.abc import Iterator
from datetime import date
from functools import partial

from apaise.doors.bench.bulk.load import MANAGER, references
from apaise.doors.bench.bulk.plan import LONG_EVERY
from apaise.doors.bench.measure import timed
from apaise.doors.bench.pages import Browser
from apaise.doors.bench.report import Line
from apaise.ground.accounts.models import User
from apaise.intake.cases.models import Case

ASKED = 60


def measure(cases: int, today: date, *, asked: int = ASKED) -> Iterator[Line]:
    manager = Browser(User.objects.get(email=MANAGER))
    common = references(range(1, min(cases, asked) + 1), cases, today)
    long = references(range(7, cases + 1, LONG_EVERY), cases, today)
    yield _pages("case.common", "case page", manager, common, cases, asked)
    if not long:
        yield Line("case.page", "case page, 100 messages", cases, not_measured=f"needs {LONG_EVERY} cases")
        return
    yield _pages("case.page", "case page, 100 messages", manager, long, cases, asked)
    slowest = max(manager.queries(f"/desk/cases/{reference}") for reference in long[:12])
    yield Line("case.queries", "case page, 100 messages", cases, {"queries": slowest})
    mine = Case.objects.filter(reference__in=long, handler__isnull=False).select_related("handler").first()
    if mine and mine.handler:
        holder = Browser(mine.handler)
        yield _pages(
            "case.page", "case page, 100 messages, its handler", holder, [mine.reference], cases, asked
        )


def _pages(key: str, what: str, browser: Browser, references_: list[str], cases: int, asked: int) -> Line:
    addresses = [f"/desk/cases/{references_[n % len(references_)]}" for n in range(asked)]
    browser.get(addresses[0])
    times = timed(partial(browser.get, address) for address in addresses)
    size = len(browser.get(addresses[0]))
    return Line.of(key, what, times, cases, bytes=size, queries=browser.queries(addresses[0]))
