"""The steps of the table that concern the ladder, dates that are near or missed, and who is told."""

from contextlib import suppress

from apaise.ground.accounts.alerts import alert
from apaise.ground.accounts.models import User, everyone_with
from apaise.ground.ledger.models import Entry
from apaise.ground.ledger.record import System
from apaise.ground.packs.deadline_rules import DeadlineRule
from apaise.handling.lateness import breach, drafts
from apaise.handling.routing import escalation, telling
from apaise.handling.routing.escalations import Escalation
from apaise.handling.routing.people import leads, not_excluded
from apaise.intake.cases.models import Case, State, WrongStage
from apaise.journey.of_entry import case_of

BY = System("lateness")
LATE_SOON = 80  # percent of the time of a reply
# A clock that one of these stops is not about the reply itself.
ON_THE_WAY = {"ack.sent", "contact.human_done"}


def enter_the_ladder(entry: Entry) -> None:
    """Count the time on the first level, and go up at once where the customer or the case calls for it."""
    case = case_of(entry)
    escalation.enter(case)
    _climb(case)


def climb_the_ladder(entry: Entry) -> None:
    """More is known of the case: it may belong on a higher level."""
    _climb(case_of(entry))


def tell_who_takes_over(entry: Entry) -> None:
    _alert_holder(entry, "case_escalated")


def tell_who_takes_back(entry: Entry) -> None:
    """And the manager, when a case goes to and fro."""
    _alert_holder(entry, "case_returned")
    if entry.facts["times"] >= escalation.TOO_OFTEN:
        case = case_of(entry)
        people = not_excluded(case, everyone_with("complaints_manager")) or leads(case)
        alert(people, "case_bounced", chain=case.reference, once=f"{entry.pk}:bounced")


def tell_by_the_table(entry: Entry) -> None:
    telling.tell(case_of(entry), entry)


def act_before_it_is_late(entry: Entry) -> None:
    """Most of the time for a reply is gone: somebody with more means looks, and the customer need not ask."""
    case, rule = case_of(entry), _rule_of(entry)
    if (
        rule is None
        or entry.facts["percent"] < LATE_SOON
        or not _is_of_the_reply(rule)
        or not _is_awaited(case)
    ):
        return
    with suppress(WrongStage):
        moved = escalation.climb(case, why=Escalation.Why.NEAR)
        if moved is None and not case.escalations.filter(level__gt=1).exists():
            escalation.escalate(case, why=Escalation.Why.NEAR)
    drafts.progress_update(case, once=f"{entry.pk}:progress", owner=entry.facts["owner"], rule=rule.id, by=BY)


def act_on_breach(entry: Entry) -> None:
    """The pack's `on_breach`; and days without a word of ours bring an update."""
    case, rule = case_of(entry), _rule_of(entry)
    breach.carry_out(case, entry)
    if rule and rule.repeat and _is_awaited(case):
        drafts.progress_update(
            case, once=f"{entry.pk}:progress", owner=entry.facts["owner"], rule=rule.id, by=BY
        )


def _climb(case: Case) -> None:
    if case.is_open and case.state != State.ANSWERED:
        with suppress(WrongStage):  # somebody is moving it this very moment
            escalation.climb(case)


def _is_of_the_reply(rule: DeadlineRule) -> bool:
    return (
        "final_reply.sent" in rule.stop_on and not rule.repeat and not ON_THE_WAY.intersection(rule.stop_on)
    )


def _is_awaited(case: Case) -> bool:
    return case.is_open and case.state not in (State.ANSWERED, State.AWAITING_CUSTOMER)


def _rule_of(entry: Entry) -> DeadlineRule | None:
    return case_of(entry).pack_version.pack.deadline(entry.facts["rule"])


def _alert_holder(entry: Entry, kind: str) -> None:
    code = str(entry.facts.get("to") or "")
    if code and entry.by != code:
        people = User.objects.filter(pk=code.partition(":")[2])
        alert(people, kind, chain=entry.chain, once=f"{entry.pk}:{kind}")
