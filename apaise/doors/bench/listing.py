"""The list of cases: every view, for a manager who sees all and a handler who sees a team's; then far behind in the list."""

import re
from collections.abc import Iterator

from apaise.doors.bench.bulk.load import HANDLER, MANAGER
from apaise.doors.bench.measure import timed
from apaise.doors.bench.pages import Browser
from apaise.doors.bench.report import Line
from apaise.ground.accounts.models import User

ASKED = 60
PAGES_ON = 20  # how far behind the first page one turns
_ROWS = re.compile(rb'<li class="row[ "]')
_NEXT = re.compile(rb'href="\?([^"]*after=[^"]+)"')
VIEWS = {"team": "open", "late": "late", "unassigned": "without handler", "ended": "ended"}


def measure(cases: int, *, asked: int = ASKED) -> Iterator[Line]:
    """Lines for each view; report.growth compares them between sizes."""
    manager = Browser(User.objects.get(email=MANAGER))
    handler = Browser(User.objects.get(email=HANDLER))
    yield _page("list.page", "list, open, a manager", manager, "?view=team", cases, asked)
    for view, name in VIEWS.items():
        yield _page("list.page", f"list, {name}, a handler", handler, f"?view={view}", cases, asked)
    yield _page("list.page", "list, mine, a handler", handler, "?view=mine", cases, asked)
    yield _page("list.page", f"list, open, page {PAGES_ON + 1}, a manager", manager, _far(manager), cases, asked)  # fmt: skip
    yield _page("list.page", "list, one channel, a manager", manager, "?view=team&channel=letter", cases, asked)  # fmt: skip
    yield _page("list.page", "list, due today, a manager", manager, "?view=team&due=today", cases, asked)
    yield _page("list.page", "today, a manager", manager, "", cases, asked, path="/desk/today")
    yield _page("list.page", "today, a handler", handler, "", cases, asked, path="/desk/today")


def _page(
    key: str, what: str, browser: Browser, query: str, cases: int, asked: int, *, path: str = "/desk/cases"
) -> Line:
    address = f"{path}{query}"
    page = browser.get(address)
    times = timed((lambda: browser.get(address)) for _ in range(asked))
    counted = {"rows": len(_ROWS.findall(page)), "bytes": len(page), "queries": browser.queries(address)}
    return Line.of(key, what, times, cases, **counted)


def _far(browser: Browser) -> str:
    query = "?view=team"
    for _ in range(PAGES_ON):
        found = _NEXT.search(browser.get(f"/desk/cases{query}"))
        if not found:
            return query
        query = "?" + found[1].decode().replace("&amp;", "&")
    return query
