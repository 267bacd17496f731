"""Contracts renewed soon whose customers have something unresolved, and customers to whom promises were broken."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from apaise.doors.workspace.frame import frame
from apaise.doors.workspace.tables import as_csv
from apaise.ground.accounts.models import User
from apaise.ground.parties.contract import PERIODS, Contract
from apaise.ground.parties.models import Organisation
from apaise.intake.cases.renewals import (
    READERS,
    SORTS,
    Disappointed,
    Renewal,
    at_stake,
    disappointed,
    renewed_soon,
)
from apaise.lib import clock

LONGEST = 730
WINDOWS = (30, 60, 90, 180, 365)
MOST_SHOWN = 200
SORT_NAMES = {
    "date": gettext_lazy("Renewal date"),
    "amount": gettext_lazy("Amount"),
    "issues": gettext_lazy("What is unresolved"),
}


@require_safe
def renewals(request: HttpRequest) -> HttpResponse:
    found = _found(request)
    days, sort = _days(request), _sort(request)
    page = {
        **frame(request, "renewals"),
        "tabs": _tabs("renewals"),
        "rows": [_row(one) for one in found[:MOST_SHOWN]],
        "total": len(found),
        "days": days,
        "windows": _windows(days, f"&sort={sort}"),
        "sorts": [
            {"label": name, "href": f"?days={days}&sort={code}", "current": code == sort}
            for code, name in SORT_NAMES.items()
        ],
        "sort": SORT_NAMES[sort],
        "table": reverse("workspace:renewals-table") + f"?days={days}&sort={sort}",
    }
    return render(request, "workspace/lead/renewals.html", page)


@require_safe
def renewals_table(request: HttpRequest) -> HttpResponse:
    heads = [
        _("Contract"), _("Customer"), _("Renewal date"), _("Days"), _("Amount"), _("Currency"), _("Period"), _("Open cases"),
        _("Broken promises"), _("Refused grievances"), _("Cases"), _("Looked after by"), _("Kept apart"),
    ]  # fmt: skip
    lines = [
        [one.contract.number, _holder(one), one.contract.renews_on, one.days, one.contract.amount, one.contract.currency,
         PERIODS[one.contract.period], one.open, one.broken, one.refused, ", ".join(issue.reference for issue in one.issues),
         ", ".join(one.looks_after), ", ".join(one.kept_apart)]
        for one in _found(request)
    ]  # fmt: skip
    return as_csv("renewals", heads, lines)


@require_safe
def broken_promises(request: HttpRequest) -> HttpResponse:
    _readers_only(request)
    days = _days(request)
    found = disappointed(request.user, days)
    page = {
        **frame(request, "renewals"),
        "tabs": _tabs("broken-promises"),
        "rows": [{"customer": one, "href": _customer_page(one)} for one in found[:MOST_SHOWN]],
        "total": len(found),
        "days": days,
        "windows": _windows(days),
        "table": reverse("workspace:broken-promises-table") + f"?days={days}",
    }
    return render(request, "workspace/lead/broken_promises.html", page)


@require_safe
def broken_promises_table(request: HttpRequest) -> HttpResponse:
    _readers_only(request)
    heads = [_("Customer"), _("Broken promises"), _("Still not done"), _("Last"), _("Cases")]
    lines = [
        [one.name, one.broken, one.not_done, one.last.date() if one.last else "", ", ".join(one.cases)]
        for one in disappointed(request.user, _days(request))
    ]
    return as_csv("broken-promises", heads, lines)


def beside(user: User, contracts: list[Contract]) -> list[dict[str, Any]]:
    """For the page of a contract or an organisation: which of these are renewed soon with something unresolved."""
    today = _today()
    soon = [
        one
        for one in contracts
        if one.state != Contract.State.ENDED
        and 0 <= (days if (days := one.renewal_in_days(today)) is not None else -1) <= settings.RENEWAL_DAYS
    ]
    return [_row(one) for one in at_stake(user, soon, today)] if user.has_role(*READERS) else []


def _found(request: HttpRequest) -> list[Renewal]:
    _readers_only(request)
    return renewed_soon(request.user, _today(), _days(request), _sort(request))


def _readers_only(request: HttpRequest) -> None:
    if not request.user.has_role(*READERS):
        raise PermissionDenied(_("This page is for those who lead, and for the audit."))


def _tabs(here: str) -> list[dict[str, Any]]:
    return [
        {"label": label, "href": reverse(f"workspace:{name}"), "current": name == here}
        for name, label in (
            ("renewals", _("Contracts renewed soon")),
            ("broken-promises", _("Broken promises")),
        )
    ]


def _windows(days: int, more: str = "") -> list[dict[str, Any]]:
    known = sorted({*WINDOWS, settings.RENEWAL_DAYS})
    return [
        {"label": _("%(num)s days") % {"num": one}, "href": f"?days={one}{more}", "current": one == days}
        for one in known
    ]


def _days(request: HttpRequest) -> int:
    asked = request.GET.get("days", "")
    if asked.isascii() and asked.isdigit() and len(asked) < 5:
        return max(1, min(int(asked), LONGEST))
    return int(settings.RENEWAL_DAYS)


def _sort(request: HttpRequest) -> str:
    asked = request.GET.get("sort", "")
    return asked if asked in SORTS else "date"


def _today() -> date:
    return clock.today(ZoneInfo(settings.TIME_ZONE))


def _holder(one: Renewal) -> str:
    holder = one.contract.holder
    return holder.name if isinstance(holder, Organisation) else holder.display_name()


def _row(one: Renewal) -> dict[str, Any]:
    contract = one.contract
    page = "organisation" if contract.organisation_id else "person"
    return {
        "renewal": one,
        "contract": contract,
        "href": reverse("workspace:contract", args=[contract.pk]),
        "holder": _holder(one),
        "holder_href": reverse(f"workspace:{page}", args=[contract.organisation_id or contract.person_id]),
        "period": PERIODS[contract.period],
    }


def _customer_page(one: Disappointed) -> str:
    if one.organisation_id:
        return reverse("workspace:organisation", args=[one.organisation_id])
    return reverse("workspace:person", args=[one.person_id])
