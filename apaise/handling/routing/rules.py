"""The company's rules in order: the first that fits decides. Written, moved and switched off by the complaints manager."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from apaise.ground.accounts.models import User
from apaise.ground.ledger.record import HOUSE, record
from apaise.ground.packs.predicate import Moment, evaluate
from apaise.ground.packs.predicate_checks import predicate_problems
from apaise.ground.packs.taxonomy import FAMILIES
from apaise.handling.routing.fit import family_of
from apaise.handling.routing.rule import Rule
from apaise.handling.routing.segments import segments_of
from apaise.handling.routing.targets import target_problem
from apaise.intake.cases.facts import facts_of
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import CHANNEL_NAMES, Case
from apaise.lib import clock


def first_that_fits(case: Case) -> Rule | None:
    rules = list(Rule.objects.filter(active=True))
    if not rules:
        return None
    facts = facts_of(case)
    segments = segments_of(case, facts)
    return next((rule for rule in rules if fits(rule, case, facts, segments)), None)


def fits(rule: Rule, case: Case, facts: Mapping[str, object], segments: frozenset[str]) -> bool:
    asked = (
        (rule.family, rule.family == family_of(case)),
        (rule.language, rule.language == case.language),
        (rule.channel, rule.channel == case.channel),
        (rule.segment, rule.segment in segments),
    )
    if not all(holds for wanted, holds in asked if wanted):
        return False
    # Unknown does not fit: nobody is sent a case for what might be so.
    moment = Moment(clock.now(), case.pack_version.pack.calendar) if rule.condition else None
    return evaluate(rule.condition, facts, moment).result is True


# --- writing them ---------------------------------------------------------------------------------------


def rules_refusal(by: User) -> str | None:
    """Why this person may not say who gets which cases, nor what people are good at."""
    if by.has_role("complaints_manager"):
        return None
    return _("The complaints manager says who gets which cases.")


def write(rule: Rule | None, said: Mapping[str, Any], *, by: User) -> Rule:
    """A new rule, last in order, or this one said anew. Raises Refused with what is wrong."""
    if refusal := rules_refusal(by) or _problem(said):
        raise Refused(refusal)
    with transaction.atomic():
        if rule is None:
            last = Rule.objects.aggregate(last=Max("position"))["last"] or 0
            rule = Rule(position=last + 1)
        for name, value in said.items():
            setattr(rule, name, value)
        rule.changed_by, rule.changed_at = by, clock.now()
        rule.save()
        record(HOUSE, "routing.rule_changed", by=by, rule=rule.pk, target=rule.target, active=rule.active)
    return rule


def move_up(rule: Rule, *, by: User) -> None:
    """One place nearer to the front."""
    if refusal := rules_refusal(by):
        raise Refused(refusal)
    with transaction.atomic():
        order = list(Rule.objects.select_for_update())
        place = next((index for index, one in enumerate(order) if one.pk == rule.pk), 0)
        if place == 0:
            return
        order[place - 1], order[place] = order[place], order[place - 1]
        for position, one in enumerate(order, start=1):
            Rule.objects.filter(pk=one.pk).update(position=position)
        record(HOUSE, "routing.rule_changed", by=by, rule=rule.pk, target=rule.target, place=place)


def remove(rule: Rule, *, by: User) -> None:
    """The cases it placed stay where they are."""
    if refusal := rules_refusal(by):
        raise Refused(refusal)
    with transaction.atomic():
        number, target = rule.pk, rule.target
        rule.delete()
        record(HOUSE, "routing.rule_changed", by=by, rule=number, target=target, active=False)


def _problem(said: Mapping[str, Any]) -> str | None:
    if not str(said.get("name", "")).strip():
        return _("Give the rule a name: it is shown on the cases it places.")
    if said.get("family") and said["family"] not in {family.code for family in FAMILIES}:
        return _("Choose the cause from the list.")
    if said.get("channel") and said["channel"] not in CHANNEL_NAMES:
        return _("Choose the channel from the list.")
    if said.get("language") and said["language"] not in ("fr", "en"):
        return _("Choose the language from the list.")
    if said.get("condition") is not None and (
        wrong := next(predicate_problems({"when": said["condition"]}), None)
    ):
        return _("The condition cannot be read: %(problem)s.") % {"problem": wrong[1]}
    return target_problem(str(said.get("target", "")))
