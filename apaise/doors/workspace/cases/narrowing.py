"""The views and filters of the list of cases, which a search keeps."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apaise.doors.workspace.cases import watching
from apaise.doors.workspace.cases.segment_words import in_words
from apaise.intake.cases.models import CHANNEL_NAMES, ENDED, CaseQuerySet, State
from apaise.intake.cases.segments import known_segments
from apaise.intake.cases.weighing import CaseSegment

FIRST = "first"  # a customer's first complaint, which is no segment of a pack

KEPT = ("channel", "state", "segment", *watching.NAMES)  # what a search keeps

VIEWS = {
    "mine": _("Mine"),
    "team": pgettext_lazy("cases", "Open"),
    "unassigned": _("Without handler"),
    "late": _("Late"),
    "ended": _("Ended"),
}


def choices(request: HttpRequest, name: str, known: Iterable[tuple[str, Any]]) -> list[dict[str, Any]]:
    now = request.GET.get(name)
    rest = address(request, **{name: None, "after": None})
    start = rest if rest == "?" else f"{rest}&"
    return [
        {"label": label, "href": f"{start}{name}={code}", "current": code == now} for code, label in known
    ]


def active(request: HttpRequest) -> list[dict[str, Any]]:
    """The filters that are on, each with the address that takes it off."""
    active = []
    if (channel := request.GET.get("channel", "")) in CHANNEL_NAMES:
        active.append(
            {
                "label": _("Channel"),
                "value": CHANNEL_NAMES[channel],
                "href": address(request, channel=None, after=None),
            }
        )
    if (state := request.GET.get("state", "")) in State.values:
        active.append(
            {
                "label": _("State"),
                "value": State(state).label,
                "href": address(request, state=None, after=None),
            }
        )
    if (segment := request.GET.get("segment", "")) in (names := segment_names()):
        href = address(request, segment=None, after=None)
        active.append({"label": _("Segment"), "value": names[segment], "href": href})
    for name, label, value in watching.active(request):
        active.append(
            {"label": label, "value": value, "href": address(request, **{name: None, "after": None})}
        )
    return active


def segment_names() -> dict[str, str]:
    """What the list may be narrowed to: first complaints, and every segment of the organisation's policies."""
    known = {code: in_words(code, meaning) for code, meaning in known_segments().items()}
    return {FIRST: str(_("First complaint")), **known}


def address(request: HttpRequest, **changed: str | None) -> str:
    query = request.GET.copy()
    for name, value in changed.items():
        query.pop(name, None)
        if value is not None:
            query[name] = value
    return f"?{query.urlencode()}"


def of_view(cases: CaseQuerySet, view: str, request: HttpRequest, now: datetime) -> CaseQuerySet:
    if view == "mine":
        return cases.open().mine(request.user)
    if view == "unassigned":
        return cases.open().unassigned()
    if view == "late":
        return cases.late(now)
    return cases.ended() if view == "ended" else cases.open()


def narrow(cases: CaseQuerySet, request: HttpRequest, view: str | None) -> CaseQuerySet:
    """The cases of this view that the filters of the address let through; without a view, of all."""
    if (channel := request.GET.get("channel")) in CHANNEL_NAMES:
        cases = cases.filter(channel=channel)
    if (state := request.GET.get("state")) in State.values:
        # A state the view cannot hold is not looked for: it would be missed in every row.
        holds = view is None or (state in ENDED) == (view == "ended")
        cases = cases.filter(state=state) if holds else cases.none()
    if (segment := request.GET.get("segment", "")) == FIRST:
        cases = cases.filter(weighing__first_complaint=True)
    elif segment in known_segments():
        cases = cases.filter(pk__in=CaseSegment.objects.filter(code=segment).values("case"))
    return watching.narrow(cases, request)
