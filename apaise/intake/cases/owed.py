"""What the law adds to a sum that is paid late, on the clocks of a case."""

from datetime import datetime
from decimal import Decimal

from apaise.ground.packs.deadline_rules import DeadlineRule
from apaise.ground.packs.penalties import Penalty, penalty
from apaise.intake.cases.happening import Happening
from apaise.intake.cases.models import Case, Deadline


def sum_of(case: Case, rule: DeadlineRule) -> Decimal | None:
    """The sum this date is about, as told with the fact that started it; None while nobody said."""
    told = Happening.objects.filter(case=case, word=rule.trigger, replaced_at=None)
    return told.values_list("amount", flat=True).first()


def days_late(case: Case, one: Deadline, now: datetime) -> int:
    """Whole calendar days past the due day, until it was done or until now; none when it is not late."""
    zone = case.calendar.zone
    until = one.stopped_at or now
    return max(0, (until.astimezone(zone).date() - one.due_at.astimezone(zone).date()).days)


def added_by_law(case: Case, one: Deadline, rule: DeadlineRule, now: datetime) -> Penalty | None:
    """The increase owed on this clock to date; None where the law sets none, nothing is late or no sum is known."""
    steps = [step for step in rule.penalties if "from_day" in step]
    late = days_late(case, one, now)
    if not steps or late <= 0:
        return None
    amount = sum_of(case, rule)
    return None if amount is None else penalty(steps, amount, late)
