"""Messages that could not be filed: why, whose, until when, and another try."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apaise.doors.downloads import Stored, to_staff
from apaise.doors.workspace.frame import frame
from apaise.doors.workspace.readers import FORM_FIGURES
from apaise.intake.channels import receive
from apaise.intake.channels.glance import glance, original_name
from apaise.intake.channels.models import Arrival
from apaise.lib import clock

WORKERS = ("handler", "team_lead", "complaints_manager")
MOST_SHOWN = 50


@require_safe
def quarantine(request: HttpRequest) -> HttpResponse:
    """What waits, oldest first, with a glance at each."""
    waiting = Arrival.objects.visible_to(request.user).in_quarantine().select_related("owner", "desk", "case")
    items = [
        {"arrival": arrival, **glance(arrival)._asdict()}
        for arrival in waiting.order_by("received_at", "pk")[:MOST_SHOWN]
    ]
    page = {
        **frame(request, "quarantine"),
        "items": items,
        "total": waiting.count(),
        "now": clock.now(),
        "sees_figures": request.user.has_role(*FORM_FIGURES),
        "may_act": request.user.has_role(*WORKERS),
    }
    return render(request, "workspace/quarantine.html", page)


@require_POST
def replay(request: HttpRequest, arrival_id: int) -> HttpResponse:
    """Read and file it again; with `accept`, let a stranger into the case they answer."""
    arrival = find(request, arrival_id)
    outcome = receive.replay(arrival, by=request.user, accept=bool(request.POST.get("accept")))
    return redirect(
        f"/desk/quarantine?done={'still_waiting' if outcome.outcome == 'quarantined' else 'replayed'}"
    )


@require_POST
def setting_aside(request: HttpRequest, arrival_id: int) -> HttpResponse:
    receive.set_aside(find(request, arrival_id), by=request.user)
    return redirect("/desk/quarantine?done=set_aside")


@require_safe
def original(request: HttpRequest, arrival_id: int) -> HttpResponseBase:
    arrival = get_object_or_404(Arrival.objects.visible_to(request.user), pk=arrival_id)
    stored = Stored(arrival.raw, *original_name(arrival, f"arrival-{arrival.pk}"))
    return to_staff(request, stored, back=reverse("workspace:quarantine"))


def find(request: HttpRequest, arrival_id: int) -> Arrival:
    """An arrival this person may act on; else 404, or 403 for who only reads."""
    arrival = get_object_or_404(Arrival.objects.visible_to(request.user), pk=arrival_id)
    if not request.user.has_role(*WORKERS):
        raise PermissionDenied(_("Your role lets you read this, not act on it."))
    return arrival
