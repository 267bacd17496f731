"""What a visitor takes home: one sheet, or a strip of a till printer, with the way to follow their complaint."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils import translation
from django.views.decorators.http import require_safe
from markupsafe import Markup

from apaise.doors.workspace.cases.page import find
from apaise.doors.workspace.frame import frame
from apaise.intake.cases import deadlines, tracking
from apaise.intake.cases.message import Message
from apaise.lib import qr


@require_safe
def receipt(request: HttpRequest, reference: str, message_id: int) -> HttpResponse:
    """The receipt in the language of its case; the page around it in the reader's."""
    case = find(request, reference)
    visits = case.messages.filter(visit__isnull=False).select_related("visit__received_by", "author_person")
    message = get_object_or_404(visits.prefetch_related("attachments"), pk=message_id)
    page = {
        **frame(request, "cases"),
        "case": case,
        "message": message,
        "roll": request.GET.get("paper") == "80",
        "receipt": _receipt(message),
    }
    return render(request, "workspace/entry/receipt.html", page)


def _receipt(message: Message) -> Markup:
    case = message.case
    known = tracking.known_link(case)
    link = tracking.address_of(known) if known else ""
    with translation.override(case.language):
        page = {
            "case": case,
            "desk": case.desk,
            "message": message,
            "visit": message.visit,
            "reply_by": case.announced_for or deadlines.window_end(case, "reply_target"),
            "link": link,
            "code": Markup(qr.svg(link)) if link else "",  # noqa: S704  (made here, of squares)
        }
        return Markup(render_to_string("workspace/entry/_receipt.html", page))  # noqa: S704  (escaped in there)
