"""Open a task and finish it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apaise.ground.accounts.models import User
from apaise.ground.ledger.record import Actor
from apaise.handling.tasks.models import Task
from apaise.intake.cases import happenings, policies
from apaise.intake.cases.history import happened
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case
from apaise.lib import clock

TELLS = {"service_notice": "service_notice.sent"}  # done, such a task is a dated fact of the case


def open_task(
    case: Case,
    kind: str,
    *,
    owner: str,
    once: str,
    by: Actor,
    person: User | None = None,
    due_at: datetime | None = None,
    detail: str = "",
) -> Task:
    """Give somebody something to do on this case. Harmless to repeat: `once` names the occasion.

    owner   the role or function that owes it
    person  whom that means; None: whoever holds the case"""
    with transaction.atomic():
        case.hold()
        task, new = Task.objects.get_or_create(
            once=once,
            defaults={
                "case": case,
                "kind": kind,
                "detail": detail,
                "owner": owner,
                "person": person,
                "due_at": due_at,
                "opened_by": by.actor_code,
            },
        )
        if new:
            to = person.actor_code if person else None
            happened(
                case, "task.opened", by=by, held=True, task=task.pk, kind=kind, owner=owner, to=to, due=due_at
            )
    return task


def finish_refusal(user: User, task: Task) -> str | None:
    """Why this person may not say that the task is done."""
    if refusal := policies.work_refusal(user, task.case):
        return refusal
    if task.person_id not in (None, user.pk) and not user.has_role(*policies.LEADS):
        return _("This task is somebody else's.")
    return None


def finish(task: Task, *, by: User) -> bool:
    """It is done. Returns whether it was still open. Raises Refused with the reason."""
    if refusal := finish_refusal(by, task):
        raise Refused(refusal)
    with transaction.atomic():
        done = settle(task, by=by)
        if done and (word := TELLS.get(task.kind)) and word in happenings.awaited(task.case):
            happenings.tell(task.case, word, on=clock.now(), by=by)
    return done


def settle(task: Task, *, by: Actor) -> bool:
    """The same by the product itself, when what was owed has happened."""
    with transaction.atomic():
        task.case.hold()
        done = Task.objects.open().filter(pk=task.pk).update(done_at=clock.now(), done_by=by.actor_code)
        if done:
            happened(task.case, "task.done", by=by, held=True, task=task.pk, kind=task.kind)
    return bool(done)
