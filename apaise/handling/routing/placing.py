"""Put a case where it belongs: the fast lane, a rule of the company, or whoever is good at it. Always with the reason."""

from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import prefetch_related_objects

from apaise.ground.accounts.alerts import alert
from apaise.ground.accounts.models import User, everyone_with
from apaise.ground.ledger.record import Actor, System
from apaise.handling.routing.absences import away, present
from apaise.handling.routing.assignment import give
from apaise.handling.routing.fit import Fit, family_of, ranked
from apaise.handling.routing.holding import Because, holder_of
from apaise.handling.routing.lane import VIP, fast_lane, lane_target
from apaise.handling.routing.people import apart_from, leads
from apaise.handling.routing.placement import Placement
from apaise.handling.routing.rule import Rule
from apaise.handling.routing.rules import first_that_fits
from apaise.handling.routing.suggestions import confidence_in
from apaise.handling.routing.targets import ABLE, people_of, suggested_for
from apaise.intake.cases.history import happened
from apaise.intake.cases.models import Case, State

BY = System("routing")
PLACEABLE = (
    State.RECEIVED,
    State.QUALIFYING,
    State.AWAITING_CUSTOMER,
    State.INVESTIGATING,
    State.AWAITING_THIRD_PARTY,
    State.DECIDING,
)


class Plan(NamedTuple):
    """Where a case shall go."""

    queue: str
    reasons: tuple[str, ...]
    lane: str = ""
    rule: Rule | None = None
    person: User | None = None
    suggested: str = ""
    confidence: int | None = None
    fell: bool = False  # to the next level, because nobody of the queue may have it or is there
    takes_over: bool = False


def place(case: Case, *, by: Actor = BY) -> Placement | None:
    """Put the case into its queue and, where a rule or a skill says so, into somebody's hands. Harmless to repeat.

    Nobody kept apart, absent or inactive is ever given it; whom a person chose keeps it, and so does the level of the
    ladder where it stands. None when nothing is to be said: it then waits in the queue of its team."""
    if case.state not in PLACEABLE:
        return None
    plan = _plan(case)
    if plan is None:
        return None
    with transaction.atomic():
        case.hold()
        # Two workers at once: the second meets what the first did.
        now = Case.objects.select_related("handler").defer("excerpt").get(pk=case.pk)
        if now.state not in PLACEABLE:
            return None
        case.state, case.handler = now.state, now.handler
        known = Placement.objects.filter(case=case).first()
        holder = holder_of(case, proposed=plan.person, takes_over=_may_take_over(case, plan, known))
        is_given = holder.because == Because.PLACED
        if is_given or not _is_known(plan, known):
            known = _write_down(case, plan, is_given, by)
        if is_given and holder.person:
            give(case, holder.person, believed=case.handler, by=by, why=_joined(plan.reasons))
    if plan.fell and (is_given or holder.person is None):
        _tell_next_level(case, plan)
    return known


def _may_take_over(case: Case, plan: Plan, known: Placement | None) -> bool:
    """Whether the rule says so, nobody decided otherwise, and whoever holds the case is not one of those it means."""
    if not plan.takes_over or (known and known.decision == Placement.Decision.OVERRIDDEN):
        return False
    return case.handler_id not in {person.pk for person in people_of(case, plan.queue)}


def _is_known(plan: Plan, known: Placement | None) -> bool:
    """Whether this very placing is written down already."""
    said = (plan.queue, plan.lane, plan.suggested)
    return known is not None and (known.queue, known.lane, known.suggested) == said


def _write_down(case: Case, plan: Plan, is_given: bool, by: Actor) -> Placement:
    said = {
        "queue": plan.queue, "lane": plan.lane, "rule": plan.rule, "reasons": list(plan.reasons),
        "suggested": plan.suggested, "confidence": plan.confidence, "person": plan.person if is_given else None,
    }  # fmt: skip
    placement, _new = Placement.objects.update_or_create(case=case, defaults=said)
    happened(
        case, "case.placed", by=by, held=True, queue=plan.queue, lane=plan.lane or None, why=_joined(plan.reasons),
        rule=plan.rule.pk if plan.rule else None, to=plan.person.actor_code if plan.person else None,
        suggested=plan.suggested or None, confidence=plan.confidence,
    )  # fmt: skip
    return placement


# --- where to -------------------------------------------------------------------------------------------


def _plan(case: Case) -> Plan | None:
    prefetch_related_objects([case], "exclusions")
    if lane := fast_lane(case):
        return _into_hands(
            case, Plan(lane_target(lane), ("lane:vip",), lane=VIP), people_of(case, lane_target(lane))
        )
    if rule := first_that_fits(case):
        plan = Plan(rule.target, (f"rule:{rule.pk}",), rule=rule, takes_over=rule.takes_over)
        return _into_hands(case, plan, people_of(case, rule.target)) if rule.names_person else plan
    return _to_a_specialist(case) or _suggestion(case)


def _into_hands(case: Case, plan: Plan, people: list[User]) -> Plan:
    """The person who fits best; with nobody there who may, somebody of the next level."""
    absent = away()
    there = [person for person in present(case, people, absent) if person.has_role(*ABLE)]
    fits = ranked(case, there, absent)
    free = [fit for fit in fits if not fit.without_new]
    if free:
        return plan._replace(person=free[0].person, reasons=_why(plan, free[0], people))
    if there and not plan.lane:
        return plan._replace(reasons=(*plan.reasons, "waits:full"))  # somebody takes it when they can
    above = _next_level(case)
    return plan._replace(person=above, reasons=(*plan.reasons, "level:next"), fell=True)


def _why(plan: Plan, fit: Fit, meant: list[User]) -> tuple[str, ...]:
    stands_in = () if fit.person in meant else ("stands_in",)
    return (*plan.reasons, *stands_in, *fit.codes)


def _to_a_specialist(case: Case) -> Plan | None:
    """Whoever of the team is good at what the case needs, where the house lets that decide."""
    if not settings.ASSIGN_SPECIALISTS:
        return None
    queue = f"team:{case.team_id}"
    team = everyone_with("handler", "team_lead").filter(memberships__team=case.team_id)
    skilled = team.filter(skills__isnull=False)
    if not skilled.exists():
        return None
    absent = away()
    fits = [
        fit
        for fit in ranked(case, present(case, skilled, absent), absent)
        if fit.reasons and not fit.without_new
    ]
    if not fits:
        return None
    return Plan(queue, tuple(fits[0].codes), person=fits[0].person)


def _suggestion(case: Case) -> Plan | None:
    family = family_of(case)
    if not family or not (target := suggested_for(family)):
        return None
    reasons = (f"cause:{family}",)
    return Plan(f"team:{case.team_id}", reasons, suggested=target, confidence=confidence_in(target))


def _next_level(case: Case) -> User | None:
    return next((person for person in leads(case) if person.has_role(*ABLE)), None)


def _tell_next_level(case: Case, plan: Plan) -> None:
    people = [*([plan.person] if plan.person else []), *apart_from(case, everyone_with("complaints_manager"))]
    alert(people, "fell_to_next_level", chain=case.reference, once=f"next-level:{case.pk}:{plan.queue}")


def _joined(reasons: tuple[str, ...]) -> str:
    return "+".join(reasons)[:120]
