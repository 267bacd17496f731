"""Bring customers in from a CSV file: upload, name the columns, try, load."""

import csv
import io
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apaise.doors.workspace.frame import frame
from apaise.ground.parties import tasks
from apaise.ground.parties.customer_file import CustomerFile
from apaise.ground.parties.errors import NotKept
from apaise.ground.parties.importing import passes
from apaise.ground.parties.importing.columns import MEANINGS
from apaise.ground.parties.importing.report import why, why_unreadable
from apaise.lib import csv_file
from apaise.lib.mime import clean_name

AT_ONCE = 100_000  # bytes: a smaller file is tried or loaded while one waits, a larger one by the worker
LARGEST = 200_000_000
SHOWN = 200


@require_http_methods(["GET", "HEAD", "POST"])
def files(request: HttpRequest) -> HttpResponse:
    """The files so far, and a place to upload one."""
    _allow(request)
    refused = ""
    if request.method == "POST":
        try:
            return redirect("workspace:customer-file", _upload(request).pk)
        except NotKept as refusal:
            refused = str(refusal)
    page = {
        **frame(request, "customer-files"),
        "files": list(CustomerFile.objects.visible_to(request.user).select_related("by")[:50]),
        "refused": refused,
    }
    return render(request, "workspace/customers/files.html", page, status=409 if refused else 200)


@require_safe
def file_page(request: HttpRequest, file_id: int) -> HttpResponse:
    return _show(request, _find(request, file_id))


@require_POST
def columns(request: HttpRequest, file_id: int) -> HttpResponse:
    """Say what each column means; then the file is tried."""
    file = _find(request, file_id)
    chosen: dict[str, int] = {}
    for place in range(len(file.headers)):
        meaning = request.POST.get(f"column_{place}", "")
        if meaning in chosen:
            return _show(
                request,
                file,
                refused=_("Two columns are said to be “%(meaning)s”. Choose one.")
                % {"meaning": MEANINGS[meaning]},
            )
        if meaning in MEANINGS:
            chosen[meaning] = place
    return _go(request, file, partial(passes.name_columns, file, chosen, by=request.user))


@require_POST
def loading(request: HttpRequest, file_id: int) -> HttpResponse:
    file = _find(request, file_id)
    return _go(request, file, partial(passes.start_loading, file, by=request.user))


@require_POST
def dropping(request: HttpRequest, file_id: int) -> HttpResponse:
    file = _find(request, file_id)
    try:
        passes.drop(file, by=request.user)
    except NotKept as refusal:
        return _show(request, file, refused=str(refusal))
    target = redirect("workspace:customer-files")
    target["Location"] += "?done=dropped"
    return target


@require_safe
def refusals(request: HttpRequest, file_id: int) -> HttpResponseBase:
    """The refused rows as a CSV file to work from; no cell of it is a formula."""
    file = _find(request, file_id)
    response = StreamingHttpResponse(_as_csv(file), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="refused-{file.pk}.csv"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _as_csv(file: CustomerFile) -> Iterator[str]:
    yield "\ufeff" + _line([_("Line"), _("Column"), _("Value"), _("What to do")])
    for row in passes.refusals(file):
        yield _line([str(row.line), row.column, row.value, _why(file, row.why, row.line)])


def _line(cells: Iterable[str]) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerow(csv_file.harmless(cell) for cell in cells)
    return out.getvalue()


def _why(file: CustomerFile, code: str, line: int) -> str:
    if file.state == CustomerFile.State.BROKEN and why(code) == code:
        return why_unreadable(code, line)
    return why(code)


def _upload(request: HttpRequest) -> CustomerFile:
    uploaded = request.FILES.get("file")
    if uploaded is None:
        raise NotKept(_("Choose a CSV file first."))
    if (uploaded.size or 0) > LARGEST:
        raise NotKept(
            _("The file is larger than %(size)s MB. Split it, or use the command “apaise customers”.")
            % {"size": LARGEST // 1_000_000}
        )
    return passes.upload(clean_name(uploaded.name or ""), uploaded.chunks(), by=request.user)


def _go(request: HttpRequest, file: CustomerFile, verb: Any) -> HttpResponse:
    """Start a pass: at once for a small file, by the worker for a large one."""
    try:
        with transaction.atomic():
            verb()
            if file.size > AT_ONCE:
                tasks.run_customer_file.enqueue(file.pk)
    except NotKept as refusal:
        file.refresh_from_db()
        return _show(request, file, refused=str(refusal))
    if file.size <= AT_ONCE:
        passes.run(file)
    return redirect("workspace:customer-file", file.pk)


def _show(request: HttpRequest, file: CustomerFile, refused: str = "") -> HttpResponse:
    rows = [{"row": row, "why": _why(file, row.why, row.line)} for row in file_refusals(file)]
    meant = {place: meaning for meaning, place in file.columns.items()}
    page = {
        **frame(request, "customer-files"),
        "file": file,
        "meanings": list(MEANINGS.items()),
        "columns": [
            {"place": place, "heading": heading, "meaning": meant.get(place, ""), "sample": sample}
            for place, (heading, sample) in enumerate(zip(file.headers, _samples(file), strict=True))
        ],
        "rows": rows,
        "shown": SHOWN,
        "total": file.new + file.changed + file.unchanged + file.refused,
        "refused": refused,
    }
    return render(request, "workspace/customers/file.html", page, status=409 if refused else 200)


def file_refusals(file: CustomerFile) -> list[Any]:
    return [row for row, _number in zip(passes.refusals(file), range(SHOWN), strict=False)]


def _samples(file: CustomerFile) -> list[str]:
    """What stands in the first row, so that a person sees what a column holds."""
    blank = [""] * len(file.headers)
    if not file.has_bytes():
        return blank
    layout = csv_file.Layout(file.encoding, file.delimiter, file.headers)
    with file.open() as stream:
        try:
            first = next((row for row in csv_file.rows(stream, layout) if not row.trouble), None)
        except csv_file.Unreadable:
            first = None
    return [cell[:60] for cell in first.cells] if first else blank


def _allow(request: HttpRequest) -> None:
    if refusal := passes.import_refusal(request.user):
        raise PermissionDenied(refusal)


def _find(request: HttpRequest, file_id: int) -> CustomerFile:
    _allow(request)
    return get_object_or_404(CustomerFile.objects.visible_to(request.user), pk=file_id)
