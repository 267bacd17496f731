"""What was taken for spam: why, until when it can be taken back, and the way back."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from apaise.doors.workspace.frame import frame
from apaise.doors.workspace.intake.quarantine import MOST_SHOWN, WORKERS, find
from apaise.intake.channels import receive, spam
from apaise.intake.channels.glance import glance
from apaise.intake.channels.models import Arrival


@require_safe
def spam_list(request: HttpRequest) -> HttpResponse:
    """The last ones first, with a glance at each."""
    marked = Arrival.objects.visible_to(request.user).spam().select_related("accepted_by")
    items = [
        {
            "arrival": arrival,
            "until": spam.reversible_until(arrival),
            "refusal": spam.not_spam_refusal(request.user, arrival),
            **glance(arrival)._asdict(),
        }
        for arrival in marked.order_by("-received_at", "-pk")[:MOST_SHOWN]
    ]
    page = {
        **frame(request, "quarantine"),
        "items": items,
        "total": marked.count(),
        "may_act": request.user.has_role(*WORKERS),
    }
    return render(request, "workspace/spam.html", page)


@require_POST
def marking(request: HttpRequest, arrival_id: int) -> HttpResponse:
    """A message in quarantine is spam."""
    spam.mark_spam(find(request, arrival_id), by=request.user)
    return redirect("/desk/quarantine?done=spam")


@require_POST
def reversal(request: HttpRequest, arrival_id: int) -> HttpResponse:
    """It is none: file it."""
    outcome = receive.not_spam(find(request, arrival_id), by=request.user)
    done = "still_waiting" if outcome.outcome == "quarantined" else "replayed"
    return redirect(f"/desk/spam?done={done}")
