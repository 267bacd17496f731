"""On which level of the ladder a case stands, who can hold it there, and where it goes from there."""

from collections import Counter
from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, Q

from apaise.ground.accounts.models import User
from apaise.ground.ledger.models import Entry
from apaise.handling.routing.escalations import Escalation
from apaise.handling.routing.ladder import Level, enters, facts_at, ladder
from apaise.handling.routing.people import meant
from apaise.intake.cases import policies
from apaise.intake.cases.models import Case

CAN_HOLD = (*policies.WORKERS, "executive")  # whom the house lets read a case that they hold
NEVER_HANDLED = ("internal_second_look", "internal_mediator")  # read it anew: nobody who has held it


class Target(NamedTuple):
    """Where a case goes, and the levels on the way where nobody could take it."""

    level: Level
    person: User
    passed: list[Level]


def current(case: Case) -> Escalation | None:
    """The last move; None: on its first level since it came in."""
    return case.escalations.select_related("person", "came_from").order_by("-pk").first()


def standing(case: Case) -> int:
    """The level the case stands on."""
    last = current(case)
    return last.level if last else first_level(case)


def first_level(case: Case) -> int:
    steps = ladder(case.pack_version.pack)
    return steps[0].number if steps else 1


def people_of_level(case: Case, level: Level) -> list[User]:
    """The people of a level who can hold this case: first whoever holds it now, then those with the fewest cases."""
    people = [
        person
        for person in meant(case, level.code)
        if person.has_role(*CAN_HOLD) and reads_anew(case, level.code, person)
    ]
    held = Counter(
        dict(
            User.objects.filter(pk__in=[person.pk for person in people])
            .annotate(held=Count("cases", filter=Q(cases__urgent_at__isnull=False)))
            .values_list("pk", "held")
        )
    )
    return sorted(people, key=lambda one: (one.pk != case.handler_id, held[one.pk], one.pk))


def reads_anew(case: Case, code: str, person: User) -> bool:
    """Whether this person may answer on a level that reads a case with fresh eyes: they never held it."""
    if code not in NEVER_HANDLED:
        return True
    given = Entry.objects.of(case.reference).filter(what="case.assigned")
    return person.actor_code not in {entry.facts.get("to") for entry in given}


def target_above(
    case: Case, level: int, to_level: int | None, at: datetime
) -> tuple[Target | None, list[Level]]:
    """The next level above with somebody for the case, and the empty ones on the way, which also stand alone.

    to_level   straight to this one, or the next above it with people"""
    facts = facts_at(case, at)
    passed: list[Level] = []
    for step in ladder(case.pack_version.pack):
        if step.number <= level or step.number < (to_level or 0):
            continue
        if step.number != to_level and enters(case, step, facts, at) is False:
            continue
        if people := people_of_level(case, step):
            return Target(step, people[0], passed), passed
        passed.append(step)
    return None, passed
