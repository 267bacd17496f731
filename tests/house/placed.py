"""Rules, absences and servings for the world of the guards."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, NamedTuple

from apaise.ground.accounts.models import User
from apaise.handling.routing.person import Absence
from apaise.handling.routing.placement import Serving
from apaise.handling.routing.rule import Rule
from apaise.intake.cases.models import Case
from apaise.lib import clock


class Placed(NamedTuple):
    rules: list[Rule]
    absences: dict[int, Absence]  # by whose


def make(users: Mapping[Any, User], keeper: User, served: Case) -> Placed:
    """Two rules; for everybody an absence to come and the case they were served."""
    rules = [
        Rule.objects.create(
            name=name, position=place, family=name, target=f"person:{keeper.pk}", changed_by=keeper
        )
        for place, name in enumerate(("billing", "delivery"), start=1)
    ]
    first = clock.now().date() + timedelta(days=20)
    absences = {
        user.pk: Absence.objects.create(
            user=user, first_day=first, last_day=first, made_by=user, made_at=clock.now()
        )
        for user in users.values()
    }
    Serving.objects.bulk_create(Serving(case=served, user=user, because="first") for user in users.values())
    return Placed(rules, absences)
