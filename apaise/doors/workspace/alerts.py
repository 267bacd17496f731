"""What a person of ours must know: their alerts, unseen first."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from apaise.doors.workspace.frame import frame
from apaise.ground.accounts.alerts import see, see_all
from apaise.ground.accounts.models import Alert
from apaise.intake.cases.heard import alerts_of
from apaise.intake.cases.models import Case
from apaise.journey.alert_words import words_of


@require_safe
def alerts(request: HttpRequest) -> HttpResponse:
    """What this person must know, unseen first, then newest first; about cases they may see."""
    told = alerts_of(request.user).order_by(F("seen_at").desc(nulls_first=True), "-at", "-pk")
    shown = Paginator(told, 50).get_page(request.GET.get("page"))
    references = {alert.chain for alert in shown if alert.chain}
    visible = {
        case.reference: case
        for case in Case.objects.visible_to(request.user).filter(reference__in=references)
    }
    items = [
        _item(alert, visible.get(alert.chain)) for alert in shown if not alert.chain or alert.chain in visible
    ]
    page = {
        **frame(request, "alerts"),
        "items": items,
        "shown": shown,
        "fresh": sum(1 for item in items if item["fresh"]),
        "newest": max((alert.pk for alert in shown), default=0),
    }
    return render(request, "workspace/alerts.html", page)


def _item(alert: Alert, case: Case | None) -> dict[str, Any]:
    words = words_of(alert)
    return {
        "alert": alert,
        "case": case,
        "what": words.what,
        "then": words.then,
        "tone": words.tone,
        "icon": words.icon,
        "fresh": alert.seen_at is None,
    }


@require_POST
def all_seen(request: HttpRequest) -> HttpResponse:
    """All that had come when the page was shown; what came since stays unseen."""
    up_to = request.POST.get("up_to", "")
    if not up_to.isascii() or not up_to.isdigit() or len(up_to) > 18:
        raise Http404
    see_all(request.user, up_to=int(up_to))
    return redirect("workspace:alerts")


@require_POST
def seen(request: HttpRequest, alert_id: int) -> HttpResponse:
    if not Alert.objects.filter(pk=alert_id, user=request.user).exists():
        raise Http404
    see(request.user, alert_id)
    return redirect("workspace:alerts")
