"""What each person holds: open cases, hard ones, late ones, those due today; and who is away."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apaise.doors.workspace.frame import frame
from apaise.doors.workspace.tables import as_csv
from apaise.doors.workspace.today.scope import OVER_OTHERS, Scope, scope
from apaise.handling.routing.whereabouts import Away, away
from apaise.intake.cases import watch

MOST_IN_CARD = 12


@require_safe
def load(request: HttpRequest) -> HttpResponse:
    """Everybody, by name: nobody is ranked."""
    seen = _scope(request)
    page = {
        **frame(request, "today"),
        "rows": rows_of(seen, absences(seen)),
        "nobody": _figures(seen.nobody, "nobody", seen),
        "team": seen.team,
        "suffix": f"?team={seen.team.pk}" if seen.team else "",
    }
    return render(request, "workspace/today/load.html", page)


@require_safe
def load_table(request: HttpRequest) -> HttpResponse:
    seen = _scope(request)
    heads = [_("Person"), _("Open cases"), _("C1 and C2"), _("Late"), _("Due today"), _("Away until")]
    rows = [
        [row["name"], *(one["value"] for one in row["figures"]), row["away"].last_day if row["away"] else ""]
        for row in rows_of(seen, absences(seen))
    ]
    nobody = [one["value"] for one in _figures(seen.nobody, "nobody", seen)]
    return as_csv("load", heads, [*rows, [_("Nobody yet"), *nobody, ""]])


def _scope(request: HttpRequest) -> Scope:
    seen = scope(request)
    if not request.user.has_role(*OVER_OTHERS):
        raise PermissionDenied(_("What others hold is seen by those who lead them."))
    return seen


def absences(seen: Scope) -> Mapping[int, list[Away]]:
    """Who of these people is away now."""
    today = seen.now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    return away(seen.people, today, today)


def rows_of(seen: Scope, absent: Mapping[int, list[Away]]) -> list[dict[str, Any]]:
    """One row for each person, by name; `share` compares what they hold with the most anybody holds."""
    most = max((seen.held[person.pk].open for person in seen.people if person.pk in seen.held), default=0)
    rows = []
    for person in seen.people:
        mine = seen.held.get(person.pk, watch.Held())
        rows.append(
            {
                "name": person.name,
                "ident": person.pk,
                "held": mine,
                "share": round(100 * mine.open / most) if most else 0,
                "away": absent[person.pk][0] if person.pk in absent else None,
                "href": listed(seen, handler=str(person.pk)),
                "late_href": listed(seen, handler=str(person.pk), view="late"),
                "figures": _figures(mine, str(person.pk), seen),
            }
        )
    return rows


def in_card(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those to show first where there is little room: who has something late or due; still by name."""
    if len(rows) <= MOST_IN_CARD:
        return rows
    pressed = sorted(rows, key=lambda row: (not (row["held"].late or row["held"].today), -row["held"].open))
    chosen = {row["ident"] for row in pressed[:MOST_IN_CARD]}
    return [row for row in rows if row["ident"] in chosen]


def _figures(mine: watch.Held, handler: str, seen: Scope) -> list[dict[str, Any]]:
    """The four figures of a row, each with the address of its cases."""
    return [
        {"value": mine.open, "tone": None, "href": listed(seen, handler=handler)},
        {"value": mine.hard, "tone": None, "href": listed(seen, handler=handler, level="hard")},
        {"value": mine.late, "tone": "late", "href": listed(seen, handler=handler, view="late")},
        {"value": mine.today, "tone": "soon", "href": listed(seen, handler=handler, due="today")},
    ]


def listed(seen: Scope, view: str = "team", **filters: str) -> str:
    """The address of the list of cases with this view and these filters, within the team looked at."""
    if seen.team:
        filters["team"] = str(seen.team.pk)
    if seen.is_own and "handler" not in filters:
        filters["handler"] = str(seen.user.pk)
    said = "".join(f"&{name}={value}" for name, value in filters.items())
    return f"{reverse('workspace:cases')}?view={view}{said}"
