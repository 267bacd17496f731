"""While somebody is absent, what they hold is with whoever stands in; once they are back, so is it."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from apaise.ground.accounts.alerts import alert
from apaise.ground.accounts.models import User, everyone_with
from apaise.ground.ledger.record import System
from apaise.handling.routing.absences import Away, away, stands_in
from apaise.handling.routing.assignment import give
from apaise.handling.routing.holding import Because, holder_of
from apaise.handling.routing.people import apart_from, leads
from apaise.handling.routing.person import Cover
from apaise.handling.tasks.models import Task
from apaise.handling.tasks.moving import move
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case, WrongStage

BY = System("absence")


def settle_absences(at: datetime) -> int:
    """Hand over what absent people hold, and give back what those who returned held. Harmless to repeat.

    Returns how much changed hands. What a person gave to somebody else meanwhile stays there."""
    absent = away(at)
    moved = sum([_settle(cover, absent, at) for cover in _going_on()])
    for absence in absent.values():
        moved += sum([_begin(case, absence.user, absent, at) for case in _held_by(absence.user)])
        moved += sum([_begin_task(task, absence.user, absent, at) for task in _tasks_of(absence.user)])
    return moved


def _going_on() -> Iterable[Cover]:
    found = Cover.objects.filter(ended_at=None).select_related(
        "case__desk__signatory", "case__team", "of", "by"
    )
    return list(found.select_related("case__handler", "task__case").defer("case__pack_version__content"))


def _held_by(user: User) -> Iterable[Case]:
    held = (
        Case.objects.open().mine(user).exclude(covers__ended_at=None, covers__task=None, covers__isnull=False)
    )
    return list(held.select_related("desk__signatory", "team", "handler", "pack_version").order_by("pk"))


def _tasks_of(user: User) -> Iterable[Task]:
    mine = Task.objects.open().filter(person=user)
    return list(
        mine.exclude(covers__ended_at=None, covers__isnull=False).select_related("case__desk", "case__team")
    )


def _begin(case: Case, user: User, absent: Away, at: datetime) -> int:
    to = _holder(case, user, absent)
    if to is None or to == user:
        return 0
    with transaction.atomic():
        if not _give(case, to, believed=user, of=user):
            return 0
        Cover.objects.create(case=case, of=user, by=to, since=at)
    return 1


def _begin_task(task: Task, user: User, absent: Away, at: datetime) -> int:
    to = _who_owes(task.case, user, absent)
    if to is None or to == user:
        return 0
    with transaction.atomic():
        if not move(task, to, believed=user, by=BY):
            return 0
        Cover.objects.create(case=task.case, task=task, of=user, by=to, since=at)
    return 1


def _settle(cover: Cover, absent: Away, at: datetime) -> int:
    """One cover: still right, to be passed along, or over."""
    case = cover.case
    holder = cover.task.person_id if cover.task else case.handler_id
    over = not case.is_open or (cover.task is not None and cover.task.done_at is not None)
    if over or holder != cover.by_id:  # a person decided otherwise meanwhile
        return _end(cover, at) * 0
    to = (_who_owes if cover.task else _holder)(case, cover.of, absent)
    if to is None or to == cover.by:
        return 0
    with transaction.atomic():
        moved = (
            move(cover.task, to, believed=cover.by, by=BY)
            if cover.task
            else _give(case, to, believed=cover.by, of=cover.of)
        )
        if not moved:
            return 0
        if to == cover.of:
            _end(cover, at)
        else:
            Cover.objects.filter(pk=cover.pk, ended_at=None).update(by=to)
    return 1


def _end(cover: Cover, at: datetime) -> int:
    return Cover.objects.filter(pk=cover.pk, ended_at=None).update(ended_at=at)


def _holder(case: Case, user: User, absent: Away) -> User | None:
    found = holder_of(case, owner=user, absent=absent)
    if found.because == Because.NEXT_LEVEL:
        _tell_next_level(case, user, absent, [found.person] if found.person else [])
    return found.person


def _who_owes(case: Case, user: User, absent: Away) -> User | None:
    """A task: whoever stands in; where nobody does, whoever has their case, else a lead, who is told that it fell to them."""
    if there := stands_in(user, case, absent, workers_only=True):
        return there
    if user.pk not in absent:
        return None  # back, but not to have it any more: kept apart, or without the role
    if cover := case.covers.filter(task=None, ended_at=None, of=user).select_related("by").first():
        return cover.by
    next_level = leads(case)
    _tell_next_level(case, user, absent, next_level)
    return next((person for person in next_level if person.pk != user.pk), None)


def _tell_next_level(case: Case, user: User, absent: Away, next_level: list[User]) -> None:
    told = [*next_level, *apart_from(case, everyone_with("complaints_manager"))]
    once = f"nobody-stands-in:{case.pk}:{absent[user.pk].pk}"
    alert(told, "nobody_stands_in", chain=case.reference, once=once)


def _give(case: Case, to: User, *, believed: User, of: User) -> bool:
    try:
        give(case, to, believed=believed, by=BY, why="absence" if to != of else "return", of=of.actor_code)
    except (
        WrongStage,
        Refused,
    ):  # it moved on, or they were found to be a party, a moment ago: the next round asks anew
        return False
    return True
