"""Write a case's history: the ledger entry, and the clocks that follow from it."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction

from apaise.ground.ledger.models import Entry
from apaise.ground.ledger.record import Actor, Fact, record_all
from apaise.intake.cases import deadlines
from apaise.intake.cases.models import Case
from apaise.lib import clock


def happened(
    case: Case, what: str, *, by: Actor, at: datetime | None = None, held: bool = False, **facts: Any
) -> Entry:
    """Record that `what` happened to the case, and start, stop, pause or resume its deadlines accordingly.

    held   the case was opened or held in this very transaction"""
    return all_happened(case, [(what, facts)], by=by, at=at, held=held)[0]


def all_happened(
    case: Case,
    said: Sequence[Fact],
    *,
    by: Actor,
    at: datetime | None = None,
    is_new: bool = False,
    held: bool = False,
) -> list[Entry]:
    """The same for several words of one moment, in order. `is_new`: its chain begins here."""
    at = at or clock.now()
    with transaction.atomic(savepoint=False):
        if not is_new and not held:
            case.hold()
        clocks = (deadlines.BY, partial(deadlines.follow, case))
        return record_all(case, said, by=by, at=at, is_new=is_new, then=clocks)
