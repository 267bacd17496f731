"""What the law adds to a sum that is paid late, on the clocks of a case: one sum, for the page and for the record."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple

from apaise.ground.packs.deadline_rules import DeadlineRule
from apaise.ground.packs.penalties import Penalty, penalty
from apaise.intake.cases.happening import Happening
from apaise.intake.cases.known_fact import PERSON, known_rows
from apaise.intake.cases.models import Case, Deadline

CLAIM: Final = "case.claim_amount"
WITH_THE_FACT, CLAIMED = "with_the_fact", "claimed"


class Sum(NamedTuple):
    """The sum a date is about, and who it is taken from."""

    amount: Decimal
    source: str  # WITH_THE_FACT or CLAIMED


def sum_of(case: Case, rule: DeadlineRule) -> Sum | None:
    """The sum this date is about; None while nobody said.

    In this order of trust: what was told with the dated fact that started the date; else what a person of ours wrote
    down as the sum the customer asks for. What only a reading found is no basis for money the law adds."""
    told = Happening.objects.filter(case=case, word=rule.trigger, replaced_at=None)
    amount = told.values_list("amount", flat=True).first()
    if amount is not None:
        return Sum(amount, WITH_THE_FACT)
    claimed = known_rows(case).get(CLAIM)
    if claimed is None or claimed.source != PERSON:
        return None
    return Sum(Decimal(str(claimed.value)), CLAIMED)


def days_late(case: Case, one: Deadline, now: datetime) -> int:
    """Whole calendar days past the due day, until it was done or until now; none when it is not late."""
    return days_between(case, one.due_at, one.stopped_at or now)


def days_between(case: Case, due_at: datetime, until: datetime) -> int:
    zone = case.calendar.zone
    return max(0, (until.astimezone(zone).date() - due_at.astimezone(zone).date()).days)


def added_by_law(case: Case, rule: DeadlineRule, late: int) -> Penalty | None:
    """The increase owed after so many days; None where the law sets none, nothing is late or no sum is known."""
    if not law_adds(rule) or late <= 0:
        return None
    owed = sum_of(case, rule)
    return None if owed is None else penalty(_steps(rule), owed.amount, late)


def law_adds(rule: DeadlineRule) -> bool:
    """Whether the law adds something by the day, so that the sum must be known."""
    return bool(_steps(rule))


def _steps(rule: DeadlineRule) -> list[Mapping[str, Any]]:
    return [step for step in rule.penalties if "from_day" in step]
