"""Files and original mails of a case: handed out as downloads, and a mail shown as it was written."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from apaise.doors import letter_frame
from apaise.doors.downloads import Stored, to_staff
from apaise.doors.workspace.cases.page import find
from apaise.doors.workspace.frame import frame
from apaise.intake.cases.message import Attachment, Message
from apaise.intake.cases.models import Case
from apaise.intake.channels.glance import original_name
from apaise.intake.channels.models import Arrival, file_store
from apaise.lib.mime import Mail, Unreadable, read

HEADERS = ("From", "To", "Cc", "Reply-To", "Date", "Subject", "Message-ID", "In-Reply-To", "Auto-Submitted")


@require_safe
def attachment(request: HttpRequest, reference: str, file_id: int) -> HttpResponseBase:
    case = find(request, reference)
    file = get_object_or_404(Attachment, pk=file_id, message__case=case)
    back = reverse("workspace:case", args=[case.reference])
    return to_staff(request, Stored(file.sha256, file.name, file.content_type), back=back)


@require_safe
def original(request: HttpRequest, reference: str, message_id: int) -> HttpResponseBase:
    """The message exactly as it came in."""
    case = find(request, reference)
    message, arrival = _came_as(case, message_id)
    stored = Stored(arrival.raw, *original_name(arrival, f"message-{message.pk}"))
    return to_staff(request, stored, back=reverse("workspace:case", args=[case.reference]))


@require_safe
def as_written(request: HttpRequest, reference: str, message_id: int) -> HttpResponse:
    """A mail as its writer saw it, beside its words."""
    case = find(request, reference)
    message, mail = _mail(case, message_id)
    headers = [(name, value) for name in HEADERS if (value := mail.headers.get(name))]
    page = {**frame(request, "cases"), "case": case, "message": message, "mail": mail, "headers": headers}
    return render(request, "workspace/cases/as_written.html", page)


@require_safe
def as_written_page(request: HttpRequest, reference: str, message_id: int) -> HttpResponse:
    """What stands in the frame of that page."""
    _message, mail = _mail(find(request, reference), message_id)
    return letter_frame.as_written(mail)


def _mail(case: Case, message_id: int) -> tuple[Message, Mail]:
    message, arrival = _came_as(case, message_id)
    if arrival.form != Arrival.Form.MAIL or not file_store().has(arrival.raw):
        raise Http404
    try:
        return message, read(arrival.raw_bytes())
    except Unreadable as problem:
        raise Http404 from problem


def _came_as(case: Case, message_id: int) -> tuple[Message, Arrival]:
    message = get_object_or_404(case.messages, pk=message_id)
    arrival = next((one for one in message.arrivals.order_by("pk") if one.has_original), None)
    if arrival is None:
        raise Http404
    return message, arrival
