"""A trial of a policy on every processor: the cases in shares, each compared by a process of its own."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from apaise.intake.cases.what_if.comparison import Comparison

SHARE = 2000  # cases handed out at a time: small enough that no process waits long for another
Tell = Callable[[int], object]


def compare_in_shares(canonical: str, at: datetime, pks: list[int], many: int, tell: Tell) -> "Comparison":
    """What `Trial.compare` finds, with `many` processes; `tell` hears how many cases are done."""
    from apaise.intake.cases.what_if.comparison import Comparison

    found, done = Comparison(), 0
    for part in _parts(canonical, at, pks, many):
        found.plus(part)
        done += part.cases
        tell(done)
    return found


def _parts(canonical: str, at: datetime, pks: list[int], many: int) -> Iterator["Comparison"]:
    shares = [pks[first : first + SHARE] for first in range(0, len(pks), SHARE)]
    many = min(many, len(shares))
    if many < 2:
        yield from (_share(canonical, at, share) for share in shares)
        return
    # Not forked: a connection to the database, and a lock somebody holds, must not be in two processes.
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    with ProcessPoolExecutor(many, mp_context=get_context("spawn"), initializer=_begin) as processes:
        waiting = [processes.submit(_share, canonical, at, share) for share in shares]
        for each in waiting:
            yield each.result()


def _begin() -> None:
    from apaise.config.start import start_django

    start_django()


_trial: dict[tuple[str, datetime], Any] = {}  # the one in hand, which remembers the dates it has computed


def _share(canonical: str, at: datetime, pks: list[int]) -> "Comparison":
    from apaise.ground.packs.pack import Pack
    from apaise.intake.cases.what_if.reading import Trial

    if (canonical, at) not in _trial:
        _trial.clear()
        _trial[canonical, at] = Trial(Pack(canonical), at)
    comparison: Comparison = _trial[canonical, at].compare(pks)
    return comparison
