"""A mail of ours that left and came back: said on the case, its address flagged. What was sent stays sent."""

from typing import Any

from django.db import transaction

from apaise.ground.ledger.record import System
from apaise.ground.parties.addresses import note_returned
from apaise.ground.parties.models import Address, Person, normalise
from apaise.intake.cases.history import happened
from apaise.intake.cases.message import Message, Unreached
from apaise.intake.cases.outgoing import mark_sent

BY = System("bounces")
# The codes of lib/mime/reports.py, as a message says them.
_PROBLEMS = {
    "no_mailbox": Message.Problem.NO_MAILBOX,
    "no_domain": Message.Problem.NO_DOMAIN,
    "full": Message.Problem.FULL,
    "refused": Message.Problem.UNWANTED,
    "too_large": Message.Problem.TOO_LARGE,
    "not_reached": Message.Problem.NOT_REACHED,
}


def mark_returned(message: Message, why: str, *, for_good: bool) -> bool:
    """Say that it came back, once however often we are told. No state, no deadline, no acknowledgement changes.

    why        a code of lib/mime/reports.py
    for_good   the address is at fault: nothing is sent there by itself any more"""
    problem = _PROBLEMS.get(why, Message.Problem.RETURNED)
    way = Address.objects.filter(kind="email", value=normalise("email", message.to_address))
    with transaction.atomic():
        address = way.select_related("person").first()
        if (
            address
        ):  # the person before the case, as filing does: else a mail of theirs and we wait for each other
            list(Person.objects.select_for_update(no_key=True).filter(pk=address.person_id).values_list("pk"))
        case = message.hold_case()
        # What came back has left, even where we were cut off before we knew.
        mark_sent(message)
        sent = Message.objects.filter(pk=message.pk, state=Message.State.SENT)
        if not sent.exclude(problem__in=Message.CAME_BACK).update(problem=problem):
            return False
        message.problem = problem
        facts: dict[str, Any] = {"message": message.pk, "kind": message.kind, "why": why, "hard": for_good}
        happened(case, "message.returned", by=BY, held=True, **facts)
        if address:
            note_returned(address, why, for_good=for_good, by=BY)
    return True


def mark_unreached(message: Message, address: str, why: str, *, hard: bool) -> bool:
    """Say that it did not reach somebody in copy, once for each. It changes nothing else: no state, no clock, no address.

    why, hard   as the report says it; see lib/mime/reports.py"""
    with transaction.atomic():
        case = message.hold_case()
        known = Message.objects.values_list("unreached", flat=True).get(pk=message.pk)
        if any(one["address"] == address for one in known):
            return False
        message.unreached = [*known, {"address": address, "why": Unreached(why).value, "hard": hard}]
        Message.objects.filter(pk=message.pk).update(unreached=message.unreached)
        facts: dict[str, Any] = {
            "message": message.pk,
            "kind": message.kind,
            "why": why,
            "hard": hard,
            "copy": True,
        }
        happened(case, "message.returned", by=BY, held=True, **facts)
    return True
