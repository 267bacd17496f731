"""A message was taken for a machine's, or for mere thanks, and is more: all that a person's words start happens now."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from apaise.ground.accounts.models import User
from apaise.intake.cases import findable, policies
from apaise.intake.cases.guards import is_past_reopening
from apaise.intake.cases.history import happened
from apaise.intake.cases.linking import follow_on
from apaise.intake.cases.message import Attachment, Message
from apaise.intake.cases.messages import NO_ENVELOPE, Envelope, File, Refused, move_on, question_asked_at
from apaise.intake.cases.models import Case
from apaise.intake.cases.opening import open_case
from apaise.lib.rows import insert_all


def hear(
    message: Message, *, by: User, envelope: Envelope = NO_ENVELOPE, files: Sequence[File] = ()
) -> Case | None:
    """It counts from its receipt, like any other. Returns the case it is in now, None if that was said before.

    envelope, files   what a machine's mail is kept without. Raises Refused."""
    if refusal := hear_refusal(by, message):
        raise Refused(refusal)
    with transaction.atomic():
        held = message.hold_case()
        held.refresh_from_db(fields=["state", "closed_at"])
        mine = Message.objects.filter(pk=message.pk, direction=Message.Direction.IN)
        mine = mine.filter(Q(is_machine=True) | Q(is_thanks=True))
        kept = envelope.kept() if message.is_machine else {}
        if not mine.update(is_machine=False, is_thanks=False, **kept):
            return None
        message.is_machine = message.is_thanks = False
        insert_all([Attachment(message=message, **file._asdict()) for file in files])
        is_late = is_past_reopening(held, message.at)
        case = _taken_up(held, message) if is_late else held
        facts = {"message": message.pk, "channel": message.channel, "heard": True}
        happened(case, "message.received", by=by, at=message.at, held=True, **facts)
        assert message.author_person is not None  # of what came in
        move_on(case, message, message.author_person, message.at, first=is_late)
        happened(case, "intake.heard", by=by, held=True, message=message.pk)
    return case


def hear_refusal(user: User, message: Message) -> str | None:
    """Why this person may not say that a person wrote it, or None if they may."""
    return policies.work_refusal(user, message.case)


def what_follows(case: Case) -> Callable[[datetime], str]:
    """What saying so of a message of that moment will do, in words for whoever is about to. Asks once for the case."""
    asked_at = question_asked_at(case)

    def said(at: datetime) -> str:
        if is_past_reopening(case, at):
            return _("It came too late to reopen this case: it opens a new one, which follows this one.")
        if asked_at and at >= asked_at:
            return _("It answers our question: the case goes on and its dates run again, from its receipt.")
        return _(
            "It counts as the customer's from its receipt; its files are added, and the handler is told."
        )

    return said


def _taken_up(earlier: Case, message: Message) -> Case:
    """Words that came after the day until which a mail reopens the case have one of their own, as any such mail has."""
    person = message.author_person
    assert person is not None  # of what came in
    new = open_case(
        person,
        desk=earlier.desk,
        channel=message.channel,
        language=earlier.language,
        title=message.subject,
        by=person,
        received_at=message.at,
    )
    Message.objects.filter(pk=message.pk).update(case=new, kind=Message.Kind.COMPLAINT)
    message.case, message.kind = new, Message.Kind.COMPLAINT
    findable.refresh([earlier.pk])
    findable.add_first(new, message)
    follow_on(new, earlier.followed_in())
    return new
