"""Tasks of somebody who may no longer do them."""

from django.db import transaction

from apaise.ground.accounts.models import User
from apaise.ground.ledger.record import Actor
from apaise.handling.tasks.models import Task
from apaise.intake.cases.history import happened
from apaise.intake.cases.models import Case


def take_from(case: Case, person: User, *, by: Actor) -> int:
    """What they were to do on this case falls to whoever holds it. Returns how many tasks."""
    moved = 0
    with transaction.atomic():
        case.hold()
        for task in Task.objects.open().filter(case=case, person=person):
            Task.objects.filter(pk=task.pk).update(person=None)
            happened(
                case, "task.moved", by=by, held=True, task=task.pk, kind=task.kind, out_of=person.actor_code
            )
            moved += 1
    return moved
