"""How much somebody carries: open cases, and how many of them are hard to carry."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Count, Q

from apaise.ground.accounts.models import User
from apaise.intake.cases.models import BEFORE_ALL, Case
from apaise.lib import clock

LATELY = timedelta(days=7)


class Load(NamedTuple):
    open: int = 0
    hard: int = 0  # of the open ones
    lately: int = 0  # hard ones that came within the last seven days, answered or not

    @property
    def weight(self) -> int:
        """An open case counts once, a hard one three times, and one of these days is still felt."""
        return self.open + 2 * self.hard + self.lately


def hard(prefix: str = "") -> Q:
    """Cases that are hard to carry: C1 and C2. Anger joins them here once words are read for it; unknown is not hard."""
    return Q(**{f"{prefix}criticality__in": ("C1", "C2")})


def is_hard(case: Case) -> bool:
    return case.criticality in ("C1", "C2")


def loads(people: Iterable[User], at: datetime | None = None) -> dict[int, Load]:
    """What each of these people carries, in one question."""
    since = (at or clock.now()) - LATELY
    ids = [person.pk for person in people]
    is_open = Q(urgent_at__gt=BEFORE_ALL)
    held = Case.objects.filter(handler__in=ids).filter(is_open | Q(received_at__gte=since))
    counted = (
        held.order_by()
        .values("handler")
        .annotate(
            open=Count("pk", filter=is_open),
            hard=Count("pk", filter=is_open & hard()),
            lately=Count("pk", filter=hard() & Q(received_at__gte=since)),
        )
    )
    found = {row["handler"]: Load(row["open"], row["hard"], row["lately"]) for row in counted}
    return {pk: found.get(pk, Load()) for pk in ids}
