"""Files and original mails of a case, handed out as downloads."""

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from apaise.doors.downloads import hand_out
from apaise.doors.workspace.cases.page import find
from apaise.intake.cases.message import Attachment
from apaise.intake.channels.glance import original_name


@require_safe
def attachment(request: HttpRequest, reference: str, file_id: int) -> HttpResponseBase:
    file = get_object_or_404(Attachment, pk=file_id, message__case=find(request, reference))
    return hand_out(file.sha256, file.name, file.content_type)


@require_safe
def original(request: HttpRequest, reference: str, message_id: int) -> HttpResponseBase:
    """The message exactly as it came in."""
    message = get_object_or_404(find(request, reference).messages, pk=message_id)
    arrival = next((one for one in message.arrivals.order_by("pk") if one.has_original), None)
    if arrival is None:
        raise Http404
    return hand_out(arrival.raw, *original_name(arrival, f"message-{message.pk}"))
