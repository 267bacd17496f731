"""What was sorted out by itself or by a person: spam, and what machines wrote. Why, and the way back."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apaise.doors.workspace.frame import frame
from apaise.doors.workspace.intake.quarantine import MOST_SHOWN, WORKERS, find
from apaise.ground.accounts.models import User
from apaise.intake.cases.messages import Refused
from apaise.intake.channels import policies, second_look, spam
from apaise.intake.channels.glance import glance
from apaise.intake.channels.models import Arrival, ArrivalQuerySet
from apaise.intake.channels.settling import Outcome


class WayBack(NamedTuple):
    """How what stands on one of these lists is taken back: why it may not be, until when it may, by which verb."""

    refusal: Callable[[User, Arrival], str | None]
    until: Callable[[Arrival], datetime | None]
    take: Callable[..., Outcome]


FROM_SPAM = WayBack(spam.not_spam_refusal, spam.reversible_until, second_look.not_spam)
FROM_MACHINES = WayBack(policies.attend_refusal, lambda _arrival: None, second_look.hear)
FROM_DUPLICATES = WayBack(second_look.apart_refusal, second_look.apart_until, second_look.tell_apart)


@require_safe
def spam_list(request: HttpRequest) -> HttpResponse:
    return _spam_list(request)


def _spam_list(request: HttpRequest, refused: str = "") -> HttpResponse:
    """The last ones first, with a glance at each."""
    return _show(
        request,
        Arrival.objects.visible_to(request.user).spam(),
        FROM_SPAM,
        refused,
        title=_("Spam"),
        about=_("Nothing here is deleted. What is none goes its usual way with one click, for 90 days."),
        way_back="workspace:spam-reversal",
        button_words=_("Not spam: file it"),
        nothing=_("Nothing was taken for spam"),
        how=_(
            "A message gets here by the decision of a person, or by the mark of your own filter where nothing speaks for its sender."
        ),
    )


@require_safe
def machine_list(request: HttpRequest) -> HttpResponse:
    return _machine_list(request)


def _machine_list(request: HttpRequest, refused: str = "") -> HttpResponse:
    """What machines wrote and no case shows."""
    return _show(
        request,
        Arrival.objects.visible_to(request.user).by_machines_alone(),
        FROM_MACHINES,
        refused,
        title=_("Written by machines"),
        about=_(
            "Absences, returned mail, receipts, lists: kept, never answered. Each says which sign told it."
        ),
        way_back="workspace:hearing",
        button_words=_("A person wrote this: open the case"),
        nothing=_("No machine has written"),
        how=_("What a program sends, and no case shows, stands here with the sign that told it."),
    )


@require_safe
def duplicate_list(request: HttpRequest) -> HttpResponse:
    return _duplicate_list(request)


def _duplicate_list(request: HttpRequest, refused: str = "") -> HttpResponse:
    """Mails that were taken for one received before."""
    return _show(
        request,
        Arrival.objects.visible_to(request.user).duplicates(),
        FROM_DUPLICATES,
        refused,
        title=_("Received before"),
        about=_(
            "The same mail came twice, by two ways or by a server that tried again. It is kept, and filed once."
        ),
        way_back="workspace:telling-apart",
        button_words=_("It is another one: file it"),
        nothing=_("No mail has come twice"),
        how=_(
            "A mail with the same sender, date, words and files as an earlier one stands here, for 90 days with a way back."
        ),
    )


def _show(
    request: HttpRequest, found: ArrivalQuerySet, back: WayBack, refused: str, **words: Any
) -> HttpResponse:
    latest = found.select_related("accepted_by", "case").order_by("-received_at", "-pk")[:MOST_SHOWN]
    items = [
        {
            "arrival": arrival,
            "why": arrival.get_verdict_display() if arrival.spam_at else arrival.reason_text(),
            "until": back.until(arrival),
            "refusal": back.refusal(request.user, arrival),
            **glance(arrival)._asdict(),
        }
        for arrival in latest
    ]
    page = {
        **frame(request, "quarantine"),
        **words,
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
    return _taken_back(request, arrival_id, FROM_SPAM, "spam", _spam_list)


@require_POST
def telling_apart(request: HttpRequest, arrival_id: int) -> HttpResponse:
    """It is not the one received before: file it."""
    return _taken_back(request, arrival_id, FROM_DUPLICATES, "received-before", _duplicate_list)


@require_POST
def hearing(request: HttpRequest, arrival_id: int) -> HttpResponse:
    """A person wrote it: file it."""
    return _taken_back(request, arrival_id, FROM_MACHINES, "machines", _machine_list)


def _taken_back(
    request: HttpRequest, arrival_id: int, back: WayBack, page: str, again: Callable[..., HttpResponse]
) -> HttpResponse:
    arrival = find(request, arrival_id)
    try:
        outcome = back.take(arrival, by=request.user).outcome
    except Refused as refusal:
        return again(request, refused=str(refusal))
    return redirect(f"/desk/{page}?done={'still_waiting' if outcome == 'quarantined' else 'replayed'}")
