"""A complaint others can read: the case says so, and the factors of its pack weigh it (see criticality.py)."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from apaise.ground.ledger.record import Actor
from apaise.intake.cases.history import happened
from apaise.intake.cases.message import Message
from apaise.intake.cases.models import PUBLIC, Case


def expose(case: Case, message: Message, *, by: Actor, at: datetime) -> bool:
    """Note that this message is public; the journey has the case weighed. False if it was exposed already."""
    with transaction.atomic():
        if not Case.objects.filter(pk=case.pk, public_exposure=False).update(public_exposure=True):
            return False
        case.public_exposure = True
        happened(case, "case.exposed", by=by, at=at, message=message.pk, channel=message.channel)
    return True


def public_messages(case: Case) -> "QuerySet[Message]":
    """The messages of this case that others can read, in the order they came."""
    heard = case.messages.filter(direction="in", channel__in=PUBLIC).exclude(post__is_private=True)
    return heard.order_by("at", "pk")
