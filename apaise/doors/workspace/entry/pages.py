"""The three forms of the desk: a call, a letter, a visit. Each says what it adds to the common one and calls its verb."""

from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from apaise.doors.uploads import keep_files, keep_scans
from apaise.doors.workspace.entry.form import Kind, Typed, day, enter, this_minute
from apaise.ground.accounts.models import User
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import CHANNEL_NAMES, Case
from apaise.intake.channels import calls, letters_in, policies, visits
from apaise.intake.channels.by_hand import Told
from apaise.intake.channels.details import Recap
from apaise.lib import clock

TRIED = ("email", "phone", "chat", "web_form", "letter", "in_person")
ANSWERS = (("letter", gettext_lazy("By letter")), ("email", gettext_lazy("By e-mail")))


@require_http_methods(["GET", "HEAD", "POST"])
def phone(request: HttpRequest) -> HttpResponse:
    return enter(request, PHONE)


@require_http_methods(["GET", "HEAD", "POST"])
def letter(request: HttpRequest) -> HttpResponse:
    return enter(request, LETTER)


@require_http_methods(["GET", "HEAD", "POST"])
def counter(request: HttpRequest) -> HttpResponse:
    return enter(request, COUNTER)


def _file_call(request: HttpRequest, told: Told, typed: Typed) -> Case:
    tried = calls.Tried(typed["tried"], day(typed["tried_on"]), typed["tried_line"])
    return calls.note_call(told, recap=typed["recap"], tried=tried, by=request.user)


def _file_letter(request: HttpRequest, told: Told, typed: Typed) -> Case:
    received = day(typed["received_on"])
    if received is None:
        raise Refused(_("Say on which day the letter was received: our clocks start there."))
    envelope = letters_in.Envelope(received, day(typed["posted_on"]), typed["registered_number"])
    return letters_in.file_letter(
        told,
        envelope,
        by=request.user,
        scans=keep_scans(request.FILES.getlist("files")),
        answer_by_letter=typed["answer_by"] != "email",
    )


def _file_visit(request: HttpRequest, told: Told, typed: Typed) -> Case:
    chosen = typed["received_by"]
    by_number = User.objects.filter(pk=chosen).first() if chosen.isascii() and chosen.isdigit() else None
    return visits.note_visit(
        told,
        place=typed["place"],
        received_by=by_number or request.user,
        wish=typed["wish"],
        recap=typed["recap"],
        papers=keep_files(request.FILES.getlist("files"), "staff"),
        by=request.user,
    )


def _today() -> str:
    return clock.today(ZoneInfo(settings.TIME_ZONE)).isoformat()


def _receipt(case: Case) -> str:
    visit = case.messages.filter(visit__isnull=False).order_by("-pk").first()
    if visit is None:
        return reverse("workspace:case", args=[case.reference])
    return reverse("workspace:receipt", args=[case.reference, visit.pk])


def _call_choices(request: HttpRequest) -> dict[str, Any]:
    return {
        "tried": [(code, CHANNEL_NAMES[code]) for code in TRIED],
        "recaps": [(code.value, code.label) for code in calls.RECAPS],
    }


def _visit_choices(request: HttpRequest) -> dict[str, Any]:
    others = [person for person in policies.colleagues(request.user) if person != request.user]
    return {
        "receivers": [(person.pk, person.name) for person in [request.user, *others]],
        "recaps": [(code.value, code.label) for code in visits.RECAPS],
    }


PHONE = Kind(
    channel="phone",
    address="entry-phone",
    template="workspace/entry/phone.html",
    fields=("when", "tried_on", "tried_line", "recap"),
    fresh=lambda request: {
        "when": this_minute(), "tried": [], "tried_on": "", "tried_line": "", "recap": Recap.EMAIL.value,
    },
    file=_file_call,
    choices=_call_choices,
    takes=True,
)  # fmt: skip
LETTER = Kind(
    channel="letter",
    address="entry-letter",
    template="workspace/entry/letter.html",
    fields=("received_on", "posted_on", "registered_number", "answer_by"),
    fresh=lambda request: {
        "received_on": _today(), "posted_on": "", "registered_number": "", "answer_by": "letter",
    },
    file=_file_letter,
    choices=lambda request: {"answers": ANSWERS},
    takes=False,
)  # fmt: skip
COUNTER = Kind(
    channel="in_person",
    address="entry-counter",
    template="workspace/entry/counter.html",
    fields=("when", "place", "received_by", "wish", "recap"),
    fresh=lambda request: {
        "when": this_minute(), "place": visits.usual_place(request.user), "received_by": str(request.user.pk),
        "wish": "", "recap": Recap.HANDED.value,
    },
    file=_file_visit,
    choices=_visit_choices,
    takes=True,
    after=_receipt,
)  # fmt: skip
