"""What was sorted out by itself or by a person: spam, and what machines wrote. Why, and the way back."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from apaise.doors.workspace.frame import frame
from apaise.doors.workspace.intake.quarantine import MOST_SHOWN, WORKERS, find
from apaise.ground.accounts.models import User
from apaise.intake.cases.messages import Refused
from apaise.intake.channels import policies, second_look, spam
from apaise.intake.channels.glance import glance
from apaise.intake.channels.models import Arrival, ArrivalQuerySet
from apaise.intake.channels.settling import Outcome


class Sorted(NamedTuple):
    """One of these lists: what stands on it, and how it is taken back: why it may not be, until when, by which verb."""

    page: str  # its address
    found: Callable[[ArrivalQuerySet], ArrivalQuerySet]
    refusal: Callable[[User, Arrival], str | None]
    until: Callable[[Arrival], datetime | None]
    take: Callable[..., Outcome]
    way_back: str
    title: Any
    about: Any
    button_words: Any
    nothing: Any
    how: Any


SPAM = Sorted(
    "spam",
    ArrivalQuerySet.spam,
    spam.not_spam_refusal,
    spam.reversible_until,
    second_look.not_spam,
    way_back="workspace:spam-reversal",
    title=_("Spam"),
    about=_("Nothing here is deleted. What is none goes its usual way with one click, for 90 days."),
    button_words=_("Not spam: file it"),
    nothing=_("Nothing was taken for spam"),
    how=_(
        "A message gets here by the decision of a person, or by the mark of your own filter where nothing speaks for its sender."
    ),
)
# What machines wrote and no case shows.
MACHINES = Sorted(
    "machines",
    ArrivalQuerySet.by_machines_alone,
    policies.attend_refusal,
    lambda _arrival: None,
    second_look.hear,
    way_back="workspace:hearing",
    title=_("Written by machines"),
    about=_("Absences, returned mail, receipts, lists: kept, never answered. Each says which sign told it."),
    button_words=_("A person wrote this: open the case"),
    nothing=_("No machine has written"),
    how=_("What a program sends, and no case shows, stands here with the sign that told it."),
)
DUPLICATES = Sorted(
    "received-before",
    ArrivalQuerySet.duplicates,
    second_look.apart_refusal,
    second_look.apart_until,
    second_look.tell_apart,
    way_back="workspace:telling-apart",
    title=_("Received before"),
    about=_(
        "The same mail came twice, by two ways or by a server that tried again. It is kept, and filed once."
    ),
    button_words=_("It is another one: file it"),
    nothing=_("No mail has come twice"),
    how=_(
        "A mail with the same sender, date, words and files as an earlier one stands here, for 90 days with a way back."
    ),
)


@require_safe
def spam_list(request: HttpRequest) -> HttpResponse:
    return _show(request, SPAM)


@require_safe
def machine_list(request: HttpRequest) -> HttpResponse:
    return _show(request, MACHINES)


@require_safe
def duplicate_list(request: HttpRequest) -> HttpResponse:
    """Mails that were taken for one received before."""
    return _show(request, DUPLICATES)


def _show(request: HttpRequest, sorted_: Sorted, refused: str = "") -> HttpResponse:
    """The last ones first, with a glance at each."""
    found = sorted_.found(Arrival.objects.visible_to(request.user))
    latest = found.select_related("accepted_by", "case").order_by("-received_at", "-pk")[:MOST_SHOWN]
    items = [
        {
            "arrival": arrival,
            "why": arrival.get_verdict_display() if arrival.spam_at else arrival.reason_text(),
            "until": sorted_.until(arrival),
            "refusal": sorted_.refusal(request.user, arrival),
            **glance(arrival)._asdict(),
        }
        for arrival in latest
    ]
    page = {
        **frame(request, "quarantine"),
        "list": sorted_,
        "refused": refused,
        "items": items,
        "total": found.count(),
        "may_act": request.user.has_role(*WORKERS),
    }
    return render(request, "workspace/sorted_out.html", page, status=409 if refused else 200)


@require_POST
def marking(request: HttpRequest, arrival_id: int) -> HttpResponse:
    """A message in quarantine is spam."""
    spam.mark_spam(find(request, arrival_id), by=request.user)
    return redirect("/desk/quarantine?done=spam")


@require_POST
def reversal(request: HttpRequest, arrival_id: int) -> HttpResponse:
    """It is no spam: file it."""
    return _taken_back(request, arrival_id, SPAM)


@require_POST
def telling_apart(request: HttpRequest, arrival_id: int) -> HttpResponse:
    """It is not the one received before: file it."""
    return _taken_back(request, arrival_id, DUPLICATES)


@require_POST
def hearing(request: HttpRequest, arrival_id: int) -> HttpResponse:
    """A person wrote it: file it."""
    return _taken_back(request, arrival_id, MACHINES)


def _taken_back(request: HttpRequest, arrival_id: int, sorted_: Sorted) -> HttpResponse:
    arrival = find(request, arrival_id)
    try:
        outcome = sorted_.take(arrival, by=request.user).outcome
    except Refused as refusal:
        return _show(request, sorted_, refused=str(refusal))
    return redirect(
        f"/desk/{sorted_.page}?done={'still_waiting' if outcome == 'quarantined' else 'replayed'}"
    )
