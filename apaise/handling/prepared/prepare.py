"""Prepare words to a customer, look at them and send them; unattended, they leave by themselves if they may."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from apaise.ground.accounts.models import User
from apaise.ground.ledger.record import Actor, System
from apaise.ground.packs.render import Rendered
from apaise.handling.prepared.models import Update
from apaise.handling.tasks.models import Task
from apaise.handling.tasks.todo import open_task, settle
from apaise.intake.cases import announcing, outgoing, policies, promises, updates
from apaise.intake.cases.clockwork import END_OF_DAY
from apaise.intake.cases.history import happened
from apaise.intake.cases.message import Message
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case, State
from apaise.intake.cases.paper import carrier_for, receives_none
from apaise.lib import clock
from apaise.lib.working_time import Duration, due

BY = System("prepared-update")
GLANCE = Duration(4, "business_hours")  # how long a person has to look before it leaves by itself
# What whoever owes the look is asked to do (handling/tasks/wording.py).
TASKS = {
    Update.Kind.INTRODUCTION: "introduce",
    Update.Kind.PROGRESS: "progress_update",
    Update.Kind.HOLDING: "send_holding_update",
    Update.Kind.HOLDING_AFTER_CAP: "send_holding_update_with_mediator",
    Update.Kind.EIGHT_WEEKS: "send_eight_week_letter",
    Update.Kind.APOLOGY: "apologise_and_reschedule",
}
NOT_WRITTEN_TO = (State.MERGED, State.REDIRECTED, State.WITHDRAWN, State.CLOSED)


class Pledge(NamedTuple):
    """What prepared words promise besides our reply: what, until when, and who keeps it."""

    text: str
    on: date
    at: datetime | None
    by: User


def prepare(
    case: Case,
    kind: str,
    letter: Rendered,
    *,
    once: str,
    owner: str,
    by: Actor,
    rule: str = "",
    reply_by: date | None = None,
    pledge: Pledge | None = None,
    by_itself: bool = False,
    person: User | None = None,
    signed_by: User | None = None,
) -> Update:
    """Keep these words for a human glance, and ask for it. Harmless to repeat: `once` names the occasion.

    reply_by    the date of our reply that they tell
    signed_by   whose name stands below them; None: whoever holds the case
    by_itself   they leave after four working hours that nobody used to look
    owner, person   who is asked to look"""
    leaves_at = due(clock.now(), GLANCE, case.pack_version.pack.calendar).due_at if by_itself else None
    with transaction.atomic():
        case.hold()
        update, new = Update.objects.get_or_create(
            once=once,
            defaults={
                "case": case, "kind": kind, "rule": rule, "subject": letter.subject[:400], "text": letter.body,
                "reply_by": reply_by, "made_by": by.actor_code, "leaves_at": leaves_at,
                "signed_by": signed_by or case.handler or case.desk.signatory, **_kept(pledge),
            },
        )  # fmt: skip
        if new:
            _drop_what_it_replaces(update)
            happened(
                case, "update.prepared", by=by, held=True, update=update.pk, kind=kind, rule=rule or None
            )
            open_task(
                case, TASKS[Update.Kind(kind)], owner=owner, person=person, once=f"update:{update.pk}", by=by,
                due_at=leaves_at or due(clock.now(), Duration(1, "business_days"), case.pack_version.pack.calendar).due_at,
                detail=rule,
            )  # fmt: skip
    return update


def _kept(pledge: Pledge | None) -> Mapping[str, Any]:
    if pledge is None:
        return {}
    return {
        "promise": pledge.text[:300],
        "promised_on": pledge.on,
        "promised_at": pledge.at,
        "promised_by": pledge.by,
    }


# Of several sayings of where we are, the customer gets the last.
SAME = (Update.Kind.PROGRESS, Update.Kind.HOLDING, Update.Kind.HOLDING_AFTER_CAP, Update.Kind.EIGHT_WEEKS)


def _drop_what_it_replaces(update: Update) -> None:
    kinds = SAME if update.kind in SAME else (update.kind,) if update.kind == Update.Kind.INTRODUCTION else ()
    for older in Update.objects.waiting().filter(case=update.case_id, kind__in=kinds).exclude(pk=update.pk):
        _end(older, Update.State.DROPPED, by=BY)


def send_refusal(user: User, update: Update) -> str | None:
    """Why this person may not send or drop these words."""
    if refusal := policies.reply_refusal(user, update.case):
        return refusal
    return None if update.state == Update.State.WAITING else _("Somebody has already looked at this message.")


def send(update: Update, *, by: User, text: str | None = None, reply_by: date | None = None) -> Message:
    """A person has looked: it leaves, perhaps in other words and with another date. Raises Refused."""
    if refusal := send_refusal(by, update):
        raise Refused(refusal)
    text = update.text if text is None else text.strip()
    if not text:
        raise Refused(policies.say_something())
    if not _promises_what_can_be_kept(update):
        raise Refused(
            _("It promises something for a moment that has passed. Set it aside, and write yourself.")
        )
    if update.reply_by and (reply_by or update.reply_by) != update.reply_by:
        text = _with_other_date(update, text, reply_by or update.reply_by)
    update.text = text
    message = _leave(update, by=by, author=by)
    if message is None:
        raise Refused(_("Somebody has already looked at this message."))
    return message


def _with_other_date(update: Update, text: str, day: date) -> str:
    """The same words with the date that was chosen instead; what they say and what the clock shows are one."""
    if day <= clock.today(update.case.pack_version.pack.calendar.zone):
        raise Refused(_("The new date must be later than the present one."))
    said, chosen = (updates.in_words(on, update.case.language) for on in (update.reply_by, day))  # type: ignore[arg-type]
    if said not in text and chosen not in text:
        raise Refused(_("Write the new date into the message: %(day)s.") % {"day": chosen})
    update.reply_by = day
    return text.replace(said, chosen)


def drop(update: Update, *, by: User) -> bool:
    """A person has looked, and nothing is sent. Returns whether it was still waiting. Raises Refused."""
    if refusal := send_refusal(by, update):
        raise Refused(refusal)
    with transaction.atomic():
        update.case.hold()
        return _end(update, Update.State.DROPPED, by=by)


def leave_unattended(at: datetime) -> int:
    """Send what nobody looked at in time; drop what is not owed any more. Returns how many left."""
    left = 0
    due_now = Update.objects.waiting().filter(leaves_at__lte=at)
    due_now = due_now.select_related(
        "case__complainant", "case__desk__signatory", "case__handler", "case__pack_version"
    )
    for update in due_now.order_by("leaves_at")[:200]:
        with transaction.atomic():
            update.case.hold()
            if not _is_owed(update):
                _end(update, Update.State.DROPPED, by=BY)
            elif _reaches(update.case) and _promises_what_can_be_kept(update):
                left += _leave(update, by=BY, author=None) is not None
            else:  # a person finds another way
                Update.objects.filter(pk=update.pk).update(leaves_at=None)
    return left


def _is_owed(update: Update) -> bool:
    case = update.case
    if case.state in NOT_WRITTEN_TO:
        return False
    if (
        update.kind == Update.Kind.INTRODUCTION
        and update.promised_by
        and case.is_excluded(update.promised_by)
    ):
        return False  # whoever it names was found to be a party
    answered = case.state == State.ANSWERED or case.final_reply_at is not None
    return not answered or update.kind in (Update.Kind.INTRODUCTION, Update.Kind.APOLOGY)


def _promises_what_can_be_kept(update: Update) -> bool:
    zone = update.case.pack_version.pack.calendar.zone
    moments = [
        datetime.combine(day, END_OF_DAY, zone) for day in (update.reply_by, update.promised_on) if day
    ]
    return all(moment > clock.now() for moment in [*moments, *filter(None, [update.promised_at])])


def _reaches(case: Case) -> bool:
    channel, address = carrier_for(case)
    return channel == "email" and not receives_none(case, address)


def _leave(update: Update, *, by: Actor, author: User | None) -> Message | None:
    case = update.case
    with transaction.atomic():
        case.hold()
        if not _end(update, Update.State.SENT, by=by):
            return None
        kind = Message.Kind.UPDATE if author else Message.Kind.AUTO_UPDATE
        if update.kind == Update.Kind.EIGHT_WEEKS:
            kind = Message.Kind.EIGHT_WEEKS
        _sign(update, author)
        message = outgoing.queue_message(
            case, kind, subject=update.subject, text=update.text, by=by, author=author
        )
        Update.objects.filter(pk=update.pk).update(
            message=message, text=update.text, reply_by=update.reply_by
        )
        _keep_its_word(update, message, by=by)
    return message


def _sign(update: Update, author: User | None) -> None:
    """Whoever sends it stands below it and keeps what it promises; unattended, that is whoever holds the case now.
    Only an introduction is by whoever held it before."""
    person = author or update.case.handler or update.case.desk.signatory
    if person is None or update.kind == Update.Kind.INTRODUCTION:
        return
    if update.signed_by and update.signed_by != person:
        before, after = (updates.signature(update.case, one) for one in (update.signed_by, person))
        head, found, tail = update.text.rpartition(before)
        update.text = head + after + tail if found else update.text
    update.promised_by = person


def _keep_its_word(update: Update, message: Message, *, by: Actor) -> None:
    """Whatever the message promises gets its clock in the transaction that sends it."""
    case = update.case
    who = update.promised_by or case.handler or case.desk.signatory
    if update.reply_by:
        ends_at = datetime.combine(update.reply_by, END_OF_DAY, case.pack_version.pack.calendar.zone)
        if not announcing.announce(case, ends_at, by=by) and who:
            with translation.override(case.language):
                text = _("Our reply to the complaint")
            promises.enter(case, text, update.reply_by, made_by=who, message=message, by=by)
    if update.promise and update.promised_on and who:
        promises.enter(
            case, update.promise, update.promised_on, due_at=update.promised_at, made_by=who, message=message, by=by
        )  # fmt: skip


def _end(update: Update, state: str, *, by: Actor) -> bool:
    now = clock.now()
    waiting = Update.objects.waiting().filter(pk=update.pk)
    if not waiting.update(state=state, settled_at=now, settled_by=by.actor_code):
        return False
    update.state, update.settled_at, update.settled_by = state, now, by.actor_code
    word = "update.sent" if state == Update.State.SENT else "update.dropped"
    happened(update.case, word, by=by, held=True, update=update.pk, kind=update.kind)
    for task in Task.objects.open().filter(once=f"update:{update.pk}").select_related("case"):
        settle(task, by=by)
    return True


def days_from(case: Case, at: datetime, days: int) -> date:
    """So many working days from now, in the calendar of the case."""
    calendar = case.pack_version.pack.calendar
    return due(at, Duration(days, "business_days"), calendar).due_at.astimezone(calendar.zone).date()
