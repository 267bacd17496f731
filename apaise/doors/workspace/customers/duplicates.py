"""People who may be one and the same: a person decides, and may take the decision back."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apaise.doors.workspace.customers.lists import tabs
from apaise.doors.workspace.customers.parts import reasons_of
from apaise.doors.workspace.customers.person import find as find_person
from apaise.doors.workspace.customers.person import show as show_person
from apaise.doors.workspace.customers.typed import whole
from apaise.doors.workspace.frame import frame
from apaise.ground.parties.errors import NotKept
from apaise.ground.parties.models import Duplicate, Merge, Person
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case
from apaise.intake.cases.people import (
    cases_by_person,
    changeable,
    dismiss_pair,
    merge_people,
    undo_merge,
    visible_pairs,
)

PAGE = 20


@require_safe
def duplicates(request: HttpRequest) -> HttpResponse:
    return _show(request)


@require_POST
def merging(request: HttpRequest, pair_id: int) -> HttpResponse:
    """The two are one; `survivor` says whose row is kept."""
    pair = _pair(request, pair_id)
    survivor = whole(request.POST.get("survivor", ""))
    try:
        if survivor not in (pair.first_id, pair.second_id):
            raise Refused(_("Choose which of the two is kept."))
        kept, taken = (pair.first, pair.second) if survivor == pair.first_id else (pair.second, pair.first)
        merge_people(kept, taken, by=request.user, sure=request.POST.get("sure") == "on")
    except (Refused, NotKept) as refusal:
        return _show(request, refused={pair.pk: str(refusal)})
    target = redirect("workspace:person", kept.pk)
    target["Location"] += "?done=people_merged"
    return target


@require_POST
def dismissal(request: HttpRequest, pair_id: int) -> HttpResponse:
    """They are two."""
    pair = _pair(request, pair_id)
    try:
        dismiss_pair(pair, by=request.user)
    except (Refused, NotKept) as refusal:
        return _show(request, refused={pair.pk: str(refusal)})
    target = redirect("workspace:duplicates")
    target["Location"] += "?done=people_kept_apart"
    return target


@require_POST
def undoing(request: HttpRequest, merge_id: int) -> HttpResponse:
    made = get_object_or_404(Merge.objects.select_related("survivor", "absorbed"), pk=merge_id)
    person = find_person(request, made.survivor_id)
    try:
        undo_merge(made, by=request.user)
    except (Refused, NotKept) as refusal:
        return show_person(request, person, refused={"merge": str(refusal)})
    target = redirect("workspace:person", made.survivor_id)
    target["Location"] += "?done=unmerged"
    return target


def _pair(request: HttpRequest, pair_id: int) -> Duplicate:
    return get_object_or_404(visible_pairs(request.user).select_related("first", "second"), pk=pair_id)


def _show(request: HttpRequest, refused: dict[int, str] | None = None) -> HttpResponse:
    pairs = visible_pairs(request.user).select_related("first__organisation", "second__organisation")
    found = list(
        pairs.order_by("-score", "pk").prefetch_related("first__addresses", "second__addresses")[: PAGE + 1]
    )
    shown = found[:PAGE]
    people = {pk for pair in shown for pk in (pair.first_id, pair.second_id)}
    cases = cases_by_person(Case.objects.visible_to(request.user), people)
    mine = changeable(request.user, people)
    page = {
        **frame(request, "people"),
        "tabs": tabs(request, "duplicates"),
        "items": [_item(pair, cases, {pair.first_id, pair.second_id} <= mine) for pair in shown],
        "more": len(found) > PAGE,
        "refused": refused or {},
    }
    return render(request, "workspace/customers/duplicates.html", page, status=409 if refused else 200)


def _item(pair: Duplicate, cases: dict[int, int], may_decide: bool) -> dict[str, Any]:
    sides = [_side(person, cases.get(person.pk, 0)) for person in (pair.first, pair.second)]
    # The one with more history is proposed to be kept, but never where the reasons are weak.
    kept = max(sides, key=lambda side: (side["cases"], -side["person"].pk))["person"].pk
    return {
        "pair": pair,
        "reasons": reasons_of(pair),
        "sides": sides,
        "kept": None if pair.is_weak else kept,
        "may_decide": may_decide,
    }


def _side(person: Person, cases: int) -> dict[str, Any]:
    ways = [way for way in person.ways() if way.ended_on is None]
    return {"person": person, "cases": cases, "ways": ways}
