"""Skills of people and the company's rules: who gets which cases. The complaints manager writes them."""

from typing import Any

import yaml
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apaise.doors.workspace.frame import frame
from apaise.doors.workspace.routing.team import tabs_for
from apaise.ground.accounts.models import ROLE_NAMES, Function, Team, User, everyone_with
from apaise.ground.accounts.naming import named
from apaise.ground.packs.taxonomy import FAMILIES
from apaise.handling.routing import rules
from apaise.handling.routing.person import Skill
from apaise.handling.routing.rule import Rule
from apaise.handling.routing.skills import LANGUAGES, SEGMENTS, say_skills
from apaise.handling.routing.targets import ABLE, names_of
from apaise.handling.routing.wording import LANGUAGE_NAMES, family_name, segment_name
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import CHANNEL_NAMES

LONGEST_CONDITION = 4000


@require_http_methods(["GET", "HEAD", "POST"])
def routing_rules(request: HttpRequest) -> HttpResponse:
    """The rules in order, a form for one more; below, what people are good at."""
    _managers_only(request)
    if request.method == "POST":
        return _write(request, None)
    return _show(request)


@require_http_methods(["GET", "HEAD", "POST"])
def routing_rule(request: HttpRequest, rule_id: int) -> HttpResponse:
    _managers_only(request)
    rule = get_object_or_404(Rule, pk=rule_id)
    return _write(request, rule) if request.method == "POST" else _show(request, rule, typed=_typed_of(rule))


@require_POST
def rule_moving(request: HttpRequest, rule_id: int) -> HttpResponse:
    _managers_only(request)
    rules.move_up(get_object_or_404(Rule, pk=rule_id), by=request.user)
    return redirect(f"{reverse('workspace:routing-rules')}?done=rule")


@require_POST
def rule_removal(request: HttpRequest, rule_id: int) -> HttpResponse:
    _managers_only(request)
    rules.remove(get_object_or_404(Rule, pk=rule_id), by=request.user)
    return redirect(f"{reverse('workspace:routing-rules')}?done=saved")


@require_POST
def skills(request: HttpRequest, user_id: int) -> HttpResponse:
    _managers_only(request)
    user = get_object_or_404(everyone_with(*ABLE), pk=user_id)
    said = {(kind, code) for kind in Skill.Kind.values for code in request.POST.getlist(kind)}
    try:
        say_skills(user, said, by=request.user)
    except Refused as refusal:
        return _show(request, refused=str(refusal))
    return redirect(f"{reverse('workspace:routing-rules')}?done=saved")


def _managers_only(request: HttpRequest) -> None:
    if refusal := rules.rules_refusal(request.user):
        raise PermissionDenied(refusal)


def _write(request: HttpRequest, rule: Rule | None) -> HttpResponse:
    try:
        rules.write(rule, _said(request), by=request.user)
    except Refused as refusal:
        return _show(request, rule, refused=str(refusal), typed=request.POST.dict())
    return redirect(f"{reverse('workspace:routing-rules')}?done=rule")


def _said(request: HttpRequest) -> dict[str, Any]:
    typed = request.POST
    return {
        "name": " ".join(typed.get("name", "").split())[:120],
        **{name: typed.get(name, "")[:60] for name in ("family", "language", "channel", "segment", "target")},
        "condition": _condition(typed.get("condition", "")),
        "names_person": bool(typed.get("names_person")),
        "takes_over": bool(typed.get("takes_over")),
        "active": bool(typed.get("active")),
    }


def _condition(typed: str) -> Any:
    """A condition as in a pack, in YAML; empty is none. Raises Refused."""
    if not typed.strip():
        return None
    try:
        return yaml.safe_load(typed[:LONGEST_CONDITION])
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise Refused(_("The condition cannot be read: line %(line)s.") % {"line": line}) from problem


def _typed_of(rule: Rule) -> dict[str, Any]:
    names = (
        "name",
        "family",
        "language",
        "channel",
        "segment",
        "target",
        "names_person",
        "takes_over",
        "active",
    )
    condition = yaml.safe_dump(rule.condition, allow_unicode=True, sort_keys=False) if rule.condition else ""
    return {**{name: getattr(rule, name) for name in names}, "condition": condition}


def _show(
    request: HttpRequest, rule: Rule | None = None, *, refused: str = "", typed: dict[str, Any] | None = None
) -> HttpResponse:
    known = list(Rule.objects.select_related("changed_by"))
    names = names_of(one.target for one in known)
    people = list(everyone_with(*ABLE).order_by("name", "pk").prefetch_related("skills"))
    page = {
        **frame(request, "routing-rules"),
        "tabs": tabs_for(request.user, "routing-rules"),
        "rules": [{"rule": one, "where": names[one.target], "when": _when(one)} for one in known],
        "changed": rule,
        "refused": refused,
        "typed": typed if typed is not None else {"names_person": True, "active": True},
        "people": [_skills_of(person) for person in people],
        **_choices(people),
    }
    return render(request, "workspace/routing/rules.html", page, status=409 if refused else 200)


def _when(rule: Rule) -> str:
    said = [
        family_name(rule.family) if rule.family else "",
        str({"fr": _("in French"), "en": _("in English")}.get(rule.language, "")),
        str(CHANNEL_NAMES.get(rule.channel, "")).lower(),
        segment_name(rule.segment) if rule.segment else "",
        _("with a condition") if rule.condition else "",
    ]
    return ", ".join(one for one in said if one) or _("every case")


def _skills_of(person: User) -> dict[str, Any]:
    has = {(one.kind, one.code) for one in person.skills.all()}
    names = [family_name(code) for kind, code in sorted(has) if kind == "cause"]
    names += [str(LANGUAGE_NAMES[code]) for kind, code in sorted(has) if kind == "language"]
    names += [segment_name(code) for kind, code in sorted(has) if kind == "segment"]
    return {"person": person, "has": has, "words": ", ".join(names)}


def _choices(people: list[User]) -> dict[str, Any]:
    language = get_language()
    held = Function.objects.order_by("code").values_list("code", flat=True)
    return {
        "families": [(family.code, family.label.said(language)) for family in FAMILIES],
        "languages": [(code, LANGUAGE_NAMES[code]) for code in LANGUAGES],
        "case_languages": [("fr", _("French")), ("en", _("English"))],
        "channels": list(CHANNEL_NAMES.items()),
        "segments": [(code, segment_name(code)) for code in SEGMENTS],
        "targets": [
            (_("Teams"), [(f"team:{team.pk}", team.name) for team in Team.objects.order_by("name")]),
            (_("Functions"), [(f"function:{code}", named(code)) for code in held]),
            (_("Roles"), [(f"role:{code}", ROLE_NAMES[code]) for code in ABLE]),
            (_("People"), [(f"person:{person.pk}", person.name) for person in people]),
        ],
    }
