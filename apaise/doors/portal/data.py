"""How we use what people tell us, said before they ask."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from apaise.doors.portal.frame import portal_frame
from apaise.ground.accounts.models import Desk


@require_safe
def data(request: HttpRequest) -> HttpResponse:
    """The page our mails and forms lead to."""
    return render(request, "portal/data.html", portal_frame(request, Desk.objects.main(), reverse("data")))
