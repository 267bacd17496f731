"""The list of cases as a CSV file: the same view and filters, nearest date first."""

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apaise.doors.workspace.cases.narrowing import VIEWS, narrow, of_view
from apaise.doors.workspace.cases.row import SHOWN, who
from apaise.doors.workspace.tables import MOST_ROWS, as_csv
from apaise.intake.cases import deadlines
from apaise.intake.cases.models import CHANNEL_NAMES, Case, CaseQuerySet, State
from apaise.lib import clock


@require_safe
def case_table(request: HttpRequest) -> HttpResponse:
    """Of `q` it knows nothing: a search is read on its page."""
    view = request.GET.get("view") if request.GET.get("view") in VIEWS else "team"
    readable = Case.objects.visible_to(request.user)
    cases = narrow(of_view(readable, view or "team", request, clock.now()), request, view)
    ordered = cases.order_by("-pk") if view == "ended" else cases.most_urgent_first()
    heads = [
        _("Case"), _("Customer"), _("Subject"), _("Channel"), _("State"), _("Criticality"), _("Received"),
        _("Next date"), _("What is due"), _("Held by"), _("Team"),
    ]  # fmt: skip
    return as_csv("cases", heads, _rows(ordered))


def _rows(cases: CaseQuerySet) -> Iterator[list[Any]]:
    zone = ZoneInfo(settings.TIME_ZONE)
    found = cases.select_related("complainant", "handler", "organisation", "team").only(*SHOWN, "team__name")
    for case in found.prefetch_related("complainant__addresses")[:MOST_ROWS]:
        due = case.next_due_at.astimezone(zone) if case.next_due_at else None
        yield [
            case.reference,
            who(case),
            case.title,
            CHANNEL_NAMES[case.channel],
            State(case.state).label,
            case.criticality,
            case.received_at.astimezone(zone).isoformat(timespec="minutes"),
            due.isoformat(timespec="minutes") if due else "",
            deadlines.label(case.next_due_rule) if due else "",
            case.handler.name if case.handler else "",
            case.team.name,
        ]
