"""Does the fast lane make the others wait? Figures, their definitions, and the same as CSV."""

from collections.abc import Iterator

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apaise.doors.workspace.frame import frame
from apaise.doors.workspace.routing.team import tabs_for
from apaise.handling.routing.fairness import READERS, Line, Times, report, waits_longest

HEADS = (
    "week", "vip", "cases", "contact_waiting", "contact_median_h", "contact_p90_h", "reply_waiting", "reply_median_h",
    "reply_p90_h", "late",
)  # fmt: skip


@require_safe
def fairness(request: HttpRequest) -> HttpResponse:
    """Twelve weeks, VIP beside the others; the case that has waited longest on either side."""
    _readers_only(request)
    if request.GET.get("as") == "csv":
        return _csv(request)
    found = report(request.user)
    page = {
        **frame(request, "fairness"),
        "tabs": tabs_for(request.user, "fairness"),
        "report": found,
        "weeks": [line for line in found.weeks if line.contact.counted],
        "longest": [
            (_("Others"), waits_longest(request.user, vip=False)),
            (_("VIP"), waits_longest(request.user, vip=True)),
        ],
        "guard_hours": settings.LONGEST_WAIT_HOURS,
        "hours": in_words,
    }
    return render(request, "workspace/routing/fairness.html", page)


def _readers_only(request: HttpRequest) -> None:
    if not request.user.has_role(*READERS):
        raise PermissionDenied(_("This page is for the leads and the complaints manager."))


def in_words(hours: float | None) -> str:
    """“40 min”, “5 h”, “3 days”: as precise as one needs to compare."""
    if hours is None:
        return "–"
    if hours < 1:
        return _("%(number)s min") % {"number": round(hours * 60)}
    if hours < 48:
        return _("%(number)s h") % {"number": round(hours)}
    return _("%(number)s days") % {"number": round(hours / 24)}


def _csv(request: HttpRequest) -> HttpResponse:
    lines = ["\ufeff" + ";".join(HEADS)]
    lines += [";".join(_cells(line)) for line in report(request.user).weeks]
    answer = HttpResponse("\r\n".join(lines) + "\r\n", content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="fairness.csv"'
    return answer


def _cells(line: Line) -> Iterator[str]:
    yield line.week.isoformat()
    yield "1" if line.vip else "0"
    yield str(line.contact.counted)
    yield from _of(line.contact)
    yield from _of(line.reply)
    yield str(line.late)


def _of(times: Times) -> Iterator[str]:
    yield str(times.waiting)
    for value in (times.median, times.ninth):
        yield "" if value is None else f"{value:.1f}"
