"""Acknowledge a complaint: once, at once, in the sender's language, with their own words and a reply-by date."""

from django.db import IntegrityError, transaction

from apaise.ground.ledger.models import Entry
from apaise.ground.ledger.record import System
from apaise.ground.parties.models import Person
from apaise.intake.cases import letters, outgoing, tracking
from apaise.intake.cases.message import Message
from apaise.intake.cases.models import Case, State
from apaise.intake.cases.paper import carrier_for, receives_none

BY = System("acknowledgement")


def acknowledge(case: Case, *, circuit: str = "") -> Message | None:
    """Queue the acknowledgement of this case. None if there is one already, or none is owed any more.

    circuit   the named people of its criticality, where both are known"""
    if case.state in (State.REDIRECTED, State.MERGED, State.WITHDRAWN) or case.final_reply_at:
        return None
    carrier = carrier_for(case)
    if carrier.channel == "web_form" and not _knows_the_way(case):
        return None  # nobody would ever read it: a person finds a private way first, and the deadline runs
    if carrier.channel == "email" and receives_none(case, carrier.address):
        return None  # the same
    if case.messages.filter(kind=Message.Kind.ACKNOWLEDGEMENT).exists():
        return None
    due = case.deadlines.filter(rule="reply_target").first() or case.deadlines.filter(owner="handler").first()
    try:
        with transaction.atomic():
            if due and case.announced_for is None:
                case.keep(announced_for=due.due_at)
            letter = letters.acknowledgement(case, circuit=circuit)
            return outgoing.queue_message(
                case, "acknowledgement", subject=letter.subject, text=letter.body, by=BY
            )
    except IntegrityError:  # another worker was faster: the database allows one
        return None


def _knows_the_way(case: Case) -> bool:
    """Whether they were ever given the tracking page: by the form, on a receipt, in a recap or a letter."""
    return case.channel == "web_form" or tracking.known_link(case) is not None


def acknowledge_unreached(person: Person) -> None:
    """They can be reached now: acknowledge what could not be while there was no way to them."""
    for case in Case.objects.of_person(person).open():
        if not Entry.objects.of(case.reference).filter(what="ack.sent").exists():
            acknowledge(case)  # one split off was acknowledged under its old reference
