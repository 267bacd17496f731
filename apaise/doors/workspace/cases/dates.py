"""Why these dates: each clock of a case accounted for to the minute, and the dated facts its policy waits for."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apaise.doors.workspace.cases.clock_account import account
from apaise.doors.workspace.cases.page import find
from apaise.doors.workspace.frame import frame
from apaise.intake.cases import happenings, policies, postponement
from apaise.intake.cases.happening import WITH_A_SUM, Happening
from apaise.intake.cases.message import Attachment
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case, WrongStage
from apaise.lib import clock


@require_safe
def dates(request: HttpRequest, reference: str) -> HttpResponse:
    return show(request, find(request, reference))


def show(
    request: HttpRequest,
    case: Case,
    *,
    refused: str = "",
    form: str = "",
    typed: Mapping[str, str] | None = None,
) -> HttpResponse:
    """The page; after a refusal with its reason beside the form and everything typed still there."""
    clocks = list(case.deadlines.select_related("promise__made_by"))
    for one in clocks:
        one.case = case  # it is this one: its pack is asked for each
    told = happenings.told_of(case)
    page = {
        **frame(request, "cases"),
        "case": case,
        "clocks": [account(case, one, request.user, clock.now()) for one in _in_order(clocks)],
        "told": told,
        "awaited": list(happenings.awaited(case).items()),
        "with_a_sum": WITH_A_SUM,
        "files": Attachment.objects.filter(message__case=case).exclude(sha256="").order_by("pk"),
        "may_tell": happenings.tell_refusal(request.user, case),
        "today": clock.today(case.calendar.zone),
        "refused": refused,
        "form": form,
        "typed": typed or {},
        "holiday_region": case.region,
    }
    return render(request, "workspace/cases/dates.html", page, status=409 if refused else 200)


def _in_order(clocks: list[Any]) -> list[Any]:
    """What we owe now, then what is suspended, then the customer's rights, then what is over; nearest first."""
    order = {"running": 0, "paused": 1, "stopped": 3}
    return sorted(
        clocks,
        key=lambda one: (
            2 if one.customer_right and one.state == "running" else order[one.state],
            one.due_at,
        ),
    )


def _action(form: str) -> Callable[[Callable[..., str]], Callable[..., HttpResponse]]:
    def wrap(act: Callable[..., str]) -> Callable[..., HttpResponse]:
        @require_POST
        def view(request: HttpRequest, reference: str, **more: Any) -> HttpResponse:
            case = find(request, reference)
            try:
                done = act(request, case, **more)
            except (Refused, WrongStage) as refusal:
                typed = {name: request.POST[name] for name in request.POST}
                return show(request, find(request, reference), refused=str(refusal), form=form, typed=typed)
            target = redirect("workspace:case-dates", case.reference)
            target["Location"] += f"?done={done}"
            return target

        return view

    return wrap


@_action("tell")
def telling(request: HttpRequest, case: Case) -> str:
    """Bring a dated fact to the case, or correct its date."""
    posted = request.POST
    proof = posted.get("proof", "")
    files = Attachment.objects.filter(message__case=case)
    happenings.tell(
        case,
        posted.get("word", ""),
        on=_day_or_moment(case, posted.get("on", ""), posted.get("hour", "")),
        by=request.user,
        amount=_sum(posted.get("amount", "")),
        proof=get_object_or_404(files, pk=proof) if proof.isascii() and proof.isdigit() else None,
        reference=posted.get("reference", ""),
        offered_to_collect=bool(posted.get("offered_to_collect")),
        shortens=bool(posted.get("shortens")),
    )
    return "told"


@_action("untell")
def untelling(request: HttpRequest, case: Case, happening_id: int) -> str:
    """It never happened."""
    told = get_object_or_404(Happening, pk=happening_id, case=case)
    happenings.take_back(told, by=request.user, shortens=bool(request.POST.get("shortens")))
    return "untold"


@_action("prolong")
def prolonging(request: HttpRequest, case: Case, deadline_id: int) -> str:
    """Move a date that is not the reply's, as the pack provides."""
    if refusal := policies.work_refusal(request.user, case):
        raise Refused(refusal)
    one = get_object_or_404(case.deadlines, pk=deadline_id)
    one.case = case
    to = request.POST.get("to", "")
    notice = postponement.prolong(
        case, one, by=request.user, to=_day(to) if to else None, reason=request.POST.get("reason", "")
    )
    return "prolonged_told" if notice else "prolonged"


def _day_or_moment(case: Case, on: str, hour: str) -> date | datetime:
    day = _day(on)
    if not hour:
        return day
    try:
        return datetime.combine(day, time.fromisoformat(hour), case.calendar.zone)
    except ValueError:
        raise Refused(_("Give the hour as 14:30, or leave it empty.")) from None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(_("Give the day it happened.")) from None


def _sum(text: str) -> Decimal | None:
    plain = "".join(text.split()).replace("€", "").replace("\u202f", "").replace(",", ".")
    if not plain:
        return None
    try:
        amount = Decimal(plain).quantize(Decimal("0.01"))
    except InvalidOperation:  # no number, or one of more digits than any sum has
        amount = Decimal("NaN")
    if not amount.is_finite():
        raise Refused(_("Give the sum as a positive number, such as 49.90."))
    return amount
