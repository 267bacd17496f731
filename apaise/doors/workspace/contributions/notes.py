"""What a person was asked as a contributor: their questions, their one answer. Nothing else of any case."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from apaise.doors.workspace.frame import frame
from apaise.handling.contributions import writing
from apaise.handling.contributions.factual import opinions_in
from apaise.handling.contributions.models import ContextNote
from apaise.intake.cases.messages import Refused
from apaise.lib import clock

MOST = 100


@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    """Mine, those still to write first."""
    mine = ContextNote.objects.asked_of(request.user).select_related("asked_by")
    waiting = list(mine.waiting().order_by("due_at", "pk"))
    settled = list(mine.exclude(state=ContextNote.State.ASKED).order_by("-settled_at")[:MOST])
    page = {
        **frame(request, "asked-notes"),
        "waiting": waiting,
        "settled": settled,
        "now": clock.now(),
    }
    return render(request, "workspace/contributions/list.html", page)


@require_safe
def note_page(request: HttpRequest, note_id: int) -> HttpResponse:
    return _show(request, _find(request, note_id))


@require_POST
def draft(request: HttpRequest, note_id: int) -> HttpResponse:
    """Keep the draft. "Read again" goes on to the read-back, with what is opinion pointed out."""
    note = _find(request, note_id)
    text = request.POST.get("text", "")
    try:
        writing.keep_draft(note, text, by=request.user)
    except Refused as refusal:
        return _show(request, note, refused=str(refusal), typed=text)
    if "read" in request.POST:
        return redirect(f"{request.path.removesuffix('/draft')}?read=1")
    return redirect(f"{request.path.removesuffix('/draft')}?done=draft_kept")


@require_POST
def sending(request: HttpRequest, note_id: int) -> HttpResponse:
    note = _find(request, note_id)
    text = request.POST.get("text", note.draft)
    try:
        writing.send(note, text, by=request.user)
    except Refused as refusal:
        return _show(request, note, refused=str(refusal), typed=text)
    return redirect(f"{request.path.removesuffix('/sending')}?done=note_sent")


@require_POST
def declining(request: HttpRequest, note_id: int) -> HttpResponse:
    note = _find(request, note_id)
    why = request.POST.get("why", "")
    try:
        writing.decline(note, why, by=request.user)
    except Refused as refusal:
        return _show(request, note, refused=str(refusal), why=why)
    return redirect(f"{request.path.removesuffix('/declining')}?done=note_declined")


def _find(request: HttpRequest, note_id: int) -> ContextNote:
    """One asked of this person; of others' they do not learn that it exists."""
    mine = ContextNote.objects.asked_of(request.user).select_related("asked_by", "message", "case")
    return get_object_or_404(mine, pk=note_id)


def _show(
    request: HttpRequest, note: ContextNote, *, refused: str = "", typed: str | None = None, why: str = ""
) -> HttpResponse:
    if refused:
        note.refresh_from_db()
    text = note.draft if typed is None else typed
    reading = request.GET.get("read") == "1" and bool(text.strip())
    page: dict[str, Any] = {
        **frame(request, "asked-notes"),
        "note": note,
        "text": text,
        "why": why,
        "reading": reading and note.state == ContextNote.State.ASKED,
        "opinions": list(dict.fromkeys(one.words for one in opinions_in(text))) if reading else [],
        "refused": refused,
        "is_late": note.state == ContextNote.State.ASKED and note.due_at < clock.now(),
        "shown": note.message.new_text if note.message else "",
    }
    return render(request, "workspace/contributions/note.html", page, status=409 if refused else 200)
