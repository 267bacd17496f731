"""A complaint others can read: the case says so, and its criticality goes up as its pack weighs it."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from apaise.ground.ledger.record import Actor, System
from apaise.ground.packs.criticality import levels_climbed
from apaise.intake.cases.facts import facts_of
from apaise.intake.cases.history import happened
from apaise.intake.cases.message import Message
from apaise.intake.cases.models import CRITICALITIES, PUBLIC, UNTIL_SET, Case

BY = System("criticality")
FACT = "case.public_exposure"


def expose(case: Case, message: Message, *, by: Actor, at: datetime) -> bool:
    """Note that this message is public. False if the case was exposed already.

    The criticality that counts climbs by as many levels as the pack's score does for this one fact; it never goes
    down, whoever set it, and a person may change it afterwards. A score of all factors takes its place one day."""
    with transaction.atomic():
        if not Case.objects.filter(pk=case.pk, public_exposure=False).update(public_exposure=True):
            return False
        case.public_exposure = True
        happened(case, "case.exposed", by=by, at=at, message=message.pk, channel=message.channel)
        if case.is_open:
            _raise(case, at)
    return True


def public_messages(case: Case) -> "QuerySet[Message]":
    """The messages of this case that others can read, in the order they came."""
    heard = case.messages.filter(direction="in", channel__in=PUBLIC).exclude(post__is_private=True)
    return heard.order_by("at", "pk")


def _raise(case: Case, at: datetime) -> None:
    before = Case.objects.values_list("criticality", flat=True).get(pk=case.pk)
    counted = CRITICALITIES.index(before or UNTIL_SET)
    after = CRITICALITIES[
        max(0, counted - levels_climbed(case.pack_version.pack, facts_of(case), because=FACT))
    ]
    if after == (before or UNTIL_SET):
        return
    # Somebody may set it at this moment: then theirs holds, and nothing is recorded.
    if Case.objects.filter(pk=case.pk, criticality=before).update(criticality=after):
        case.criticality = after
        happened(
            case,
            "criticality.changed",
            by=BY,
            at=at,
            criticality=after,
            before=before or None,
            why="public_exposure",
        )
