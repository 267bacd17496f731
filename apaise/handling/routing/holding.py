"""Who holds a case when more than one voice would say so. The order and its reasons: docs/decisions/0017-who-holds-a-case.md."""

from enum import StrEnum
from typing import NamedTuple

from apaise.ground.accounts.models import User
from apaise.handling.routing.absences import Away, away, stands_in
from apaise.handling.routing.ladder import level_of
from apaise.handling.routing.levels import (
    current,
    first_level,
    people_of_level,
    reads_anew,
    standing,
    target_above,
)
from apaise.handling.routing.people import leads
from apaise.intake.cases.models import Case
from apaise.lib import clock


class Because(StrEnum):
    """By which voice somebody holds a case."""

    KEPT = "kept"  # nothing changes
    STANDS_IN = "stands_in"  # whose it is, or whoever they named for their absence
    SAME_LEVEL = "same_level"  # somebody else on the level of the ladder where it stands
    NEXT_LEVEL = "next_level"  # nobody is left there
    PLACED = "placed"  # the fast lane, a rule or a skill names them


class Holder(NamedTuple):
    """Who holds the case from now on; nobody: it waits in its queue, or for its lead."""

    person: User | None
    because: Because


def holder_of(
    case: Case,
    *,
    owner: User | None = None,
    proposed: User | None = None,
    takes_over: bool = False,
    absent: Away | None = None,
) -> Holder:
    """Who holds the case from now on. It only answers: giving it is `assignment.give`, which asks once more who is
    kept apart, in the transaction that gives it.

    owner        whose it is, where what is asked is whether they are there
    proposed     whom the fast lane, a rule or a skill names; with takes_over also where somebody holds it
    absent       who is absent, if the caller knows"""
    if owner is not None:
        return _while_absent(case, owner, away() if absent is None else absent)
    if case.handler is not None and not (proposed and takes_over):
        return Holder(case.handler, Because.KEPT)
    if is_passed_up(case):
        return Holder(case.handler, Because.KEPT) if case.handler else _on_its_level(case)
    if proposed is not None:
        return Holder(proposed, Because.PLACED)
    return Holder(None, Because.KEPT)


def is_passed_up(case: Case) -> bool:
    """Whether the case stands above its first level: then the ladder says who holds it, not its placing."""
    last = current(case)
    return last is not None and last.level > first_level(case)


def _while_absent(case: Case, owner: User, absent: Away) -> Holder:
    there = stands_in(owner, case, absent, workers_only=True)
    if there and (there in (owner, case.handler) or _may_read_it(case, there)):
        return Holder(there, Because.STANDS_IN)
    if owner.pk not in absent:  # back, but not to have it any more: kept apart, or without the role
        return Holder(case.handler, Because.KEPT)
    if case.handler and case.handler != owner and _is_there(case, case.handler, absent):
        return Holder(case.handler, Because.KEPT)  # whoever has it meanwhile goes on
    found = _on_its_level(case, without=owner) if is_passed_up(case) else Holder(None, Because.NEXT_LEVEL)
    if found.person:
        return found
    return Holder(next((one for one in leads(case) if one != owner), None), Because.NEXT_LEVEL)


def _on_its_level(case: Case, without: User | None = None) -> Holder:
    number = standing(case)
    level = level_of(case.pack_version.pack, number)
    people = [one for one in people_of_level(case, level) if one != without] if level else []
    if people:
        return Holder(people[0], Because.SAME_LEVEL)
    target, _passed = target_above(case, number, None, clock.now())
    return Holder(target.person if target else None, Because.NEXT_LEVEL)


def _may_read_it(case: Case, person: User) -> bool:
    last = current(case)
    return last is None or reads_anew(case, last.code, person)


def _is_there(case: Case, person: User, absent: Away) -> bool:
    return stands_in(person, case, absent, workers_only=True) == person
