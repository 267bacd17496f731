"""What a search finds: cases, with the place that says what was asked."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apaise.doors.workspace.cases.narrowing import (
    KEPT,
    VIEWS,
    active,
    address,
    choices,
    narrow,
    of_view,
    segment_names,
)
from apaise.doors.workspace.cases.row import CHANNEL_ICONS, who
from apaise.doors.workspace.frame import frame
from apaise.intake.cases import search
from apaise.intake.cases.message import Message
from apaise.intake.cases.models import CHANNEL_NAMES, Case, CaseQuerySet, State
from apaise.intake.cases.passages import Place, places
from apaise.intake.cases.reference import PATTERN
from apaise.lib import clock, saying

PAGE = 25
LONGEST = 200  # letters of a query
ORDERS = {
    search.NEWEST: pgettext_lazy("order", "Newest first"),
    search.RELEVANCE: pgettext_lazy("order", "Best match first"),
}
WHERE = {
    **dict(Message.Kind.choices),
    "note": _("Internal note"),
    "title": _("Subject"),
    "organisation": _("Company"),
    "person": _("Name"),
    "reference": _("Reference"),
}


def found(request: HttpRequest) -> HttpResponse:
    """The cases that hold all the words of `q`, everywhere or within the view and filters asked for.

    A reference typed leads straight to its case."""
    words = request.GET["q"].strip()[:LONGEST]
    readable = Case.objects.visible_to(request.user)
    if PATTERN.fullmatch(words) and (case := readable.filter(reference=words.upper()).first()):
        return redirect("workspace:case", case.reference)
    view = request.GET.get("view") if request.GET.get("view") in VIEWS else None
    among = narrow(of_view(readable, view, request, clock.now()) if view else readable, request, view)
    order = request.GET.get("order") if request.GET.get("order") in ORDERS else search.NEWEST
    ids, next_page = _page(words, among, request, order or search.NEWEST)
    page = {
        **frame(request, "cases"),
        "words": words,
        "views": [_tab(None, _("Everywhere"), view, request)]
        + [_tab(code, label, view, request) for code, label in VIEWS.items()],
        "view": view,
        "active": active(request),
        "kept": {name: request.GET[name] for name in ("view", *KEPT, "order") if request.GET.get(name)},
        "channel_choices": choices(request, "channel", CHANNEL_NAMES.items()),
        "state_choices": choices(request, "state", [(state.value, state.label) for state in State]),
        "segment_choices": choices(request, "segment", segment_names().items()),
        "order_choices": choices(request, "order", ORDERS.items()),
        "rows": _rows(ids, words),
        "total": search.count(words, user=request.user, among=among),
        "most": search.MOST_COUNTED,
        "next": next_page,
        "first": address(request, after=None) if "after" in request.GET else None,
        "everywhere": address(request, view=None, channel=None, state=None, segment=None, after=None),
    }
    return render(request, "workspace/cases/found.html", page)


def _tab(code: str | None, label: Any, view: str | None, request: HttpRequest) -> dict[str, Any]:
    return {"label": label, "href": address(request, view=code, after=None), "current": code == view}


def _page(words: str, among: CaseQuerySet, request: HttpRequest, order: str) -> tuple[list[int], str | None]:
    """The ids of one page, and the address of the next. An unreadable key starts anew."""
    after = request.GET.get("after", "")
    key = int(after) if after.isascii() and after.isdigit() and len(after) < 19 else None
    if order == search.NEWEST:
        ids = search.cases(words, user=request.user, limit=PAGE + 1, before=key, among=among)
        more = str(ids[PAGE - 1]) if len(ids) > PAGE else None
    else:  # by place, in an order that is reckoned anew for each page
        start = min(key or 0, search.MOST_RANKED)
        ids = search.cases(words, user=request.user, order=order, limit=start + PAGE + 1, among=among)[start:]
        more = str(start + PAGE) if len(ids) > PAGE else None
    return ids[:PAGE], address(request, after=more) if more else None


def _rows(ids: list[int], words: str) -> list[dict[str, Any]]:
    known = Case.objects.select_related("complainant", "organisation", "handler").in_bulk(ids)
    cases = [known[case_id] for case_id in ids if case_id in known]
    said = places(cases, words)
    return [_row(case, said.get(case.pk)) for case in cases]


def _row(case: Case, place: Place | None) -> dict[str, Any]:
    return {
        "reference": case.reference,
        "href": reverse("workspace:case", args=[case.reference]),
        "customer": who(case),
        "channel": {"icon": CHANNEL_ICONS.get(case.channel, "inbox"), "words": CHANNEL_NAMES[case.channel]},
        "title": case.title or case.excerpt or case.reference,
        "state": State(case.state).label,
        "where": WHERE.get(place.where, place.where) if place else None,
        "pieces": place.passage.pieces if place else [],
        "day": saying.day(
            (place.at if place else case.received_at).astimezone(timezone.get_current_timezone()).date(),
            translation.get_language() or "fr",
            short=True,
        ),
    }
