"""Files and original mails of a case, handed out as downloads."""

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_safe

from apaise.doors.downloads import Stored, to_staff
from apaise.doors.workspace.cases.page import find
from apaise.intake.cases.message import Attachment
from apaise.intake.channels.glance import original_name


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
    message = get_object_or_404(case.messages, pk=message_id)
    arrival = next((one for one in message.arrivals.order_by("pk") if one.has_original), None)
    if arrival is None:
        raise Http404
    stored = Stored(arrival.raw, *original_name(arrival, f"message-{message.pk}"))
    return to_staff(request, stored, back=reverse("workspace:case", args=[case.reference]))
