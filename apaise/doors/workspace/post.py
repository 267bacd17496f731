"""Letters of ours that wait to be posted: the PDF to print, and the note that it has left."""

from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apaise.doors.downloads import Stored, to_staff
from apaise.doors.uploads import NotTaken, keep_scans
from apaise.doors.workspace.cases.page import find
from apaise.doors.workspace.entry.form import day
from apaise.doors.workspace.frame import frame
from apaise.intake.cases import policies
from apaise.intake.cases.message import Message
from apaise.intake.cases.messages import Refused
from apaise.intake.channels.post import out
from apaise.lib import clock

MOST_SHOWN = 50


@require_safe
def to_post(request: HttpRequest) -> HttpResponse:
    """What waits, oldest first."""
    return _show(request)


def _show(
    request: HttpRequest,
    *,
    at: int | None = None,
    refused: str = "",
    typed: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    waiting = out.to_post(request.user)
    page: dict[str, Any] = {
        **frame(request, "post"),
        "letters": list(waiting[:MOST_SHOWN]),
        "total": waiting.count(),
        "may_act": request.user.has_role(*policies.WORKERS),
        "today": clock.today(ZoneInfo(settings.TIME_ZONE)).isoformat(),
        "at": at,
        "refused": refused,
        "typed": typed or {},
    }
    return render(request, "workspace/post.html", page, status=status)


@require_safe
def letter(request: HttpRequest, reference: str, message_id: int) -> HttpResponseBase:
    """The letter as a PDF, opened beside the page so that it can be printed from there."""
    message = get_object_or_404(
        find(request, reference).messages, pk=message_id, direction="out", channel="letter"
    )
    name = f"{message.case.reference}-{message.pk}.pdf"
    response = FileResponse(BytesIO(out.printed(message)), filename=name, content_type="application/pdf")
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_POST
def posting(request: HttpRequest, reference: str, message_id: int) -> HttpResponse:
    """It was put into the post: from now on it is sent."""
    message = _letter(request, reference, message_id)
    try:
        if refusal := policies.work_refusal(request.user, message.case):
            raise Refused(refusal)
        posted_on = day(request.POST.get("posted_on", ""))
        if posted_on is None:
            raise Refused(_("Say on which day it was posted."))
        proof = keep_scans(request.FILES.getlist("proof")[:1])
        out.mark_posted(
            message,
            posted_on,
            registered_number=request.POST.get("registered_number", ""),
            proof=proof[0] if proof else None,
            by=request.user,
        )
    except (Refused, NotTaken) as refusal:
        typed = {name: request.POST[name] for name in request.POST}
        return _show(request, at=message.pk, refused=str(refusal), typed=typed, status=409)
    return redirect("/desk/post?done=posted")


@require_safe
def proof(request: HttpRequest, reference: str, message_id: int) -> HttpResponseBase:
    """The proof of posting."""
    posted = getattr(_letter(request, reference, message_id), "posting", None)
    if posted is None or not posted.proof:
        raise Http404
    stored = Stored(posted.proof, posted.proof_name, posted.proof_type)
    return to_staff(request, stored, back=reverse("workspace:case", args=[reference.upper()]))


def _letter(request: HttpRequest, reference: str, message_id: int) -> Message:
    letters = find(request, reference).messages.filter(direction="out", channel="letter")
    return get_object_or_404(letters.select_related("posting"), pk=message_id)
