"""Calendars: the hours and holidays by which each desk's dates are counted, with a file for one's own agenda."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apaise.doors.workspace.frame import frame
from apaise.doors.workspace.lead.circuits import may_read
from apaise.doors.workspace.lead.ics import ics_of
from apaise.ground.accounts.models import Desk, User
from apaise.ground.accounts.regions import REGION_NAMES, RegionRefused, choose_region, region_refusal
from apaise.ground.packs.choose import active_packs
from apaise.handling.routing.whereabouts import away
from apaise.lib import clock, saying
from apaise.lib.working_time import NAMES, Calendar, holidays

AHEAD = timedelta(days=60)  # of absences shown


@require_safe
def calendars(request: HttpRequest) -> HttpResponse:
    return _show(request)


@require_POST
def region(request: HttpRequest, desk_id: int) -> HttpResponse:
    """The region whose holidays the desk's new cases count."""
    may_read(request.user)
    desk = get_object_or_404(Desk, pk=desk_id)
    try:
        choose_region(desk, request.POST.get("region", ""), by=request.user)
    except RegionRefused as refusal:
        return _show(request, refused={desk.pk: str(refusal)})
    return redirect("/desk/calendars?done=region")


@require_safe
def ics(request: HttpRequest, desk_id: int, pack_id: str) -> HttpResponse:
    """The holidays of this year and the next, for any agenda."""
    may_read(request.user)
    desk = get_object_or_404(Desk, pk=desk_id)
    pack = next((one for one in active_packs() if one.id == pack_id), None)
    if pack is None:
        raise Http404
    calendar = pack.calendar_in(desk.region or None)
    days = [(day, name) for year in _years() for day, name in days_off(calendar, year)]
    text = ics_of(_("Days off, %(desk)s") % {"desk": desk.name}, days, clock.now())
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{pack_id}.ics"'
    return response


def days_off(calendar: Calendar, year: int) -> list[tuple[date, str]]:
    """The public holidays of a year, in the reader's language, in order."""
    english = get_language() == "en"
    found = holidays(calendar.holiday_set, calendar.region, year)
    return [(date.fromordinal(day), NAMES[code][1 if english else 0]) for day, code in sorted(found.items())]


def _show(request: HttpRequest, *, refused: dict[int, str] | None = None) -> HttpResponse:
    may_read(request.user)
    desks = list(Desk.objects.select_related("team").order_by("name", "pk"))
    page = {
        **frame(request, "calendars"),
        "desks": [
            {
                "desk": desk,
                "region": REGION_NAMES.get(desk.region, _("No region of its own")),
                "calendars": list(_of_desk(desk)),
                "refused": (refused or {}).get(desk.pk, ""),
            }
            for desk in desks
        ],
        "years": _years(),
        "regions": list(REGION_NAMES.items()),
        "region_refusal": region_refusal(request.user),
        "absences": _absences(request.user),
    }
    return render(request, "workspace/lead/calendars.html", page, status=409 if refused else 200)


def _years() -> tuple[int, int]:
    this = clock.today(ZoneInfo(settings.TIME_ZONE)).year
    return this, this + 1


def _of_desk(desk: Desk) -> Iterator[dict[str, Any]]:
    """Its calendars: one for all the policies that count alike."""
    alike: dict[Calendar, list[Any]] = {}
    for pack in active_packs():
        alike.setdefault(pack.calendar_in(desk.region or None), []).append(pack)
    today = clock.today(ZoneInfo(settings.TIME_ZONE))
    for calendar, packs in alike.items():
        coming = [one for year in _years() for one in days_off(calendar, year) if one[0] >= today]
        yield {
            "calendar": calendar,
            "packs": [_said(pack.name) for pack in packs],
            "pack_id": packs[0].id,
            "weekdays": _weekdays(calendar.business_weekdays),
            "ouvrable": _weekdays(calendar.ouvrable_weekdays),
            "opens": saying.hour(calendar.opening(today.toordinal())[0], _language(), calendar.zone),
            "closes": saying.hour(calendar.opening(today.toordinal())[1], _language(), calendar.zone),
            "next": coming[0] if coming else None,
            "years": [
                (
                    year,
                    [(day, name, day.weekday() in calendar.business_weekdays) for day, name in days_off(calendar, year)],
                )
                for year in _years()
            ],
        }  # fmt: skip


def _weekdays(days: Iterable[int]) -> str:
    """“Monday to Friday”, or the days one by one when they do not follow each other."""
    names = [
        _("Monday"),
        _("Tuesday"),
        _("Wednesday"),
        _("Thursday"),
        _("Friday"),
        _("Saturday"),
        _("Sunday"),
    ]
    chosen = sorted(days)
    if len(chosen) > 2 and chosen[-1] - chosen[0] == len(chosen) - 1:
        return _("%(first)s to %(last)s") % {"first": names[chosen[0]], "last": names[chosen[-1]]}
    return ", ".join(names[day] for day in chosen)


def _absences(user: User) -> list[dict[str, Any]]:
    """Who of one's teams is away in the next two months; a manager sees everybody."""
    today = clock.today(ZoneInfo(settings.TIME_ZONE))
    everybody = user.has_role("complaints_manager", "auditor")
    people = User.objects.filter(is_active=True)
    people = people if everybody else people.filter(memberships__team__in=user.team_ids)
    known = {person.pk: person for person in people.distinct()}
    found = [
        {"person": known[pk], "away": one}
        for pk, spells in away(known.values(), today, today + AHEAD).items()
        for one in spells
    ]
    return sorted(found, key=lambda one: (one["away"].first_day, one["person"].name))


def _said(text: Any) -> str:
    return str(text["en" if _language() == "en" else "fr"])


def _language() -> str:
    return get_language() or "fr"
