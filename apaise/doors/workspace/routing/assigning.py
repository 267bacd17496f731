"""To whom one may give a case: best first, each with what they carry and why they fit."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apaise.doors.workspace.cases.page import find
from apaise.doors.workspace.frame import frame
from apaise.ground.accounts.models import User
from apaise.handling.routing.assignment import candidates
from apaise.handling.routing.fit import Fit, ranked
from apaise.handling.routing.placement import Placement
from apaise.handling.routing.targets import people_of
from apaise.handling.routing.wording import DECIDED, WITHOUT_NEW, load_in_words, reasons_in_words
from apaise.intake.cases import policies
from apaise.intake.cases.models import Case


@require_safe
def assigning(request: HttpRequest, reference: str) -> HttpResponse:
    """A page of its own; asked for by htmx, the list alone, which then stands on the page of the case."""
    case = find(request, reference)
    alone = request.headers.get("HX-Request") == "true"
    page: dict[str, Any] = {"case": case, **people_for(case, request.user)}
    page["refused_to_hand_out"] = policies.hand_out_refusal(request.user, case)
    if alone:
        return render(request, "workspace/routing/_people.html", page)
    return render(request, "workspace/routing/assigning.html", {**frame(request, "cases"), **page})


def people_for(case: Case, me: User) -> dict[str, Any]:
    placement: Placement | None = getattr(case, "placement", None)
    people = [] if policies.hand_out_refusal(me, case) else candidates(case, by=me)
    fits = ranked(case, [person for person in people if person.pk != case.handler_id])
    meant: set[int] = set()
    if placement and placement.suggested and not placement.decision:
        meant = {person.pk for person in people_of(case, placement.suggested)}
    return {
        "people": [_row(fit, me, is_meant=fit.person.pk in meant) for fit in fits],
        "why": list(DECIDED.items()) if placement else [],
    }


def _row(fit: Fit, me: User, *, is_meant: bool) -> dict[str, Any]:
    return {
        "person": fit.person,
        "is_me": fit.person == me,
        "load": load_in_words(fit.load.open, fit.load.hard),
        "lately": fit.load.lately,
        "reasons": reasons_in_words(fit.reasons),
        "without_new": WITHOUT_NEW.get(fit.without_new, ""),
        "meant": is_meant,
    }
