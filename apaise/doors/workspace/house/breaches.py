"""The register of missed dates: read, explained, taken away as a table."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apaise.doors.workspace.frame import frame
from apaise.ground.accounts.naming import named
from apaise.handling.lateness.models import Breach
from apaise.handling.lateness.register import READERS, explain, explain_refusal
from apaise.intake.cases import deadlines
from apaise.intake.cases.messages import Refused
from apaise.lib import clock, csv_file

FORCES = {
    "law": gettext_lazy("law"),
    "recommendation": gettext_lazy("recommendation of the authority"),
    "charter": gettext_lazy("mediator's charter"),
    "practice": gettext_lazy("practice"),
    "contract": gettext_lazy("contract"),
    "internal": gettext_lazy("our own rule"),
}


@require_safe
def breaches(request: HttpRequest) -> HttpResponse:
    return _show(request)


def _show(request: HttpRequest, *, refused: str = "", refused_id: int = 0, status: int = 200) -> HttpResponse:
    shown = Paginator(_rows(request), 50).get_page(request.GET.get("page"))
    now = clock.now()
    items = [
        {
            **_row(one, now),
            "refusal": explain_refusal(request.user, one),
            "refused": refused if one.pk == refused_id else "",
        }
        for one in shown
    ]
    page = {
        **frame(request, "breaches"),
        "items": items,
        "shown": shown,
        "typed": request.POST.get("reason", ""),
    }
    return render(request, "workspace/house/breaches.html", page, status=status)


@require_safe
def breaches_csv(request: HttpRequest) -> HttpResponseBase:
    """The same as a CSV file; no cell of it is a formula."""
    response = StreamingHttpResponse(
        _as_csv(_rows(request), get_language() or "fr"), content_type="text/csv; charset=utf-8"
    )
    response.headers["Content-Disposition"] = 'attachment; filename="missed-dates.csv"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_POST
def reason(request: HttpRequest, breach_id: int) -> HttpResponse:
    """Why the date was missed, from whoever works on the case."""
    visible = Breach.objects.visible_to(request.user).select_related("case__pack_version", "explained_by")
    breach = get_object_or_404(visible, pk=breach_id)
    try:
        explain(breach, request.POST.get("reason", ""), by=request.user)
    except Refused as refusal:
        if not request.user.has_role(*READERS):
            raise PermissionDenied(str(refusal)) from refusal
        return _show(request, refused=str(refusal), refused_id=breach.pk, status=409)
    target = (
        redirect("workspace:breaches")
        if request.user.has_role(*READERS)
        else redirect("workspace:case", breach.case.reference)
    )
    target["Location"] += "?done=breach_explained"
    return target


def _rows(request: HttpRequest) -> QuerySet[Breach]:
    if not request.user.has_role(*READERS):
        raise PermissionDenied(_("This page is for those who look after the desk's figures."))
    rows = Breach.objects.visible_to(request.user).select_related("case__pack_version", "explained_by")
    return rows.defer("case__pack_version__content").prefetch_related("case__deadlines", "case__exclusions")


def _row(one: Breach, now: datetime) -> dict[str, Any]:
    return {
        "breach": one,
        "rule": deadlines.label(one.rule),
        "force": FORCES.get(one.force, one.force),
        "owner": named(one.owner),
        "days": one.days_late(now),
        "ended": one.ended_at(),
    }


def _as_csv(rows: QuerySet[Breach], language: str) -> Iterator[str]:
    now = clock.now()
    with translation.override(language):  # the lines are written after the request has ended
        heads = [
            _("Case"),
            _("Date"),
            _("Force"),
            _("Owner"),
            _("Due"),
            _("Days late"),
            _("Done on"),
            _("Reason"),
            _("By"),
        ]
        lines = [_line(heads)]
        for one in rows.iterator(chunk_size=500):
            row = _row(one, now)
            lines.append(
                _line(
                    [
                        one.case.reference, row["rule"], str(row["force"]), row["owner"], one.due_at.date().isoformat(),
                        str(row["days"]), row["ended"].date().isoformat() if row["ended"] else "", one.reason,
                        one.explained_by.name if one.explained_by else "",
                    ]
                )
            )  # fmt: skip
    yield "\ufeff"
    yield from lines


def _line(cells: Iterable[str]) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerow(csv_file.harmless(cell) for cell in cells)
    return out.getvalue()
