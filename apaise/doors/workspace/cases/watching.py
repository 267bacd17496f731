"""More filters of the list of cases: what is due when, how critical, whose; and what a figure of the day opens."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apaise.ground.accounts.models import Team, User
from apaise.intake.cases import watch
from apaise.intake.cases.models import CRITICALITIES, CaseQuerySet
from apaise.lib import clock

Narrow = Callable[[CaseQuerySet, datetime], CaseQuerySet]
NOBODY = "nobody"
LABELS = {
    "due": _("Date"),
    "level": _("Criticality"),
    "promise": _("Promise"),
    "mail": _("Mail"),
    "word": _("Last word"),
    "handler": _("Held by"),
    "team": _("Team"),
}
NAMES = tuple(LABELS)
VALUES: dict[str, dict[str, tuple[Any, Narrow]]] = {
    "due": {
        "soon": (_("within four hours"), watch.at_risk),
        "today": (_("today"), watch.due_today),
    },
    "level": {
        "hard": (_("C1 and C2"), lambda cases, _now: cases.filter(criticality__in=watch.HARD)),
        **{
            code: (code, lambda cases, _now, code=code: cases.filter(criticality=code))
            for code in CRITICALITIES
        },
    },
    "promise": {
        "today": (
            _("for today"),
            lambda cases, now: watch.with_promises(cases, watch.promised_today(now)),
        ),
        "broken": (_("not kept"), lambda cases, _now: watch.with_promises(cases, watch.BROKEN)),
    },
    "mail": {"doubt": (_("perhaps not arrived"), lambda cases, _now: watch.in_doubt(cases))},
    "word": {"customer": (_("the customer's"), lambda cases, _now: cases.filter(watch.UNHEARD))},
}


def narrow(cases: CaseQuerySet, request: HttpRequest) -> CaseQuerySet:
    """The cases that these filters let through. What is not known filters nothing."""
    for name, values in VALUES.items():
        if known := values.get(request.GET.get(name, "")):
            cases = known[1](cases, clock.now())
    for name in ("handler", "team"):
        if number := _number(request.GET.get(name, "")):
            cases = cases.filter(**{f"{name}_id": number})
    if request.GET.get("handler") == NOBODY:
        cases = cases.filter(handler=None)
    return cases


def active(request: HttpRequest) -> list[tuple[str, Any, Any]]:
    """The filters that are on: name, label and value in words."""
    on = [
        (name, LABELS[name], values[said][0])
        for name, values in VALUES.items()
        if (said := request.GET.get(name, "")) in values
    ]
    if request.GET.get("handler") == NOBODY:
        on.append(("handler", LABELS["handler"], _("nobody")))
    for name, model in (("handler", User), ("team", Team)):
        number = _number(request.GET.get(name, ""))
        if number and (found := model.objects.filter(pk=number).values_list("name", flat=True).first()):
            on.append((name, LABELS[name], found))
    return on


def choices(name: str) -> list[tuple[str, Any]]:
    return [(code, words) for code, (words, _narrow) in VALUES[name].items()]


def _number(typed: str) -> int | None:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 16 else None
