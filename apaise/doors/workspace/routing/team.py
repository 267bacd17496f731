"""Who is there: one's own presence and absences, and for a lead those of the team."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apaise.doors.workspace.frame import frame
from apaise.ground.accounts.models import User, everyone_with, know_standing
from apaise.handling.routing import absences
from apaise.handling.routing.fairness import READERS
from apaise.handling.routing.load import loads
from apaise.handling.routing.person import Absence, Presence
from apaise.handling.routing.targets import ABLE
from apaise.handling.routing.wording import load_in_words
from apaise.intake.cases.messages import Refused
from apaise.lib import clock


@require_http_methods(["GET", "HEAD", "POST"])
def team(request: HttpRequest) -> HttpResponse:
    """The people one may speak for, each with what they carry; a form for an absence."""
    refused, typed = "", {}
    if request.method == "POST":
        try:
            _announce(request)
            return redirect(f"{reverse('workspace:team')}?done=absence")
        except Refused as refusal:
            refused, typed = str(refusal), request.POST.dict()
    return _show(request, refused, typed)


@require_POST
def presence(request: HttpRequest, user_id: int) -> HttpResponse:
    """Whether somebody takes new cases now."""
    user = get_object_or_404(_people(request.user), pk=user_id)
    most = request.POST.get("most_open", "").strip()
    try:
        if most and not (most.isascii() and most.isdigit() and int(most) <= 999):
            raise Refused(_("Write a number of cases, or leave it empty."))
        absences.say_presence(
            user, request.POST.get("state", ""), int(most) if most else None, by=request.user
        )
    except Refused as refusal:
        return _show(request, str(refusal), {})
    return redirect(f"{reverse('workspace:team')}?done=presence")


@require_POST
def absence_ending(request: HttpRequest, absence_id: int) -> HttpResponse:
    absence = get_object_or_404(Absence.objects.filter(user__in=_people(request.user)), pk=absence_id)
    absences.call_off(absence, by=request.user)
    return redirect(f"{reverse('workspace:team')}?done=absence_ended")


def _announce(request: HttpRequest) -> None:
    user = _people(request.user).filter(pk=_number(request.POST.get("user", ""))).first()
    if user is None:
        raise Refused(_("Choose a person from the list."))
    stand_in = None
    if wanted := request.POST.get("stand_in", ""):
        stand_in = everyone_with(*ABLE).filter(pk=_number(wanted)).first()
        if stand_in is None:
            raise Refused(_("Choose a person from the list."))
    first, last = _day(request.POST.get("first_day", "")), _day(request.POST.get("last_day", ""))
    absences.announce(user, first, last, stand_in, by=request.user)


def _show(request: HttpRequest, refused: str, typed: dict[str, Any]) -> HttpResponse:
    me = request.user
    people = list(_people(me).order_by("name", "pk"))
    know_standing(people)
    carried, here = loads(people), {one.user_id: one for one in Presence.objects.filter(user__in=people)}
    absent = absences.away()
    today = clock.now().date()
    coming = Absence.objects.standing().filter(user__in=people, last_day__gte=today)
    page = {
        **frame(request, "team"),
        "tabs": tabs_for(me, "team"),
        "refused": refused,
        "typed": typed,
        "rows": [_row(one, me, here.get(one.pk), absent.get(one.pk), carried[one.pk]) for one in people],
        "states": [(state.value, state.label) for state in Presence.State],
        "absences": list(coming.select_related("user", "stand_in").order_by("first_day", "pk")),
        "people": [(one.pk, one.name) for one in people],
        "stand_ins": [(one.pk, one.name) for one in everyone_with(*ABLE).order_by("name")],
        "me_pk": me.pk,
        "today": today.isoformat(),
    }
    return render(request, "workspace/routing/team.html", page, status=409 if refused else 200)


def _row(user: User, me: User, here: Presence | None, absence: Absence | None, load: Any) -> dict[str, Any]:
    return {
        "person": user,
        "is_me": user == me,
        "state": here.state if here else Presence.State.HERE.value,
        "most_open": here.most_open if here and here.most_open is not None else "",
        "absence": absence,
        "load": load_in_words(load.open, load.hard),
        "lately": load.lately,
    }


def _people(me: User) -> Any:
    """Those this person may speak for: themselves; a lead for the team; the complaints manager for everybody."""
    if me.has_role("complaints_manager"):
        return everyone_with(*ABLE) | User.objects.filter(pk=me.pk).distinct()
    if me.has_role("team_lead"):
        team = User.objects.filter(memberships__team__in=me.team_ids, is_active=True)
        return (team | User.objects.filter(pk=me.pk)).distinct()
    return User.objects.filter(pk=me.pk)


def tabs_for(user: User, here: str) -> list[dict[str, Any]]:
    """The pages about who gets which cases, those this person may see."""
    known = [("team", _("Presence and absences"), True)]
    known.append(("routing-rules", _("Skills and rules"), user.has_role("complaints_manager")))
    known.append(("fairness", _("Fairness"), user.has_role(*READERS)))
    return [
        {"label": label, "href": reverse(f"workspace:{name}"), "current": name == here}
        for name, label, seen in known
        if seen
    ]


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError as problem:
        raise Refused(_("Choose a date.")) from problem


def _number(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 16 else 0
