"""The list of cases, by next deadline."""

import base64
import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from apaise.doors.workspace.cases.row import row_of
from apaise.doors.workspace.frame import frame
from apaise.intake.cases.models import CHANNEL_NAMES, ENDED, Case, CaseQuerySet, State
from apaise.intake.cases.policies import WORKERS
from apaise.intake.cases.reference import references_in
from apaise.lib import clock

PAGE = 50
MOST_COUNTED = 999
VIEWS = {
    "mine": _("Mine"),
    "team": pgettext_lazy("cases", "Open"),
    "unassigned": _("Without handler"),
    "late": _("Late"),
    "ended": _("Ended"),
}


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Where a person starts: their cases, or what their role is for."""
    if request.user.has_role("handler", "team_lead", "complaints_manager", "auditor", "executive"):
        return redirect("workspace:cases")
    return redirect("workspace:queue" if request.user.has_role("administrator") else "workspace:alerts")


@require_safe
def case_list(request: HttpRequest) -> HttpResponse:
    """Fifty rows from the nearest deadline on, grouped by day; keyset paging, counts up to 999."""
    now = clock.now()
    cases = Case.objects.visible_to(request.user)
    view = _view(request, cases)
    chosen = _narrow(_of_view(cases, view, request, now), request)
    found = _after(_ordered(chosen, view), request.GET.get("after"), view)
    rows = list(found.select_related("complainant", "handler", "organisation")[: PAGE + 1])
    more, rows = len(rows) > PAGE, rows[:PAGE]
    page = {
        **frame(request, "cases"),
        "views": [_tab(code, cases, view, request, now) for code in VIEWS],
        "view": view,
        "takes_in": request.user.has_role(*WORKERS),
        "groups": _groups(rows, now, request, view),
        "total": len(rows),
        "channel_choices": _choices(request, "channel", CHANNEL_NAMES.items()),
        "state_choices": _choices(request, "state", [(state.value, state.label) for state in State]),
        "active": _active(request),
        "words": request.GET.get("q", "")[:100],
        "next": _address(request, after=_key(rows[-1], view)) if more else None,
        "first": _address(request, after=None) if "after" in request.GET else None,
    }
    return render(request, "workspace/cases/list.html", page)


def _tab(code: str, cases: CaseQuerySet, view: str, request: HttpRequest, now: datetime) -> dict[str, Any]:
    count = None if code == "ended" else _count(_of_view(cases, code, request, now))
    return {
        "label": VIEWS[code],
        "href": f"?view={code}",
        "current": code == view,
        "count": count,
        "tone": "late" if code == "late" and count != "0" else None,
    }


def _choices(request: HttpRequest, name: str, known: Iterable[tuple[str, Any]]) -> list[dict[str, Any]]:
    now = request.GET.get(name)
    return [
        {"label": label, "href": _address(request, **{name: code, "after": None}), "current": code == now}
        for code, label in known
    ]


def _active(request: HttpRequest) -> list[dict[str, Any]]:
    """The filters that are on, each with the address that takes it off."""
    active = []
    if (channel := request.GET.get("channel", "")) in CHANNEL_NAMES:
        active.append(
            {
                "label": _("Channel"),
                "value": CHANNEL_NAMES[channel],
                "href": _address(request, channel=None, after=None),
            }
        )
    if (state := request.GET.get("state", "")) in State.values:
        active.append(
            {
                "label": _("State"),
                "value": State(state).label,
                "href": _address(request, state=None, after=None),
            }
        )
    return active


def _address(request: HttpRequest, **changed: str | None) -> str:
    query = request.GET.copy()
    for name, value in changed.items():
        query.pop(name, None)
        if value is not None:
            query[name] = value
    return f"?{query.urlencode()}"


def _view(request: HttpRequest, cases: CaseQuerySet) -> str:
    asked = request.GET.get("view", "")
    if asked in VIEWS:
        return asked
    # A person who holds nothing starts with what waits for somebody.
    return "mine" if cases.open().mine(request.user).exists() else "team"


def _of_view(cases: CaseQuerySet, view: str, request: HttpRequest, now: datetime) -> CaseQuerySet:
    if view == "mine":
        return cases.open().mine(request.user)
    if view == "unassigned":
        return cases.open().unassigned()
    if view == "late":
        return cases.late(now)
    if view == "ended":
        return cases.filter(state__in=ENDED)
    return cases.open()


def _narrow(cases: CaseQuerySet, request: HttpRequest) -> CaseQuerySet:
    if (channel := request.GET.get("channel")) in CHANNEL_NAMES:
        cases = cases.filter(channel=channel)
    if (state := request.GET.get("state")) in State.values:
        cases = cases.filter(state=state)
    if words := request.GET.get("q", "").strip()[:100]:
        if quoted := references_in(words):
            return cases.filter(reference__in=quoted)
        named = (
            Q(complainant__name__icontains=words) | Q(title__icontains=words) | Q(reference__icontains=words)
        )
        cases = cases.filter(named | Q(organisation__name__icontains=words))
    return cases


def _ordered(cases: CaseQuerySet, view: str) -> CaseQuerySet:
    return cases.order_by("-pk") if view == "ended" else cases.most_urgent_first()


def _after(cases: CaseQuerySet, key: str | None, view: str) -> CaseQuerySet:
    """The rows behind the last one shown. An unreadable key starts anew."""
    if not key:
        return cases
    try:
        due, last = json.loads(base64.urlsafe_b64decode(key.encode() + b"=="))
        if view == "ended":
            return cases.filter(pk__lt=int(last))
        if due is None:
            return cases.filter(next_due_at__isnull=True, pk__gt=int(last))
        moment = datetime.fromisoformat(due)
    except (ValueError, TypeError, OverflowError):
        return cases
    later = Q(next_due_at__gt=moment) | Q(next_due_at__isnull=True) | Q(next_due_at=moment, pk__gt=int(last))
    return cases.filter(later)


def _key(case: Case, view: str) -> str:
    due = case.next_due_at.isoformat() if case.next_due_at and view != "ended" else None
    return base64.urlsafe_b64encode(json.dumps([due, case.pk]).encode()).decode().rstrip("=")


def _count(cases: CaseQuerySet) -> str:
    found = cases.order_by().values("pk")[: MOST_COUNTED + 1].count()
    return f"{MOST_COUNTED}+" if found > MOST_COUNTED else str(found)


GROUPS = {
    "late": _("Late"),
    "today": _("Today"),
    "tomorrow": _("Tomorrow"),
    "week": _("This week"),
    "later": _("Later"),
    "none": _("No deadline on our side"),
    "ended": _("Ended, newest first"),
}


def _groups(rows: Iterable[Case], now: datetime, request: HttpRequest, view: str) -> list[dict[str, Any]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for case in rows:
        groups.setdefault("ended" if view == "ended" else _group(case, now), []).append(
            row_of(case, now, request.user)
        )
    return [{"code": code, "name": GROUPS[code], "rows": members} for code, members in groups.items()]


def _group(case: Case, now: datetime) -> str:
    if case.next_due_at is None:
        return "none"
    if case.next_due_at < now:
        return "late"
    zone = ZoneInfo(settings.TIME_ZONE)
    today, day = now.astimezone(zone).date(), case.next_due_at.astimezone(zone).date()
    if day == today:
        return "today"
    if day == today + timedelta(days=1):
        return "tomorrow"
    return "week" if day <= today + timedelta(days=6 - today.weekday()) else "later"
