"""Move the announced reply-by date: never without telling the customer why, within what the pack allows."""

from datetime import date, datetime, time

from django.db import transaction
from django.utils.translation import gettext as _

from apaise.ground.accounts.models import User
from apaise.intake.cases import letters, outgoing, policies
from apaise.intake.cases.history import happened
from apaise.intake.cases.message import Message
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case, WrongStage
from apaise.lib import clock

END_OF_DAY = time(23, 59, 59)


def postpone(
    case: Case, *, to: date, done_so_far: str, remaining: str, reason: str, next_update: date, by: User
) -> Message:
    """Announce a later reply-by date with a reasoned notice. Raises Refused.

    to            local day; the cap of the law or the pack cannot be passed
    next_update   when the customer hears from us even if nothing is finished"""
    if refusal := policies.extend_refusal(by, case):
        raise Refused(refusal)
    deadline = case.deadlines.get(rule="reply_target")
    due_at = datetime.combine(to, END_OF_DAY, case.calendar.zone)
    if gap := _gap(case, due_at, deadline.due_at, next_update, (done_so_far, remaining, reason)):
        raise Refused(gap)
    with transaction.atomic():
        before = case.announced_for or deadline.due_at
        mine = case.deadlines.filter(rule="reply_target", extensions=deadline.extensions)
        case.hold()
        if not mine.exists():  # of two people at once the second sees what the first has announced
            raise WrongStage(
                _("%(reference)s has moved on; reload it and look again.") % {"reference": case.reference}
            )
        happened(
            case, "deadline.changed", by=by, rule="reply_target", due=due_at, before=before, why="extension"
        )
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


def _gap(
    case: Case, due_at: datetime, before: datetime, next_update: date, words: tuple[str, ...]
) -> str | None:
    if due_at <= max(before, clock.now()):
        return _("The new date must be later than the present one.")
    if (cap := case.deadlines.filter(rule="reply_hard_cap").first()) and due_at > cap.due_at:
        return _("The answer is due by %(day)s at the latest; the new date cannot lie behind it.") % {
            "day": letters.long_date(cap.due_at)
        }
    if next_update > due_at.date() or next_update <= clock.today(case.calendar.zone):
        return _("Promise news for a day between tomorrow and the new date.")
    if not all(part.strip() for part in words):
        return _("Say what is done, what remains and why it takes longer: the customer reads it.")
    return None
