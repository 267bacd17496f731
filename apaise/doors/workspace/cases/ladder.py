"""The page about a case's escalation: levels, hand-over, history, circuit, prepared messages, tickets elsewhere."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apaise.doors.workspace.cases.acting import acting
from apaise.doors.workspace.cases.page import find
from apaise.doors.workspace.frame import frame
from apaise.ground.accounts.models import User
from apaise.ground.accounts.naming import named
from apaise.handling.prepared import prepare
from apaise.handling.prepared.models import Update
from apaise.handling.routing import circuits, escalation, handover, levels
from apaise.handling.routing.escalations import Escalation
from apaise.handling.routing.handover import Handover
from apaise.handling.routing.ladder import ladder
from apaise.handling.tickets.linking import follow_ticket, link_ticket, unlink_ticket
from apaise.handling.tickets.models import Ticket
from apaise.intake.cases import policies
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import UNTIL_SET, Case


@require_safe
def ladder_page(request: HttpRequest, reference: str) -> HttpResponse:
    return show(request, find(request, reference))


def show(
    request: HttpRequest,
    case: Case,
    *,
    refused: Mapping[str, str] | None = None,
    typed: Mapping[str, str] | None = None,
) -> HttpResponse:
    """The whole page; after a refusal with its reason and everything typed still there."""
    me, moves = request.user, list(case.escalations.select_related("person", "came_from"))
    standing = moves[-1].level if moves else levels.standing(case)
    page = {
        **frame(request, "cases"),
        "case": case,
        "levels": _levels(case, standing),
        "standing": standing,
        "moves": [_move(one) for one in reversed(moves)],
        "circuit": circuits.circuit(case),
        "circuit_level": case.criticality or UNTIL_SET,
        "updates": _updates(case, me),
        "tickets": list(case.tickets.all()),
        "ticket_states": list(Ticket.State.choices),
        "prepared": handover.prepared(case),
        "may": {
            "up": escalation.escalate_refusal(me, case),
            "back": escalation.return_refusal(me, case),
            "work": policies.work_refusal(me, case),
        },
        "refused": refused or {},
        "typed": typed or {},
    }
    return render(request, "workspace/cases/ladder.html", page, status=409 if refused else 200)


def _levels(case: Case, standing: int) -> list[dict[str, Any]]:
    language = "en" if get_language() == "en" else "fr"
    return [
        {
            "number": step.number,
            "name": step.label[language],
            "role": named(step.code),
            "here": step.number == standing,
            "above": step.number > standing,
        }
        for step in ladder(case.pack_version.pack)
    ]


def _move(move: Escalation) -> dict[str, Any]:
    if move.why == Escalation.Why.RETURNED:
        words = _("Handed back to level %(level)s") % {"level": move.level}
    elif move.why == Escalation.Why.APART:
        words = _("In other hands on level %(level)s") % {"level": move.level}
    elif move.goes_up:
        words = _("Passed up to level %(level)s") % {"level": move.level}
    else:
        words = _("Received on level %(level)s") % {"level": move.level}
    return {"move": move, "words": words, "why": move.get_why_display()}


def _updates(case: Case, me: User) -> list[dict[str, Any]]:
    waiting = Update.objects.waiting().filter(case=case).select_related("promised_by")
    rows = []
    for update in waiting:
        update.case = case
        rows.append({"prepared": update, "refusal": prepare.send_refusal(me, update)})
    return rows


# Whoever passed it on may not see it any more: an executive's case, another team's.
action = acting(show, back="workspace:case-ladder", unseen=lambda done: done)


@action("up")
def escalation_(request: HttpRequest, case: Case) -> str:
    """Pass the case up, with a note."""
    level = request.POST.get("level", "")
    note = Handover(*(request.POST.get(name, "") for name in ("done", "left", "promised")))
    escalation.hand_up(
        case,
        note,
        to_level=int(level) if level.isascii() and level.isdigit() and len(level) < 3 else None,
        tell_customer=request.POST.get("tell", "") == "on",
        by=request.user,
    )
    return "passed_up"


@action("back")
def return_(request: HttpRequest, case: Case) -> str:
    """Hand the case back, with a reason."""
    escalation.hand_back(case, reason=request.POST.get("reason", ""), by=request.user)
    return "handed_back"


@action("prepared")
def sending(request: HttpRequest, case: Case, update_id: int) -> str:
    """Send a prepared message, as it is or in other words."""
    day = request.POST.get("reply_by", "")
    try:
        reply_by = date.fromisoformat(day) if day else None
    except ValueError as problem:
        raise Refused(_("Choose a day from the calendar.")) from problem
    prepare.send(_update(case, update_id), text=request.POST.get("text"), reply_by=reply_by, by=request.user)
    return "update_sent"


@action("prepared")
def dropping(request: HttpRequest, case: Case, update_id: int) -> str:
    """Set a prepared message aside."""
    prepare.drop(_update(case, update_id), by=request.user)
    return "update_dropped"


def _update(case: Case, update_id: int) -> Update:
    update = get_object_or_404(Update.objects.filter(case=case).select_related("signed_by"), pk=update_id)
    update.case = case
    return update


@action("ticket")
def tickets(request: HttpRequest, case: Case) -> str:
    """Link a ticket of another system."""
    said = {name: request.POST.get(name, "") for name in ("system", "number", "url")}
    link_ticket(case, **said, by=request.user)
    return "ticket_linked"


@action("ticket")
def ticket_state(request: HttpRequest, case: Case, ticket_id: int) -> str:
    """Note how a ticket stands elsewhere."""
    follow_ticket(_ticket(case, ticket_id), request.POST.get("state", ""), by=request.user)
    return "ticket_changed"


@action("ticket")
def ticket_removal(request: HttpRequest, case: Case, ticket_id: int) -> str:
    unlink_ticket(_ticket(case, ticket_id), by=request.user)
    return "ticket_unlinked"


def _ticket(case: Case, ticket_id: int) -> Ticket:
    ticket = get_object_or_404(case.tickets, pk=ticket_id)
    ticket.case = case
    return ticket
