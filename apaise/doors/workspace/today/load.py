"""What each person holds: open cases, hard ones, late ones, those due today; and who is away."""

from collections.abc import Mapping
from functools import lru_cache
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
from apaise.ground.accounts.models import User
from apaise.handling.routing.whereabouts import Away, away
from apaise.intake.cases import watch

MOST_IN_CARD = 12


@require_safe
def load(request: HttpRequest) -> HttpResponse:
    """Everybody, by name: nobody is ranked."""
    seen = _scope(request)
    page = {
        **frame(request, "load"),
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
    """One row for each person, by name."""
    return [_row(person, seen, absent) for person in seen.people]


def _row(person: User, seen: Scope, absent: Mapping[int, list[Away]]) -> dict[str, Any]:
    mine = seen.held.get(person.pk, watch.Held())
    return {
        "name": person.name,
        "ident": person.pk,
        "held": mine,
        "away": absent[person.pk][0] if person.pk in absent else None,
        "figures": _figures(mine, str(person.pk), seen),
    }


def card_rows(seen: Scope, absent: Mapping[int, list[Away]]) -> list[dict[str, Any]]:
    """The same where there is little room: who has something late or due comes on it first; still by name.

    `share` compares what somebody holds with the most anybody holds."""
    people, nothing = seen.people, watch.Held()
    if len(people) > MOST_IN_CARD:
        pressed = [(seen.held.get(person.pk, nothing), place) for place, person in enumerate(people)]
        pressed.sort(key=lambda one: (not (one[0].late or one[0].today), -one[0].open, one[1]))
        people = [people[place] for place in sorted(place for _held, place in pressed[:MOST_IN_CARD])]
    most = max((held.open for holder, held in seen.held.items() if holder is not None), default=0)
    rows = [_row(person, seen, absent) for person in people]
    return [{**row, "share": round(100 * row["held"].open / most) if most else 0} for row in rows]


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
    return f"{_list_of_cases()}?view={view}{said}"


@lru_cache(maxsize=1)
def _list_of_cases() -> str:
    return reverse("workspace:cases")
