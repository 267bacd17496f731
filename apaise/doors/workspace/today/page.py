"""Today: what is about to go wrong, who can still prevent it, and nothing else when all is well."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from apaise.doors.workspace.cases.row import SHOWN, fetched, name, row_of, who
from apaise.doors.workspace.frame import frame
from apaise.doors.workspace.tables import as_csv
from apaise.doors.workspace.today import wording
from apaise.doors.workspace.today.horizon import horizon
from apaise.doors.workspace.today.load import absences, card_rows, listed
from apaise.doors.workspace.today.scope import Scope, scope
from apaise.handling.tasks.models import Task
from apaise.handling.tasks.wording import named
from apaise.intake.cases import deadlines, watch
from apaise.intake.cases.models import Case, CaseQuerySet
from apaise.intake.cases.policies import LEADS, WORKERS
from apaise.intake.cases.promise import Promise
from apaise.lib import saying

FEW, SOME = 4, 6
MOST_COUNTED = 999


@require_safe
def today(request: HttpRequest) -> HttpResponse:
    seen = scope(request)
    absent = absences(seen) if not seen.is_own else {}
    total, lists, promised = seen.total, _lists(seen), _promised(seen)
    coming = _coming(seen) if promised["all"] > promised["kept"] else []
    name([*(case for cases in lists.values() for case in cases), *(one.case for one in coming)])
    page = {
        **frame(request, "today"),
        "seen": seen,
        "is_lead": request.user.has_role(*LEADS),
        "takes": request.user.has_role(*WORKERS),
        "absent": len(absent),
        "until": seen.now + watch.SOON,
        "total": total,
        "verdict": _verdict(seen, total),
        "pressing": [_pressing(case, seen, absent) for case in lists["late"] + lists["soon"]],
        "hrefs": _hrefs(seen),
        "horizon": horizon(seen, absent),
        "promises": {**promised, "items": [_promise(one) for one in coming]},
        "tasks": _tasks(seen),
        **{what: [_row(case, seen) for case in lists[what]] for what in ("unheard", "doubt", "waiting")},
        "load": card_rows(seen, absent) if not seen.is_own else [],
        "people": len(seen.people) if not seen.is_own else 0,
        "shown": capped,
        "team_choices": [
            {"label": one.name, "href": f"?team={one.pk}", "current": one == seen.team} for one in seen.teams
        ],
    }
    return render(request, "workspace/today/today.html", page)


@require_safe
def dates_table(request: HttpRequest) -> HttpResponse:
    """The dates of the next four hours as a CSV file."""
    seen = scope(request)
    zone = timezone.get_current_timezone()
    rows = horizon(seen, absences(seen))["rows"]
    lines = [
        [one["at"].astimezone(zone).isoformat(timespec="minutes"), one["what"], one["who"], one["reference"],
         _("yes") if one["risky"] else _("no")]
        for one in rows
    ]  # fmt: skip
    return as_csv("dates", [_("When"), _("What is due"), _("Held by"), _("Case"), _("At risk")], lines)


def capped(many: int) -> str:
    """A count that stays short however many there are."""
    return f"{MOST_COUNTED}+" if many > MOST_COUNTED else str(many)


def _hrefs(seen: Scope) -> dict[str, str]:
    """The cases behind each figure."""
    return {
        "late": listed(seen, "late"),
        "soon": listed(seen, due="soon"),
        "today": listed(seen, due="today"),
        "open": listed(seen),
        "hard": listed(seen, level="hard"),
        "unheard": listed(seen, word="customer"),
        "promises": listed(seen, promise="today"),
        "doubt": listed(seen, mail="doubt"),
        "nobody": reverse("workspace:cases")
        + "?view=unassigned"
        + (f"&team={seen.team.pk}" if seen.team else ""),
    }


def _verdict(seen: Scope, total: watch.Held) -> tuple[str, str]:
    """The day in two sentences: what needs somebody, and how the rest stands."""
    pressing, calm = total.late + total.soon, total.open - total.late - total.soon
    zone, language = timezone.get_current_timezone(), translation.get_language() or "fr"
    if pressing:
        hour = saying.hour(seen.now + watch.SOON, language, zone)
        first = ngettext(
            "%(num)s case needs somebody before %(hour)s.",
            "%(num)s cases need somebody before %(hour)s.",
            pressing,
        ) % {"num": pressing, "hour": hour}
        rest = ngettext("The other one is in good hands.", "The %(num)s others are in good hands.", calm) % {
            "num": calm
        }
        return first, rest if calm else ""
    if following := _next_date(seen):
        when = saying.relative_due(following, seen.now, language, zone)
        return _("All is kept."), _("The next date falls %(when)s.") % {"when": when}
    return _("All is kept."), _("No date is running.")


def _next_date(seen: Scope) -> datetime | None:
    nearest = seen.cases.open().most_urgent_first().values_list("next_due_at", flat=True)
    return nearest.first()


def _lists(seen: Scope) -> dict[str, list[Case]]:
    """The few cases of each list of the page. What is counted as none is not asked for."""
    total, now = seen.total, seen.now
    asked: dict[str, tuple[int, CaseQuerySet, int]] = {
        "late": (total.late, seen.cases.late(now).most_urgent_first(), FEW),
        "soon": (total.soon, watch.at_risk(seen.cases, now).most_urgent_first(), SOME),
        "unheard": (total.unheard, watch.unheard(seen.cases), FEW),
        "waiting": (seen.nobody.open, seen.readable.open().unassigned().most_urgent_first(), FEW),
        "doubt": (total.open, watch.in_doubt(seen.cases).most_urgent_first(), FEW),
    }
    return {what: fetched(cases[:most]) if many else [] for what, (many, cases, most) in asked.items()}


def _row(case: Case, seen: Scope) -> dict[str, Any]:
    return {**row_of(case, seen.now, seen.user), "case": case}


def _pressing(case: Case, seen: Scope, absent: Mapping[int, Any]) -> dict[str, Any]:
    """What is late or falls soon: what to do, who is to do it, and whether they are there."""
    return {
        **_row(case, seen),
        "what": deadlines.label(case.next_due_rule),
        "to_do": wording.to_do(case),
        "holder": case.handler,
        "holder_away": absent.get(case.handler_id or 0, [None])[0],
    }


def _of_today(seen: Scope) -> QuerySet[Promise]:
    return Promise.objects.filter(watch.promised_today(seen.now), case__in=seen.cases).order_by(
        "ends_at", "pk"
    )


def _coming(seen: Scope) -> list[Promise]:
    """The promises of this day that are not kept, with what is shown of their cases."""
    fields = [f"case__{field}" for field in SHOWN]
    with_case = (
        _of_today(seen)
        .exclude(state=Promise.State.KEPT)
        .select_related("case__complainant", "case__organisation", "case__handler")
    )
    return list(with_case.only("text", "due_on", "due_at", "state", *fields)[:FEW])


def _promised(seen: Scope) -> dict[str, int]:
    """How many promises of this day there are, kept and not kept."""
    counted = (
        _of_today(seen)
        .order_by()
        .aggregate(
            kept=Count("pk", filter=Q(state="kept")),
            broken=Count("pk", filter=Q(state="broken")),
            all=Count("pk"),
        )
    )
    return {what: int(many) for what, many in counted.items()}


def _promise(one: Promise) -> dict[str, Any]:
    return {
        "what": one.text,
        "said": _("%(when)s, %(who)s") % {"when": one.due_in_words(), "who": who(one.case)},
        "state": one.state,
        "href": reverse("workspace:case", args=[one.case.reference]),
    }


def _tasks(seen: Scope) -> dict[str, Any]:
    """What somebody is to do on these cases: late, due today, and the nearest."""
    end = watch.end_of_day(seen.now)
    mine = Task.objects.open()
    owed = (
        mine.of(seen.user).filter(case__in=seen.readable) if seen.is_own else mine.filter(case__in=seen.cases)
    )
    counted = owed.order_by().aggregate(
        all=Count("pk"),
        late=Count("pk", filter=Q(due_at__lt=seen.now)),
        today=Count("pk", filter=Q(due_at__gte=seen.now, due_at__lt=end)),
    )
    nearest = owed.order_by(F("due_at").asc(nulls_last=True), "pk").select_related(
        "case", "person", "case__handler"
    )
    items = [
        {
            "what": named(one.kind),
            "reference": one.case.reference,
            "href": reverse("workspace:case", args=[one.case.reference]),
            "person": one.person or one.case.handler,
            "due": one.due_at,
            "late": bool(one.due_at and one.due_at < seen.now),
        }
        for one in nearest[:FEW]
    ] if counted["all"] else []  # fmt: skip
    return {
        **counted,
        "items": items,
        "href": reverse("workspace:tasks") + ("" if seen.is_own else "?of=team"),
    }
