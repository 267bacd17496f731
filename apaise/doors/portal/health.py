"""For whatever watches us: do the pages answer, and may people be sent to them? No detail for strangers; `apaise doctor` has it."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from apaise.__main__ import CommandError
from apaise.doors.commands.database import check_database


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """The database answers and is of this version; else 503, so that a balancer asks another machine."""
    try:
        check_database()
    except CommandError:
        return JsonResponse({"ready": False}, status=503)
    return JsonResponse({"ready": True})
