"""How many people give up the public form, and where."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apaise.doors.workspace import readers
from apaise.doors.workspace.frame import frame
from apaise.intake.channels import form_steps
from apaise.intake.channels.public_form import FormVisit
from apaise.lib import clock

DAYS = 30


@require_safe
def form_figures(request: HttpRequest) -> HttpResponse:
    """The last thirty days: the rate with its number, the step where people stop, and each day."""
    if not request.user.has_role(*readers.FORM_FIGURES):
        raise PermissionDenied(_("This page is for those who look after the desk's figures."))
    last = clock.now().astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    first = last - timedelta(days=DAYS - 1)
    all_days = form_steps.abandonment(first, last)
    page = {
        **frame(request, "form-figures"),
        "figures": all_days,
        "first": first,
        "last": last,
        "steps": [
            (step.label, all_days.at_step.get(step.value, 0))
            for step in FormVisit.Step
            if step != FormVisit.Step.SENT
        ],
        "days": form_steps.by_day(first, last),
    }
    return render(request, "workspace/form_figures.html", page)
