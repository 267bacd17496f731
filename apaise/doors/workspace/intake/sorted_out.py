"""What was sorted out by itself or by a person: spam, and what machines wrote. Why, and the way back."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apaise.doors.workspace.frame import frame
from apaise.doors.workspace.intake.quarantine import MOST_SHOWN, WORKERS, find
from apaise.intake.channels import receive, spam
from apaise.intake.channels.glance import glance
from apaise.intake.channels.models import Arrival, ArrivalQuerySet


@require_safe
def spam_list(request: HttpRequest) -> HttpResponse:
    """The last ones first, with a glance at each."""
    return _show(
        request,
        Arrival.objects.visible_to(request.user).spam(),
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
    """What machines wrote and no case shows."""
    return _show(
        request,
        Arrival.objects.visible_to(request.user).by_machines_alone(),
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
    """Mails that were taken for one received before."""
    return _show(
        request,
        Arrival.objects.visible_to(request.user).duplicates(),
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


def _show(request: HttpRequest, found: ArrivalQuerySet, **words: Any) -> HttpResponse:
    latest = found.select_related("accepted_by", "case").order_by("-received_at", "-pk")[:MOST_SHOWN]
    items = [
        {
            "arrival": arrival,
            "why": arrival.get_verdict_display() if arrival.spam_at else arrival.reason_text(),
            "until": spam.reversible_until(arrival),
            "refusal": spam.not_spam_refusal(request.user, arrival),
            **glance(arrival)._asdict(),
        }
        for arrival in latest
    ]
    page = {
        **frame(request, "quarantine"),
        **words,
        "items": items,
        "total": found.count(),
        "may_act": request.user.has_role(*WORKERS),
    }
    return render(request, "workspace/sorted_out.html", page)


@require_POST
def marking(request: HttpRequest, arrival_id: int) -> HttpResponse:
    """A message in quarantine is spam."""
    spam.mark_spam(find(request, arrival_id), by=request.user)
    return redirect("/desk/quarantine?done=spam")


@require_POST
def reversal(request: HttpRequest, arrival_id: int) -> HttpResponse:
    """It is no spam: file it."""
    return _back("spam", receive.not_spam(find(request, arrival_id), by=request.user).outcome)


@require_POST
def telling_apart(request: HttpRequest, arrival_id: int) -> HttpResponse:
    """It is not the one received before: file it."""
    return _back("received-before", receive.tell_apart(find(request, arrival_id), by=request.user).outcome)


@require_POST
def hearing(request: HttpRequest, arrival_id: int) -> HttpResponse:
    """A person wrote it: file it."""
    return _back("machines", receive.hear(find(request, arrival_id), by=request.user).outcome)


def _back(page: str, outcome: str) -> HttpResponse:
    return redirect(f"/desk/{page}?done={'still_waiting' if outcome == 'quarantined' else 'replayed'}")
