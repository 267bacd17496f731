"""Which dates may move, how far, and by whom: what the pack's `extension` says of each clock."""

from collections.abc import Iterable
from datetime import UTC, datetime

from django.utils.translation import gettext as _

from apaise.ground.accounts.models import Function, User
from apaise.ground.packs.deadline_rules import DeadlineRule
from apaise.ground.packs.vocabulary import ROLES
from apaise.intake.cases.models import Case, Deadline
from apaise.lib import clock
from apaise.lib.working_time import Duration, due

OF_THE_REPLY = frozenset({"final_reply.sent", "eight_week_letter.sent", "case.withdrawn"})
OUTSIDE = "external_mediator"  # it moves the date itself; we note what it told us


def reply_clocks(case: Case, clocks: Iterable[Deadline] | None = None) -> list[tuple[Deadline, DeadlineRule]]:
    """The clocks that only our reply stops, and that are not stopped, earliest first."""
    rules = case.pack_version.pack.deadlines
    found = [
        (one, rules[one.rule])
        for one in (case.deadlines.all() if clocks is None else clocks)
        if one.rule in rules and one.state != Deadline.State.STOPPED and not one.customer_right
    ]
    return [(one, rule) for one, rule in found if is_of_the_reply(rule)]


def is_of_the_reply(rule: DeadlineRule) -> bool:
    """Whether only our reply keeps this date."""
    return bool(rule.stop_on) and OF_THE_REPLY.issuperset(rule.stop_on) and not rule.repeat


def extension_refusal(user: User, one: Deadline, rule: DeadlineRule) -> str | None:
    """Why this person may not move this date. Who may work on the case is asked elsewhere."""
    terms = rule.extension or {}
    if not (terms.get("allowed") or terms.get("adds") or terms.get("to")):
        return _("The policy of this case does not let its reply-by date move.")
    if one.extensions >= int(terms.get("max_times", 1)):
        return _("The reply-by date was already moved as often as the policy allows.")
    if not _is_among(user, terms.get("by", ())):
        return _only(terms["by"])
    return None


def _only(codes: Iterable[str]) -> str:
    if "dpo" in codes:
        return _("Only the data protection officer may move this date.")
    return _("Only the complaints manager may move the reply-by date.")


def latest(case: Case, one: Deadline, rule: DeadlineRule) -> datetime | None:
    """How far the pack lets the date move; None where only other dates bound it."""
    terms = rule.extension or {}
    if not (terms.get("to") or terms.get("adds")):
        return None
    found = rule.due(one.start_at, case.calendar, criticality=one.level, extended=True)
    return found.due_at.astimezone(UTC)


def must_tell(rule: DeadlineRule) -> bool:
    """Whether this date may move only if the customer is told, with the reason."""
    return bool((rule.extension or {}).get("must_notify_customer"))


def told_too_late(case: Case, one: Deadline, rule: DeadlineRule) -> str | None:
    """Some laws let a date move only if the customer hears of it within a time."""
    within = (rule.extension or {}).get("notify_within")
    if not within:
        return None
    until = due(one.start_at, Duration.from_data(within), case.calendar, roll="none").due_at
    return None if clock.now() <= until else _("The customer had to be told within the first month.")


def _is_among(user: User, codes: Iterable[str]) -> bool:
    codes = list(codes)
    if not codes or OUTSIDE in codes or user.has_role(*(code for code in codes if code in ROLES)):
        return True
    return any(user in Function.objects.holders(code) for code in codes if code not in ROLES)
