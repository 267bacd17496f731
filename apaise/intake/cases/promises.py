"""The register of promises: make one, say that it was kept, find those that were not."""

from datetime import date, datetime, time

from django.db import transaction
from django.utils.translation import gettext as _

from apaise.ground.accounts.models import User
from apaise.ground.ledger.record import Actor, System
from apaise.intake.cases import policies
from apaise.intake.cases.clockwork import END_OF_DAY
from apaise.intake.cases.history import happened
from apaise.intake.cases.message import Message
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case, WrongStage
from apaise.intake.cases.promise import NOT_OWED, Promise
from apaise.lib import clock


def make_promise(
    case: Case, text: str, due_on: date, *, hour: time | None = None, message: Message | None = None, by: User
) -> Promise:
    """Enter what was promised to the customer, and start its clock. Raises Refused.

    due_on    local day
    hour      local time, when one was said
    message   the words it was made in"""
    if refusal := policies.promise_refusal(by, case):
        raise Refused(refusal)
    text = " ".join(text.split())[:300]
    if not text:
        raise Refused(_("Say what was promised."))
    zone = case.calendar.zone
    due_at = datetime.combine(due_on, hour, zone) if hour else None
    ends_at = due_at or datetime.combine(due_on, END_OF_DAY, zone)
    if ends_at <= clock.now():
        raise Refused(_("Promise something for later than now."))
    if message is not None and message.case_id != case.pk:
        raise Refused(_("This message is in another case."))
    return enter(case, text, due_on, due_at=due_at, made_by=by, message=message, by=by)


def enter(
    case: Case,
    text: str,
    due_on: date,
    *,
    due_at: datetime | None = None,
    made_by: User,
    message: Message | None = None,
    by: Actor,
) -> Promise:
    """The same for words that the policy itself makes us say: somebody is named in them, and keeps the promise."""
    ends_at = due_at or datetime.combine(due_on, END_OF_DAY, case.pack_version.pack.calendar.zone)
    with transaction.atomic():
        promise = Promise.objects.create(
            case=case,
            text=text,
            due_on=due_on,
            due_at=due_at,
            ends_at=ends_at,
            made_by=made_by,
            message=message,
        )
        happened(
            case, "commitment.made", by=by, promise=promise.pk, due_on=due_on, due_at=due_at,
            message=message.pk if message else None,
        )  # fmt: skip
    return promise


def keep_promise(promise: Promise, *, by: User) -> None:
    """It is done. Done too late, it is noted as done and stays broken. Harmless to repeat. Raises Refused."""
    if refusal := policies.work_refusal(by, promise.case):
        raise Refused(refusal)
    with transaction.atomic():
        promise.case.hold()
        now = clock.now()
        if now > promise.ends_at:
            _break(promise, now)
        mine = Promise.objects.filter(pk=promise.pk, case=promise.case_id)
        if not mine.exists():
            raise WrongStage(_("This promise has moved to another case; reload it and look again."))
        kept = mine.filter(kept_at=None).exclude(state=Promise.State.KEPT)
        if kept.filter(state=Promise.State.OPEN).update(state=Promise.State.KEPT, kept_at=now) or kept.update(
            kept_at=now
        ):
            happened(promise.case, "commitment.kept", by=by, promise=promise.pk)
    promise.refresh_from_db()


def break_overdue(at: datetime) -> int:
    """Record every promise whose time has passed. Returns how many."""
    open_ = Promise.objects.filter(state=Promise.State.OPEN, ends_at__lt=at).exclude(case__state__in=NOT_OWED)
    broken = 0
    for promise in open_.select_related("case__pack_version").defer("case__pack_version__content")[:500]:
        with transaction.atomic():
            promise.case.hold()
            broken += _break(promise, at)
    return broken


def _break(promise: Promise, at: datetime) -> bool:
    mine = Promise.objects.filter(pk=promise.pk, case=promise.case_id, state=Promise.State.OPEN)
    if not mine.update(state=Promise.State.BROKEN, broken_at=at):
        return False
    happened(promise.case, "commitment.broken", by=System("promises"), at=at, promise=promise.pk)
    return True
