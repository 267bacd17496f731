"""Acknowledge a complaint: once, at once, in the sender's language, with their own words and a reply-by date."""

from django.db import IntegrityError, transaction

from apaise.ground.ledger.record import System
from apaise.intake.cases import letters, outgoing
from apaise.intake.cases.message import Message
from apaise.intake.cases.models import PUBLIC, Case, State

BY = System("acknowledgement")


def acknowledge(case: Case) -> Message | None:
    """Queue the acknowledgement of this case. None if there is one already, or none is owed any more."""
    if case.state in (State.REDIRECTED, State.MERGED, State.WITHDRAWN) or case.final_reply_at:
        return None
    if case.channel in PUBLIC and not case.complainant.email:
        return None  # a receipt would be read by all, or by nobody: a person finds a private way first
    if case.messages.filter(kind=Message.Kind.ACKNOWLEDGEMENT).exists():
        return None
    due = case.deadlines.filter(rule="reply_target").first() or case.deadlines.filter(owner="handler").first()
    try:
        with transaction.atomic():
            if due and case.announced_for is None:
                case.keep(announced_for=due.due_at)
            letter = letters.acknowledgement(case)
            return outgoing.queue_message(
                case, "acknowledgement", subject=letter.subject, text=letter.body, by=BY
            )
    except IntegrityError:  # another worker was faster: the database allows one
        return None
