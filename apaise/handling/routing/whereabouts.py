"""Who is away on some days, for the pages that show people's load and dates."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from apaise.ground.accounts.models import User
from apaise.handling.routing.person import Absence


class Away(NamedTuple):
    """Days somebody is not there, both included, and who stands in, if anybody."""

    first_day: date
    last_day: date
    stand_in: str


def away(people: Iterable[User], first: date, last: date) -> dict[int, list[Away]]:
    """The absences that touch these days, by whose they are, earliest first. One question."""
    touching = Absence.objects.standing().filter(
        user__in=[person.pk for person in people], first_day__lte=last, last_day__gte=first
    )
    found: dict[int, list[Away]] = {}
    rows = touching.order_by("first_day", "pk").values_list(
        "user_id", "first_day", "last_day", "stand_in__name"
    )
    for user, begins, ends, stand_in in rows:
        found.setdefault(user, []).append(Away(begins, ends, stand_in or ""))
    return found
