"""Move the announced reply-by date: never without telling the customer why, within what the pack allows."""

from datetime import UTC, date, datetime, time

from django.db import transaction
from django.utils.translation import gettext as _

from apaise.ground.accounts.models import User
from apaise.ground.ledger.record import Fact
from apaise.ground.packs.deadline_rules import DeadlineRule
from apaise.intake.cases import letters, outgoing, policies, updates
from apaise.intake.cases.extension import (
    OUTSIDE,
    extension_refusal,
    is_of_the_reply,
    latest,
    must_tell,
    reply_clocks,
    told_too_late,
)
from apaise.intake.cases.history import all_happened, happened
from apaise.intake.cases.message import Message
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case, Deadline, State, WrongStage
from apaise.lib import clock

END_OF_DAY = time(23, 59, 59)


def postpone(
    case: Case, *, to: date, done_so_far: str, remaining: str, reason: str, next_update: date, by: User
) -> Message:
    """Announce a later reply-by date with a reasoned notice. Raises Refused.

    Every date that only the reply keeps, and that lies before the new one, moves with it, or the reply cannot move.

    to            local day; what the law or the pack fixes cannot be passed
    next_update   when the customer hears from us even if nothing is finished"""
    if refusal := policies.extend_refusal(by, case):
        raise Refused(refusal)
    due_at = datetime.combine(to, END_OF_DAY, case.calendar.zone)
    if gap := _gap(case, due_at, next_update, (done_so_far, remaining, reason)):
        raise Refused(gap)
    with transaction.atomic():
        case.hold()
        moved = _in_the_way(case, due_at, by)
        before = case.announced_for or min(one.due_at for one in moved)
        # Of two people at once the second sees what the first has announced.
        if due_at <= before or not all(
            case.deadlines.filter(rule=one.rule, extensions=one.extensions).exists() for one in moved
        ):
            raise WrongStage(
                _("%(reference)s has moved on; reload it and look again.") % {"reference": case.reference}
            )
        said: list[Fact] = [
            ("deadline.changed", {"rule": one.rule, "due": due_at, "before": one.due_at, "why": "extension"})
            for one in moved
        ]
        all_happened(case, said, by=by, held=True)
        case.keep(announced_for=due_at)
        letter = letters.new_date(
            case,
            previous=before,
            new=due_at,
            done_so_far=done_so_far,
            remaining=remaining,
            reason=reason,
            next_update=next_update,
            signatory=by,
        )
        return outgoing.queue_message(
            case, "date_notice", subject=letter.subject, text=letter.body, by=by, author=by
        )


def _in_the_way(case: Case, due_at: datetime, by: User) -> list[Deadline]:
    """The dates of the reply before the new one; all of them move. Raises Refused for one that may not."""
    moved = []
    for one, rule in reply_clocks(case):
        if one.due_at >= due_at:
            continue
        last = latest(case, one, rule)
        if not rule.extension or (last and due_at > last):
            raise Refused(
                _("The answer is due by %(day)s at the latest; the new date cannot lie behind it.")
                % {"day": letters.long_date(last or one.due_at)}
            )
        if refusal := extension_refusal(by, one, rule):
            raise Refused(refusal)
        moved.append(one)
    if not moved:
        raise Refused(_("The new date must be later than the present one."))
    return moved


def _gap(case: Case, due_at: datetime, next_update: date, words: tuple[str, ...]) -> str | None:
    if due_at <= max(case.announced_for or due_at.min.replace(tzinfo=UTC), clock.now()):
        return _("The new date must be later than the present one.")
    if next_update > due_at.date() or next_update <= clock.today(case.calendar.zone):
        return _("Promise news for a day between tomorrow and the new date.")
    if not all(part.strip() for part in words):
        return _("Say what is done, what remains and why it takes longer: the customer reads it.")
    return None


def prolong(
    case: Case, one: Deadline, *, by: User, to: date | None = None, reason: str = ""
) -> Message | None:
    """Move a date that is not our reply's, as its pack provides. Raises Refused.

    to        local day, where somebody outside fixes it: the mediator who needs longer. Else the pack says how far.
    reason    in the customer's language. Where the pack has the customer told (`must_notify_customer`), moving the
              date and telling them why are one: the notice returned is queued with it, or neither happens."""
    rule = case.pack_version.pack.deadlines[one.rule]
    if refusal := prolong_refusal(by, one, rule) or _cannot_tell(case, rule, reason):
        raise Refused(refusal)
    last, outside = latest(case, one, rule), OUTSIDE in (rule.extension or {}).get("by", ())
    if to is not None and outside:
        last = datetime.combine(to, END_OF_DAY, case.calendar.zone)
    if last is None or last <= one.due_at:
        raise Refused(_("The new date must be later than the present one."))
    if gap := told_too_late(case, one, rule):
        raise Refused(gap)
    with transaction.atomic():
        case.hold()
        if not case.deadlines.filter(pk=one.pk, extensions=one.extensions).exists():
            raise WrongStage(
                _("%(reference)s has moved on; reload it and look again.") % {"reference": case.reference}
            )
        happened(
            case, "deadline.changed", by=by, held=True,
            rule=one.rule, due=last, before=one.due_at, why="extension",
        )  # fmt: skip
        if not must_tell(rule):
            return None
        letter = updates.prolonged(
            case, rule, previous=one.due_at, new=last, reason=reason, outside=outside, signatory=by
        )
        return outgoing.queue_message(
            case, Message.Kind.PROLONGATION, subject=letter.subject, text=letter.body, by=by, author=by
        )


def _cannot_tell(case: Case, rule: DeadlineRule, reason: str) -> str | None:
    """Why the customer cannot be told of the new date, where they must be."""
    if not must_tell(rule):
        return None
    if case.state in (State.MERGED, State.REDIRECTED):
        return _("This case is followed elsewhere; write there.")
    if not reason.strip():
        return _("Say why the date moves: the customer is told it with the new date.")
    return None


def prolong_refusal(user: User, one: Deadline, rule: DeadlineRule) -> str | None:
    """Why this person may not move this date, which is not our reply's."""
    if refusal := policies.work_refusal(user, one.case):
        return refusal
    if one.state == Deadline.State.STOPPED or is_of_the_reply(rule):
        return _("The policy of this case does not let its reply-by date move.")
    return extension_refusal(user, one, rule)
