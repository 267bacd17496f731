"""Circuits and ladders: for each policy and criticality, who deals with a case, and when it goes up."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apaise.doors.workspace import readers
from apaise.doors.workspace.frame import frame
from apaise.ground.accounts.models import User
from apaise.ground.accounts.naming import named
from apaise.ground.packs.choose import active_packs
from apaise.ground.packs.vocabulary import ROLES
from apaise.handling.policy.conditions import condition_words
from apaise.handling.routing import lineup
from apaise.handling.routing.ladder import Level, ladder
from apaise.handling.routing.whereabouts import Away, away
from apaise.intake.cases.event_names import length_words
from apaise.lib import clock

MOST_NAMED = 4


@require_safe
def circuits(request: HttpRequest) -> HttpResponse:
    """One policy at a time; what nobody holds stands out, with what to do."""
    may_read(request.user)
    packs = active_packs()
    pack = next((one for one in packs if one.id == request.GET.get("pack")), packs[0])
    known = lineup.places(lineup.named_by(packs))
    absent = _absent(known)
    page = {
        **frame(request, "circuits"),
        "tabs": [
            {"label": _said(one.name), "href": f"?pack={one.id}", "current": one.id == pack.id}
            for one in packs
        ],
        "pack": pack,
        "circuits": [
            {
                "level": course.level,
                "name": _said(course.label),
                "least": course.least,
                "places": [_place(one, absent) for one in course.places],
            }
            for course in lineup.circuits(pack, known)
        ],
        "steps": [_step(level, known, absent) for level in ladder(pack)],
        "holes": [_place(known[code], absent) for code in lineup.holes(pack, known)],
    }
    return render(request, "workspace/lead/circuits.html", page)


def may_read(user: User) -> None:
    if not user.has_role(*readers.CIRCUITS):
        raise PermissionDenied(
            _("This page is for those who handle complaints or answer for how it is done.")
        )


def _absent(known: Mapping[str, lineup.Place]) -> Mapping[int, list[Away]]:
    today = clock.today(ZoneInfo(settings.TIME_ZONE))
    people = {person.pk: person for place in known.values() for person in place.people}
    return away(people.values(), today, today + timedelta(days=1))


def _place(place: lineup.Place, absent: Mapping[int, list[Away]]) -> dict[str, Any]:
    shown = place.people[:MOST_NAMED]
    return {
        "code": place.code,
        "name": named(place.code),
        "people": [
            {"name": one.name, "ident": one.pk, "away": absent[one.pk][0] if one.pk in absent else None}
            for one in shown
        ],
        "more": len(place.people) - len(shown),
        "of_each_case": place.of_each_case,
        "is_hole": place.is_hole,
        "mend": _mend(place.code) if place.is_hole else "",
    }


def _mend(code: str) -> str:
    """What to do where nobody answers."""
    if code in ROLES:
        return _("Nobody has this role. Give it to somebody; until then the desk's lead is asked.")
    return _(
        "Nobody holds this function. Give it to a person or a team; until then the desk's lead is asked."
    )


def _step(
    level: Level, known: Mapping[str, lineup.Place], absent: Mapping[int, list[Away]]
) -> dict[str, Any]:
    return {
        "number": level.number,
        "label": _said(level.label),
        "place": _place(known[level.code], absent),
        "enters": condition_words(level.enters_when),
        "stays": length_words(level.max_dwell) if level.max_dwell else "",
    }


def _said(text: Mapping[str, str]) -> str:
    return text.get("en" if get_language() == "en" else "fr", "")
