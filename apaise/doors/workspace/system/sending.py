"""Outgoing mail as an administrator sees it: whether it leaves, what holds it back, the switches."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from apaise.doors.workspace.frame import frame
from apaise.intake.cases.message import Message
from apaise.intake.channels import policies
from apaise.intake.channels.mail import stops
from apaise.intake.channels.mail.stops import Stop


@require_safe
def sending(request: HttpRequest) -> HttpResponse:
    _administrators_only(request)
    waiting = Message.objects.filter(state=Message.State.QUEUED, channel="email").order_by()
    counts = dict(waiting.values_list("problem").annotate(Count("pk")))
    going_on = list(Stop.objects.filter(ended_at=None).select_related("by"))
    page = {
        **frame(request, "sending"),
        "stops": going_on,
        "muted_by_setting": settings.MUTE,
        "may_mute": not any(stop.why == Stop.Why.ADMINISTRATOR for stop in going_on),
        "waiting": sum(counts.values()),
        "reasons": [
            (problem.label % {"code": "4xx", "address": "…"}, counts[problem])
            for problem in Message.Problem
            if problem in counts
        ],
        "past": Stop.objects.filter(ended_at__isnull=False).select_related("by", "ended_by")[:30],
        "per_minute": settings.AUTOMATIC_PER_MINUTE,
        "per_address": settings.AUTOMATIC_PER_ADDRESS,
    }
    return render(request, "workspace/sending.html", page)


@require_POST
def muting(request: HttpRequest) -> HttpResponse:
    _administrators_only(request)
    stops.mute(by=request.user)
    return redirect("/desk/sending?done=mail_stopped")


@require_POST
def letting_go(request: HttpRequest, stop_id: int) -> HttpResponse:
    _administrators_only(request)
    stops.let_go(get_object_or_404(Stop, pk=stop_id), by=request.user)
    return redirect("/desk/sending?done=mail_resumed")


def _administrators_only(request: HttpRequest) -> None:
    if policies.stop_mail_refusal(request.user):
        raise PermissionDenied
