"""A mail of ours that left and came back: said on the case, its address flagged. What was sent stays sent."""

from django.db import transaction

from apaise.ground.ledger.record import System
from apaise.ground.parties.addresses import note_returned
from apaise.ground.parties.models import Address, normalise
from apaise.intake.cases.history import happened
from apaise.intake.cases.message import Message
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
    with transaction.atomic():
        message.case.hold()
        # What came back has left, even where we were cut off before we knew.
        mark_sent(message)
        sent = Message.objects.filter(pk=message.pk, state=Message.State.SENT)
        if not sent.exclude(problem__in=Message.CAME_BACK).update(problem=problem):
            return False
        message.problem = problem
        happened(
            message.case,
            "message.returned",
            by=BY,
            message=message.pk,
            kind=message.kind,
            why=why,
            hard=for_good,
        )
        way = Address.objects.filter(kind="email", value=normalise("email", message.to_address))
        if address := way.select_related("person").first():
            note_returned(address, why, for_good=for_good, by=BY)
    return True
