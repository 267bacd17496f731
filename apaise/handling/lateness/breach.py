"""What a missed deadline sets off: every `on_breach` code of the packs is one function of this table."""

from collections.abc import Callable, Mapping
from typing import Final

from django.db import transaction

from apaise.ground.accounts.alerts import alert
from apaise.ground.ledger.models import Entry
from apaise.ground.ledger.record import System
from apaise.ground.packs.penalties import Penalty
from apaise.handling.lateness import drafts, register
from apaise.handling.lateness.missed import Missed, missed_of
from apaise.handling.routing import escalation
from apaise.handling.routing.escalations import Escalation
from apaise.handling.routing.levels import standing
from apaise.handling.routing.people import leads
from apaise.handling.tasks.todo import open_task
from apaise.intake.cases.history import happened
from apaise.intake.cases.models import Case
from apaise.intake.cases.owed import added_by_law, days_between, law_adds, sum_of
from apaise.lib import clock
from apaise.lib.working_time import Duration, due

BY = System("breach")
Action = Callable[[Missed], None]


def carry_out(case: Case, entry: Entry) -> None:
    """The pack's `on_breach` for this `deadline.missed`, in order, each once and each with an entry of its own."""
    missed = missed_of(case, entry)
    if missed is None or not case.is_open:
        return
    for code in missed.rule.on_breach:
        with transaction.atomic():
            case.hold()
            if _is_done(missed, code):
                continue
            happened(case, "breach.acted", by=BY, held=True, action=code, rule=missed.rule.id, of=missed.once)
            ACTIONS[code](missed)


def _is_done(missed: Missed, code: str) -> bool:
    acted = Entry.objects.of(missed.case.reference).filter(what="breach.acted")
    return any(entry.facts["of"] == missed.once and entry.facts["action"] == code for entry in acted)


def alert_team_lead(missed: Missed) -> None:
    alert(
        leads(missed.case), "deadline_missed", chain=missed.case.reference, detail=missed.rule.id,
        once=f"{missed.once}:alert_team_lead",
    )  # fmt: skip


def escalate(missed: Missed) -> None:
    if escalation.escalate(missed.case, why=Escalation.Why.MISSED) is None:
        _ask(missed, "escalate")


def escalate_executive(missed: Missed) -> None:
    level = escalation.executive_level(missed.case)
    if standing(missed.case) >= level:
        return  # they hold it already
    if escalation.escalate(missed.case, to_level=level, why=Escalation.Why.MISSED) is None:
        _ask(missed, "escalate_executive")


def log_breach(missed: Missed) -> None:
    register.enter(missed, by=BY)


def send_holding_update(missed: Missed) -> None:
    drafts.holding_update(missed, by=BY)


def send_holding_update_with_mediator(missed: Missed) -> None:
    drafts.holding_update_with_mediator(missed, by=BY)


def send_eight_week_letter(missed: Missed) -> None:
    drafts.eight_week_letter(missed, by=BY)


def apologise_and_reschedule(missed: Missed) -> None:
    if not drafts.apology(missed, by=BY):
        _ask(missed, "apologise_and_reschedule")


def compute_penalty(missed: Missed) -> None:
    """What the law adds to date, on the record of the case; while nobody has said the sum, a person is asked for it."""
    found, owed = penalty_to_date(missed), sum_of(missed.case, missed.rule)
    if found and owed and found.increase is not None:
        happened(
            missed.case, "penalty.computed", by=BY, held=True, rule=missed.rule.id, days=found.days_late,
            rate=str(found.rate), increase=str(found.increase), total=str(found.total), sum=owed.source,
        )  # fmt: skip
    _ask(missed, "tell_sum" if owed is None and law_adds(missed.rule) else "compute_penalty")


def offer_price_reduction_or_termination(missed: Missed) -> None:
    _ask(missed, "offer_price_reduction_or_termination")


ACTIONS: Final[Mapping[str, Action]] = {
    "alert_team_lead": alert_team_lead,
    "escalate": escalate,
    "escalate_executive": escalate_executive,
    "log_breach": log_breach,
    "send_holding_update": send_holding_update,
    "send_holding_update_with_mediator": send_holding_update_with_mediator,
    "send_eight_week_letter": send_eight_week_letter,
    "apologise_and_reschedule": apologise_and_reschedule,
    "compute_penalty": compute_penalty,
    "offer_price_reduction_or_termination": offer_price_reduction_or_termination,
}


def penalty_to_date(missed: Missed) -> Penalty | None:
    """The statutory increase today, or until it was paid; None while the sum is not known, or where the law adds none."""
    case = missed.case
    one = case.deadlines.filter(rule=missed.rule.id).first()
    until = (one and one.stopped_at) or clock.now()
    return added_by_law(case, missed.rule, max(1, days_between(case, missed.due_at, until)))


def _ask(missed: Missed, kind: str) -> None:
    """A person does it: a task for whoever owed the date."""
    open_task(
        missed.case, kind, owner=missed.owner, person=missed.person, once=f"{missed.once}:{kind}", by=BY,
        due_at=due(clock.now(), Duration(1, "business_days"), missed.case.pack_version.pack.calendar).due_at,
        detail=missed.rule.id,
    )  # fmt: skip
