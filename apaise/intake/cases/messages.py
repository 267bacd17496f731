"""File words into a case: the customer's, ours, and notes."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import NamedTuple

from django.db import transaction

from apaise.ground.accounts.models import User
from apaise.ground.ledger.record import System
from apaise.ground.parties.models import Person
from apaise.intake.cases import policies
from apaise.intake.cases.history import all_happened, happened
from apaise.intake.cases.message import Attachment, Message
from apaise.intake.cases.models import Case, Note, State, WrongStage
from apaise.lib import clock


class Refused(Exception):
    """The action is not allowed; the text says why and what to do."""


class File(NamedTuple):
    """A file already in the store."""

    name: str
    content_type: str
    size: int
    sha256: str


def add_customer_message(
    case: Case,
    author: Person,
    *,
    channel: str,
    text: str,
    new_text: str = "",
    subject: str = "",
    at: datetime | None = None,
    message_id: str = "",
    in_reply_to: str = "",
    files: Sequence[File] = (),
    first: bool = False,
    machine: bool = False,
) -> Message:
    """What the customer wrote. A machine's mail is kept and shown, but changes no state and no clock."""
    at = at or clock.now()
    with transaction.atomic(savepoint=False):
        message = Message.objects.create(
            case=case,
            direction=Message.Direction.IN,
            state=Message.State.RECEIVED,
            author_person=author,
            channel=channel,
            kind=Message.Kind.COMPLAINT if first else Message.Kind.MESSAGE,
            subject=subject[:400],
            text=text,
            new_text=new_text or text,
            at=at,
            message_id=message_id[:400],
            in_reply_to=in_reply_to[:400],
            is_machine=machine,
        )
        Attachment.objects.bulk_create(Attachment(message=message, **file._asdict()) for file in files)
        happened(
            case,
            "message.received",
            by=author,
            at=at,
            message=message.pk,
            channel=channel,
            machine=machine or None,
        )
        if not machine:
            case.keep(customer_wrote_at=at, excerpt=_excerpt(message.new_text))
            if not first:  # a case just opened waits for nobody
                _stop_waiting(case, author, at)
    return message


def _stop_waiting(case: Case, author: Person, at: datetime) -> None:
    # As the case is now, not as it was when the mail was read: somebody may have asked, or gone on, meanwhile.
    case.state, case.resume_state = Case.objects.values_list("state", "resume_state").get(pk=case.pk)
    if case.state == State.AWAITING_CUSTOMER:
        case.move(
            State(case.resume_state or State.INVESTIGATING), leaving=[State.AWAITING_CUSTOMER], answer_by=None
        )
        all_happened(
            case,
            [("info.received", {}), ("awaiting_customer.ended", {"state": case.state})],
            by=author,
            at=at,
        )


def _excerpt(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 160 else line[:159].rsplit(" ", 1)[0] + "…"


def add_note(case: Case, text: str, *, by: User) -> Note:
    """Words of staff to staff, never shown to the customer. Raises Refused."""
    if refusal := policies.note_refusal(by, case):
        raise Refused(refusal)
    if not text.strip():
        raise Refused(policies.say_something())
    with transaction.atomic():
        note = Note.objects.create(case=case, author=by, text=text.strip())
        happened(case, "note.added", by=by, note=note.pk)
    return note


def lapse_unanswered(today: date) -> int:
    """Go on without the customer where the answer-by date has passed; never a refusal. Returns how many."""
    moved, by = 0, System("reminder")
    for case in Case.objects.filter(state=State.AWAITING_CUSTOMER, answer_by__lt=today):
        with suppress(WrongStage), transaction.atomic():  # the customer may have answered this very moment
            case.move(
                State(case.resume_state or State.INVESTIGATING),
                leaving=[State.AWAITING_CUSTOMER],
                answer_by=None,
            )
            all_happened(
                case, [("info.lapsed", {}), ("awaiting_customer.ended", {"state": case.state})], by=by
            )
            moved += 1
    return moved
