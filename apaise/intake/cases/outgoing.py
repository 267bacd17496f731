"""Write to the customer: queue a message, and what follows once it has left or could not leave."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from apaise.ground.accounts.models import User
from apaise.ground.ledger.record import Actor, Fact, System
from apaise.intake.cases import findable, policies, sealed, tracking
from apaise.intake.cases.history import all_happened, happened
from apaise.intake.cases.message import Attachment, Message
from apaise.intake.cases.messages import File, Refused
from apaise.intake.cases.models import Case, State
from apaise.intake.cases.paper import Carrier, carrier_for
from apaise.lib import clock
from apaise.lib.rows import insert, insert_all

# What leaving means to the history of the case. `contact.human_done`: a person wrote personally.
WHEN_SENT = {
    "acknowledgement": ("ack.sent",),
    "recap": ("durable_recap.sent",),
    "restatement": ("restatement.sent", "contact.human_done"),
    "reply": ("contact.human_done",),
    "question": ("contact.human_done",),
    "reminder": (),
    "final_reply": ("final_reply.sent", "decision.communicated", "contact.human_done"),
    "date_notice": ("contact.human_done",),
    "prolongation": ("contact.human_done",),
    "redirection": ("contact.human_done",),
    "closing_notice": (),
    "update": ("contact.human_done",),
    "auto_update": (),
    "eight_weeks": ("eight_week_letter.sent",),
}


FOR_GOOD = (Message.Problem.REFUSED, Message.Problem.REFUSED_FOR, Message.Problem.UNFIT)
GATE = System("outbound-gate")

# What the complaint was, written down and dated by us: the mediator asks for a written one.
PUTS_IN_WRITING = ("recap", "restatement")


def queue_message(
    case: Case,
    kind: str,
    *,
    subject: str,
    text: str,
    by: Actor,
    author: User | None = None,
    files: tuple[File, ...] = (),
    carrier: Carrier | None = None,
    copies: Sequence[str] = (),
) -> Message:
    """Accept words for sending. A mail leaves through the one gate; a letter waits until a person has posted it;
    what can do neither is shown on the tracking page at once.

    copies    the others who get the mail, checked by `recipients`
    carrier   when it is known already how they leave; in_person: they are handed over now"""
    channel, address = carrier or carrier_for(case)
    with transaction.atomic():
        case.hold()  # before its words and its index: a mail that comes in takes them in this order
        message = Message(
            case=case,
            direction=Message.Direction.OUT,
            kind=kind,
            author_user=author,
            subject=subject[:400],
            text=text,
            new_text=text,
            channel=channel,
            to_address=address,
            copies=list(copies) if channel == "email" else [],
            state=_FIRST_STATE[channel],
            at=clock.now(),
            send_after=_send_after(author) if channel == "email" else None,
            message_id=mail_number(case) if channel == "email" else "",
        )
        insert(message)
        insert_all([Attachment(message=message, **file._asdict()) for file in files])
        findable.add_message(case, message)
        happened(
            case, "message.queued", by=by, held=True, message=message.pk, kind=kind, channel=message.channel
        )
        if channel == "letter":
            tracking.link_for(case)  # printed on it, and printing must not have to make one
        elif channel != "email":
            mark_sent(message, shown=channel == "web_form")
    return message


_FIRST_STATE = {
    "email": Message.State.QUEUED,
    "letter": Message.State.TO_POST,
    "web_form": Message.State.SENDING,
    "in_person": Message.State.SENDING,
}


def mail_number(case: Case) -> str:
    """A Message-ID, kept in the row: sent again, it is the same mail to every server and reader on the way."""
    return sealed.mail_number(case.pk, case.desk.address.partition("@")[2])


def _send_after(author: User | None) -> Any:
    undo = settings.UNDO_SECONDS
    return clock.now() + timedelta(seconds=undo) if author and undo else None


def mark_sent(
    message: Message,
    *,
    shown: bool = False,
    leaving: Sequence[Message.State] = (Message.State.SENDING, Message.State.UNCERTAIN),
    by: User | None = None,
    at: datetime | None = None,
) -> bool:
    """It has left: for the next carrier, into the post, or onto the tracking page. Harmless to repeat.

    by, at   who posted it and when, if that is not the author and now"""
    now = at or clock.now()
    left = Message.State.SHOWN if shown else Message.State.SENT
    with transaction.atomic():
        case = message.hold_case()
        if not Message.objects.filter(pk=message.pk, state__in=leaving).update(
            state=left, sent_at=now, problem="", problem_code=None, problem_address=""
        ):
            return False
        message.state, message.sent_at = left, now
        facts: dict[str, Any] = {"message": message.pk, "kind": message.kind, "channel": message.channel}
        said: list[Fact] = [(word, facts) for word in ("message.sent", *WHEN_SENT[message.kind])]
        kept: dict[str, Any] = {}
        if message.author_user_id and wrote_last(case, now):  # posted days ago and noted today, perhaps
            kept["we_wrote_at"] = now
        if message.kind == Message.Kind.FINAL_REPLY:
            kept["final_reply_at"] = now
        if message.kind in PUTS_IN_WRITING and case.written_complaint_at is None:
            case.keep(written_complaint_at=now)  # what was only spoken or posted exists in writing now
            said.append(("complaint.written", facts))
        all_happened(case, said, by=by or message.author_user or GATE, at=now, held=True)
        if kept:
            case.keep(**kept)
    return True


def wrote_last(case: Case, at: datetime) -> bool:
    """Whether nobody of ours wrote later than that."""
    return not Case.objects.filter(pk=case.pk, we_wrote_at__gt=at).exists()


def mark_uncertain(message_id: int) -> bool:
    """Sending was cut off in the middle: say so and leave it to people; never sent again blindly."""
    with transaction.atomic():
        message = Message.objects.select_related("case").get(pk=message_id)
        case = message.hold_case()
        sending = Message.objects.filter(pk=message_id, state=Message.State.SENDING)
        if not sending.update(state=Message.State.UNCERTAIN):
            return False
        happened(case, "message.uncertain", by=GATE, held=True, message=message.pk, kind=message.kind)
    return True


def mark_unsent(
    message: Message, problem: Message.Problem, *, code: int | None = None, address: str = ""
) -> None:
    """It has not left: back to the queue for another try, or failed for good and shown on the case.

    address   the one that was refused, when there are several"""
    for_good = problem in FOR_GOOD
    state = Message.State.FAILED if for_good else Message.State.QUEUED
    Message.objects.filter(pk=message.pk, state__in=[Message.State.QUEUED, Message.State.SENDING]).update(
        state=state,
        problem=problem,
        problem_code=code,
        problem_address=address[:320],
        attempts=message.attempts + 1,
    )


def hold(message: Message, problem: Message.Problem) -> None:
    """It stays in the queue, and the case says why. Harmless to repeat."""
    is_told = problem == Message.Problem.CAPPED
    with transaction.atomic():
        if is_told:
            message.hold_case()
        waiting = Message.objects.filter(pk=message.pk, state=Message.State.QUEUED).exclude(problem=problem)
        if waiting.update(problem=problem) and is_told:
            happened(message.case, "message.held", by=GATE, held=True, message=message.pk, kind=message.kind)


def send_again(message: Message, *, by: User) -> bool:
    """A person decides that an uncertain or failed message goes (again), under the same Message-ID. Raises Refused."""
    _may_decide(message, by)
    if (
        message.kind == Message.Kind.FINAL_REPLY
        and message.case.is_open
        and message.case.state != State.ANSWERED
    ):
        raise Refused(_("The case was reopened since this reply was written. Answer it anew."))
    with transaction.atomic():
        case = message.hold_case()
        again = Message.objects.filter(
            pk=message.pk, state__in=[Message.State.UNCERTAIN, Message.State.FAILED]
        )
        fresh = {"problem": "", "problem_code": None, "problem_address": ""}
        if not again.update(state=Message.State.QUEUED, send_after=None, **fresh):
            return False
        facts: dict[str, Any] = {"message": message.pk, "kind": message.kind, "again": True}
        happened(case, "message.queued", by=by, held=True, **facts)
    return True


def arrived(message: Message, *, by: User) -> bool:
    """A person knows that an uncertain message did arrive. Raises Refused."""
    _may_decide(message, by)
    if message.state != Message.State.UNCERTAIN:
        return False
    mark_sent(message)
    return True


def _may_decide(message: Message, by: User) -> None:
    if refusal := policies.work_refusal(by, message.case):
        raise Refused(refusal)
