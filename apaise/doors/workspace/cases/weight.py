"""What weighs in a case: every factor, the facts a person can say, the circuit of people, the segment."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apaise.doors.workspace.cases.box import box
from apaise.doors.workspace.cases.page import find
from apaise.doors.workspace.cases.row import who
from apaise.doors.workspace.cases.segment_words import bands_in_words, named_in_words
from apaise.doors.workspace.frame import frame
from apaise.ground.accounts.naming import named
from apaise.ground.packs.criticality import Factor, circuit
from apaise.handling.routing.people import holders
from apaise.intake.cases import knowable, policies
from apaise.intake.cases.criticality import Standing, last_reason, proposed_by, set_criticality, standing
from apaise.intake.cases.facts import facts_of
from apaise.intake.cases.knowing import know_all, know_refusal
from apaise.intake.cases.known_fact import READING, KnownFact, known_rows
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case, WrongStage
from apaise.intake.cases.segments import segment_of
from apaise.intake.cases.wording import CRITICALITY_NAMES
from apaise.lib import saying

# --- the page -----------------------------------------------------------------------------------------------


@require_safe
def weight_page(request: HttpRequest, reference: str) -> HttpResponse:
    return _show(request, find(request, reference))


def _show(
    request: HttpRequest, case: Case, *, refused: str = "", typed: Mapping[str, str] | None = None
) -> HttpResponse:
    stands, rows, facts = standing(case), known_rows(case), facts_of(case)
    reason = last_reason(case)
    segment = segment_of(case)
    page = {
        **frame(request, "cases"),
        "case": case,
        "customer": who(case),
        "weight": {**box(case), **_account(case, stands)},
        "factors": [_factor(one) for one in sorted(stands.score.factors, key=_heaviest_first)],
        "facts": _fields(stands.score.factors, rows, facts, typed or {}),
        "circuit": _circuit(case, stands.counts),
        "bands": bands_in_words(segment),
        "named": named_in_words(segment),
        "reason": reason if reason and reason.level == case.criticality else None,
        "criticalities": [(code, f"{code}, {name}") for code, name in CRITICALITY_NAMES.items()],
        "may_know": know_refusal(request.user, case),
        "may_set": policies.work_refusal(request.user, case) if case.is_open else know_refusal(request.user, case),
        "refused": refused,
        "typed": typed or {},
    }  # fmt: skip
    return render(request, "workspace/cases/weight.html", page, status=409 if refused else 200)


def _account(case: Case, stands: Standing) -> dict[str, Any]:
    return {
        "points": stands.score.points,
        "proposed": proposed_by(stands.score),
        "by_person": stands.set_by.startswith("staff:"),
        "suggested": stands.suggested,
        "suggested_name": CRITICALITY_NAMES.get(stands.suggested, ""),
    }


def _heaviest_first(factor: Factor) -> tuple[int, int]:
    """What holds, then what is not read, then what does not hold."""
    return {True: 0, None: 1, False: 2}[factor.holds], -factor.weight


def _factor(factor: Factor) -> dict[str, Any]:
    tone = "late" if factor.holds and factor.weight >= 35 else "soon" if factor.holds else None
    words = {True: _("holds"), False: _("does not hold"), None: _("not read")}[factor.holds]
    label = (factor.label or {}).get(get_language() or "fr", factor.id)
    return {"label": label, "weight": factor.weight, "holds": factor.holds, "words": words, "tone": tone}


def _circuit(case: Case, level: str) -> list[dict[str, Any]]:
    """The named people of this level, first to last."""
    codes = circuit(case.pack_version.pack, level)
    return [
        {"code": code, "name": named(code), "people": [one.name for one in holders(case, code)[:4]]}
        for code in codes
    ]


def _fields(
    factors: tuple[Factor, ...],
    rows: Mapping[str, KnownFact],
    facts: Mapping[str, object],
    typed: Mapping[str, str],
) -> dict[str, list[dict[str, Any]]]:
    """The facts a person can say: those that weigh here, and the others."""
    weigh = {fact for factor in factors for fact in factor.facts} | {"case.reach"}
    both: dict[str, list[dict[str, Any]]] = {"weigh": [], "others": []}
    for fact, known in knowable.FACTS.items():
        field = _field(fact, known, rows.get(fact), facts.get(fact), typed)
        both["weigh" if fact in weigh else "others"].append(field)
    return both


def _field(
    fact: str, known: knowable.Knowable, row: KnownFact | None, found: object, typed: Mapping[str, str]
) -> dict[str, Any]:
    own = row.value if row and row.source != READING else None
    return {
        "name": fact,
        "ident": fact.replace(".", "-").replace("_", "-"),
        "kind": known.kind,
        "question": known.question,
        "value": typed.get(fact, _typed(fact, own)),
        "choices": _choices(fact, known.kind),
        "hint": _hint(fact, row, found),
    }


def _choices(fact: str, kind: str) -> list[tuple[str, Any]]:
    if kind == knowable.YES_NO:
        return [("", _("Not read")), ("yes", _("Yes")), ("no", _("No"))]
    if kind == knowable.SHARE:
        return [("", _("Not read")), *((str(step), words) for step, words in knowable.STEPS[fact])]
    return []


def _typed(fact: str, value: Any) -> str:
    """The value as the form shows it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(knowable.step_of(fact, value)) if knowable.FACTS[fact].kind == knowable.SHARE else str(value)


def _hint(fact: str, row: KnownFact | None, found: object) -> str:
    """Whose word it is, or what we see ourselves."""
    if row and row.source != READING:
        day = saying.day(
            row.at.astimezone(timezone.get_current_timezone()).date(), get_language() or "fr", short=True
        )
        return _("%(name)s, %(day)s") % {"name": row.person.name if row.person else row.by, "day": day}
    if row:
        return _("Read in the messages: %(value)s") % {"value": _said(fact, row.value)}
    return "" if found is None else _("Seen in the case: %(value)s") % {"value": _said(fact, found)}


def _said(fact: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if fact in knowable.STEPS:
        return str(dict(knowable.STEPS[fact])[knowable.step_of(fact, float(value))]).lower()
    return str(value)


# --- what is posted -----------------------------------------------------------------------------------------


@require_POST
def level(request: HttpRequest, reference: str) -> HttpResponse:
    """A person sets the criticality, with their reason."""
    case = find(request, reference)
    said = {name: request.POST.get(name, "") for name in ("criticality", "reason")}
    try:
        set_criticality(case, **said, by=request.user)
    except (Refused, WrongStage) as refusal:
        case.refresh_from_db()
        return _show(request, case, refused=str(refusal), typed=said)
    target = redirect("workspace:case", case.reference)
    target["Location"] += "?done=criticality"
    return target


@require_POST
def told_facts(request: HttpRequest, reference: str) -> HttpResponse:
    """What a person says is known of the case. Only what they changed is recorded."""
    case = find(request, reference)
    typed = {fact: request.POST[fact] for fact in knowable.FACTS if fact in request.POST}
    rows = known_rows(case)
    try:
        said = {fact: _read(fact, text) for fact, text in typed.items() if _is_new(fact, text, rows)}
        know_all(case, said, by=request.user)
    except Refused as refusal:
        return _show(request, case, refused=str(refusal), typed=typed)
    target = redirect("workspace:weight", case.reference)
    target["Location"] += "?done=facts"
    return target


def _is_new(fact: str, text: str, rows: Mapping[str, KnownFact]) -> bool:
    row = rows.get(fact)
    own = row.value if row and row.source != READING else None
    return text.strip() != _typed(fact, own)


def _read(fact: str, text: str) -> bool | Decimal | str | None:
    """What was typed; nothing is “not read”. A sum may be written as one writes it: 1 200,50."""
    text = text.strip()
    if not text:
        return None
    kind = knowable.FACTS[fact].kind
    if kind == knowable.YES_NO:
        return {"yes": True, "no": False}.get(text, text)
    plain = "".join(text.split()).replace("€", "")
    return plain.replace(",", ".") if kind in (knowable.AMOUNT, knowable.COUNT) else plain
