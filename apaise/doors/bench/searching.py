"""Search, through the box of the list."""

from collections.abc import Iterator
from functools import partial
from urllib.parse import quote

from apaise.doors.bench.bulk.load import MANAGER
from apaise.doors.bench.measure import timed
from apaise.doors.bench.pages import Browser
from apaise.doors.bench.report import Line
from apaise.ground.accounts.models import User
from apaise.intake.cases import findable

ASKED = 60
WORDS = ("dégât", "degat", "remboursement technicien", "rembours", "colis abîmé", "Fontanel")


def measure(cases: int, *, asked: int = ASKED) -> Iterator[Line]:
    for _done in findable.rebuild():  # the bulk loader writes rows beside the verbs, and so beside the index
        pass
    browser = Browser(User.objects.get(email=MANAGER))
    for words in WORDS:
        address = f"/desk/cases?view=team&q={quote(words)}"
        page = browser.get(address)
        times = timed(partial(browser.get, address) for _ in range(asked))
        yield Line.of("search.words", f"search “{words}”", times, cases, bytes=len(page), queries=browser.queries(address))  # fmt: skip
