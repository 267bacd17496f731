"""File words into a case: the customer's, ours, and notes."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import transaction

from apaise.ground.accounts.models import User
from apaise.ground.ledger.models import Entry
from apaise.ground.ledger.record import System
from apaise.ground.parties.models import Person
from apaise.intake.cases import findable, policies
from apaise.intake.cases.exposure import expose
from apaise.intake.cases.grouping import Regrouping
from apaise.intake.cases.history import all_happened, happened
from apaise.intake.cases.message import Attachment, Message
from apaise.intake.cases.models import Case, Note, State, WrongStage
from apaise.lib import clock
from apaise.lib.language.thanks import LONGEST, is_only_thanks
from apaise.lib.rows import insert, insert_all

MANY = 100  # of the others a mail was addressed to, as many are kept


class Refused(Exception):
    """The action is not allowed; the text says why and what to do."""


class File(NamedTuple):
    """A file already in the store, or why it was left out."""

    name: str
    content_type: str
    size: int
    sha256: str
    left_out: str = ""


class Envelope(NamedTuple):
    """Between whom a mail travelled: the address it came from, and who else it was addressed to.

    The others are offered in copy of our answer, and never taken by themselves."""

    sender: str = ""
    others: Sequence[str] = ()

    def kept(self) -> dict[str, Any]:
        """As a message keeps it."""
        return {"from_address": self.sender[:320], "copies": list(self.others)[:MANY]}


NO_ENVELOPE = Envelope()


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
    envelope: Envelope = NO_ENVELOPE,
    files: Sequence[File] = (),
    first: bool = False,
    machine: bool = False,
    public: bool = False,
    noted_at: datetime | None = None,
    heard_by: User | None = None,
    typed_by: User | None = None,
) -> Message:
    """What the customer wrote or said. A machine's mail, or mere thanks, is kept and shown, but changes no state and no clock.

    Words to a case that was merged are filed where it is followed: `message.case` says where.

    public     others read it too: the case is exposed, which may raise its criticality
    noted_at   when it came into a case that goes on, if later than it was said: no clock runs backwards
    heard_by   the member of staff who spoke with them: that is a personal contact
    typed_by   the member of staff who filed it for them"""
    at = at or clock.now()
    noted_at = noted_at or at
    with transaction.atomic(savepoint=False):
        addressed, case = case, case if first else _followed(case)
        message = Message(
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
            **_travelled(envelope, message_id, in_reply_to),
            is_machine=machine,
            is_thanks=not (first or machine or files) and _only_thanks(case, new_text or text),
        )
        _write_down(message, files, first=first)
        happened(
            case,
            "message.received",
            by=typed_by or author,
            at=noted_at,
            held=first,
            message=message.pk,
            channel=channel,
            machine=machine or None,
            thanks=message.is_thanks or None,
            to=addressed.reference if addressed is not case else None,
        )
        _note_the_way(addressed, message)
        if heard_by:
            happened(case, "contact.human_done", by=heard_by, at=at, message=message.pk, channel=channel)
        if not machine and not message.is_thanks:
            move_on(case, message, author, noted_at, first=first)
        if public:
            expose(case, message, by=author, at=noted_at)
    return message


def _only_thanks(case: Case, text: str) -> bool:
    """Nothing but thanks moves nothing; while a question of ours is open, agreement answers it."""
    if len(text) > LONGEST:
        return False
    state = Case.objects.values_list("state", flat=True).get(pk=case.pk)
    return is_only_thanks(text, asked=state == State.AWAITING_CUSTOMER)


def _travelled(envelope: Envelope, message_id: str, in_reply_to: str) -> dict[str, Any]:
    return {
        "message_id": message_id[:400],
        "in_reply_to": in_reply_to[:400],
        **envelope.kept(),
    }


def _write_down(message: Message, files: Sequence[File], *, first: bool) -> None:
    insert(message)
    insert_all([Attachment(message=message, **file._asdict()) for file in files])
    find = findable.add_first if first else findable.add_message
    find(message.case, message)


def move_on(case: Case, message: Message, author: Person, noted_at: datetime, *, first: bool) -> None:
    """What a person's words do to their case."""
    if case.customer_wrote_at is None or message.at >= case.customer_wrote_at:  # one may be filed days later
        case.keep(customer_wrote_at=message.at, excerpt=excerpt_of(message.new_text))
    if not first:  # a case just opened waits for nobody
        stop_waiting(case, author, noted_at)


def _followed(case: Case) -> Case:
    """Where the words go. Locked, so that a merge of this very moment takes them along or has done so."""
    row = Case.objects.select_for_update(no_key=True).filter(pk=case.pk)
    case.merged_into_id = row.values_list("merged_into_id", flat=True).get()
    return _followed(case.merged_into) if case.merged_into else case


def _note_the_way(case: Case, message: Message) -> None:
    """It belongs to the merged case: if the merge is undone, it goes back with it."""
    while case.merged_into_id:
        merge = Regrouping.objects.select_related("into").get(case=case, kind="merge", undone_at=None)
        merge.note("message", message.pk, meanwhile=True)
        case = merge.into


def stop_waiting(case: Case, author: Person, at: datetime) -> None:
    # As the case is now, not as it was when the mail was read: somebody may have asked, or gone on, meanwhile.
    case.state, case.resume_state = Case.objects.values_list("state", "resume_state").get(pk=case.pk)
    asked_at = question_asked_at(case)
    if asked_at and at >= asked_at:  # words from before the question, filed after it, do not answer it
        case.move(
            State(case.resume_state or State.INVESTIGATING),
            leaving=[State.AWAITING_CUSTOMER],
            answer_by=None,
            remind_on=None,
        )
        all_happened(
            case,
            [("info.received", {}), ("awaiting_customer.ended", {"state": case.state})],
            by=author,
            at=at,
        )


def question_asked_at(case: Case) -> datetime | None:
    """Since when the case waits for the customer, if it does."""
    if case.state != State.AWAITING_CUSTOMER:
        return None
    asked = Entry.objects.of(case.reference).filter(what="awaiting_customer.started")
    return asked.values_list("at", flat=True).last() or case.received_at


def excerpt_of(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 160 else line[:159].rsplit(" ", 1)[0] + "…"


def add_note(case: Case, text: str, *, by: User) -> Note:
    """Words of staff to staff, never shown to the customer. Raises Refused."""
    if refusal := policies.note_refusal(by, case):
        raise Refused(refusal)
    if not text.strip():
        raise Refused(policies.say_something())
    with transaction.atomic():
        case.hold()
        note = Note.objects.create(case=case, author=by, text=text.strip())
        findable.add_note(note)
        happened(case, "note.added", by=by, held=True, note=note.pk)
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
                remind_on=None,
            )
            all_happened(
                case, [("info.lapsed", {}), ("awaiting_customer.ended", {"state": case.state})], by=by
            )
            moved += 1
    return moved


def note_from_mail(case: Case, text: str, *, author: User, at: datetime) -> Note:
    """What a colleague wrote to us by mail. That it was really them is not proven: the ledger does not say so."""
    with transaction.atomic():
        case.hold()
        note = Note.objects.create(case=case, author=author, text=text.strip(), at=at)
        findable.add_note(note)
        happened(case, "note.added", by=System("forwarded-mail"), held=True, note=note.pk)
    return note
