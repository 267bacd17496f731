"""A task changes hands."""

from django.db import transaction

from apaise.ground.accounts.models import User
from apaise.ground.ledger.record import Actor
from apaise.handling.tasks.models import Task
from apaise.intake.cases.history import happened


def move(task: Task, to: User, *, believed: User, by: Actor) -> bool:
    """`to` owes it from now on. Returns False when it is done, or with somebody else than believed."""
    with transaction.atomic():
        task.case.hold()
        moved = Task.objects.open().filter(pk=task.pk, person=believed).update(person=to)
        if moved:
            happened(task.case, "task.moved", by=by, held=True, task=task.pk, to=to.actor_code)
    return bool(moved)
