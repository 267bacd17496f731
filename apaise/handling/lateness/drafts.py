"""What the customer is told when a date is near or missed, prepared from what the case itself knows."""

from datetime import date, datetime

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apaise.ground.ledger.record import Actor
from apaise.ground.packs.render import Rendered
from apaise.handling.lateness.missed import Missed
from apaise.handling.prepared.models import Update
from apaise.handling.prepared.prepare import Pledge, days_from, prepare
from apaise.handling.resolution.reply_check import mentions_in
from apaise.intake.cases import updates
from apaise.intake.cases.announcing import CAP
from apaise.intake.cases.models import Case, Deadline
from apaise.intake.cases.promise import Promise
from apaise.intake.cases.promises import break_overdue
from apaise.lib import clock

LATER, NEWS = 5, 3  # working days: until our reply, and until the customer hears from us in any case


def holding_update(missed: Missed, *, by: Actor) -> Update | None:
    """We are late: what is done, what is left, why, and until when now. Only our own step is late while the date
    announced to the customer still lies ahead: then there is nothing to apologise for, and they hear where we are."""
    case = missed.case
    if case.announced_for and case.announced_for > clock.now():
        return progress_update(
            case, once=f"{missed.once}:progress", owner=missed.owner, rule=missed.rule.id, by=by
        )
    return _holding(missed, Update.Kind.HOLDING, (), by=by)


def holding_update_with_mediator(missed: Missed, *, by: Actor) -> Update | None:
    """The same once the last date has passed: the mediator may be asked now, and is named."""
    return _holding(
        missed, Update.Kind.HOLDING_AFTER_CAP, mentions_in(missed.case, "holding_update_after_cap"), by=by
    )


def eight_week_letter(missed: Missed, *, by: Actor) -> Update | None:
    case = missed.case
    if _is_answered(case):
        return None
    reply_by = days_from(case, clock.now(), 2 * LATER)
    letter = updates.eight_weeks(case, reason=_reason(case), reply_by=reply_by, signatory=case.handler)
    return prepare(
        case, Update.Kind.EIGHT_WEEKS, letter, once=f"{missed.once}:eight_weeks", owner=missed.owner,
        person=missed.person, rule=missed.rule.id, reply_by=reply_by, by=by, by_itself=True,
    )  # fmt: skip


def apology(missed: Missed, *, by: Actor) -> Update | None:
    """For a promise that was not kept, with a new date. Never by itself: only a person knows what can be kept."""
    case, promise = missed.case, missed.promise
    if promise is None:
        return None
    if promise.state == Promise.State.OPEN:
        break_overdue(clock.now())
    again_on = days_from(case, clock.now(), 2)
    letter = updates.apology(
        case, promise=promise.text, promised_on=promise.due_on, again_on=again_on, signatory=promise.made_by
    )
    return prepare(
        case, Update.Kind.APOLOGY, letter, once=f"{missed.once}:apology", owner=missed.owner, person=missed.person,
        rule=missed.rule.id, pledge=Pledge(promise.text, again_on, None, promise.made_by), signed_by=promise.made_by, by=by,
    )  # fmt: skip


def progress_update(case: Case, *, once: str, owner: str, rule: str, by: Actor) -> Update | None:
    """Where we are, before anybody has to ask. A person sends it: nothing is late yet."""
    if _is_answered(case):
        return None
    letter = updates.progress(case, done=_done(case), left=_left(case), signatory=case.handler)
    return prepare(case, Update.Kind.PROGRESS, letter, once=once, owner=owner, rule=rule, by=by)


def _holding(missed: Missed, kind: str, mentions: tuple[str, ...], *, by: Actor) -> Update | None:
    case = missed.case
    if _is_answered(case):
        return None
    now = clock.now()
    reply_by, news_on = _new_date(case, now), days_from(case, now, NEWS)
    who = case.handler or case.desk.signatory
    letter = updates.holding(
        case, done=_done(case), left=_left(case), reason=_reason(case), previous=case.announced_for or missed.due_at,
        reply_by=reply_by, news_on=min(news_on, reply_by), signatory=case.handler,
    )  # fmt: skip
    with translation.override(case.language):
        pledge = Pledge(_("News of your complaint"), min(news_on, reply_by), None, who) if who else None
    return prepare(
        case, kind, Rendered(letter.subject, "\n\n".join([letter.body.strip(), *mentions])),
        once=f"{missed.once}:{kind}", owner=missed.owner, person=missed.person, rule=missed.rule.id,
        reply_by=reply_by, pledge=pledge, by=by, by_itself=True,
    )  # fmt: skip


def _new_date(case: Case, now: datetime) -> date:
    """Some working days from now, and not behind the last date that still holds."""
    chosen = days_from(case, now, LATER)
    cap = case.deadlines.filter(rule=CAP, due_at__gt=now).exclude(state=Deadline.State.STOPPED).first()
    return min(chosen, cap.due_at.astimezone(case.pack_version.pack.calendar.zone).date()) if cap else chosen


def _is_answered(case: Case) -> bool:
    return case.final_reply_at is not None or case.state == "answered"


def _done(case: Case) -> str:
    """What is done, in the customer's language and without their words."""
    points = case.grievances.count()
    with translation.override(case.language):
        if points:
            return ngettext(
                "we have noted the point you raise and are looking into it",
                "we have noted the %(count)s points you raise and are looking into them",
                points,
            ) % {"count": points}
        return _("your complaint is registered and has been read")


def _left(case: Case) -> str:
    with translation.override(case.language):
        return _("to finish checking, and to answer each of your points")


def _reason(case: Case) -> str:
    with translation.override(case.language):
        return _("checking what happened takes longer than we had planned")
