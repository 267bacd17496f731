"""The reply-by date a customer is told is the one our clock runs to, wherever the policy lets it move."""

from datetime import datetime

from django.db import transaction

from apaise.ground.ledger.record import Actor
from apaise.intake.cases.history import happened
from apaise.intake.cases.models import Case, Deadline
from apaise.lib import clock

TARGET, CAP = "reply_target", "reply_hard_cap"


def may_move(case: Case, due_at: datetime) -> bool:
    """Whether the policy lets the clock of our reply run to this moment: never behind a cap that still holds."""
    target = case.deadlines.filter(rule=TARGET).exclude(state=Deadline.State.STOPPED).first()
    rule = case.pack_version.pack.deadline(TARGET)
    terms = (rule and rule.extension) or {}
    if target is None or not terms.get("allowed") or target.extensions >= int(terms.get("max_times", 1)):
        return False
    cap = case.deadlines.filter(rule=CAP).first()
    if cap and clock.now() < cap.due_at < due_at:
        return False
    return due_at > max(target.due_at, clock.now())


def announce(case: Case, due_at: datetime, *, by: Actor) -> bool:
    """Our reply comes by this date: the customer is told in the same transaction. Returns whether the clock moved;
    where it did not, the caller makes the date a promise, so that it has a clock all the same."""
    with transaction.atomic():
        case.hold()
        moves = may_move(case, due_at)
        if moves:
            before = case.announced_for or case.deadlines.get(rule=TARGET).due_at
            happened(
                case, "deadline.changed", by=by, held=True, rule=TARGET, due=due_at, before=before, why="extension"
            )  # fmt: skip
        case.keep(announced_for=due_at)
    return moves
