"""One form for whatever a member of staff types in for a customer: find the person, read what is known, write it down.

It works by posting alone: searching and choosing send the whole form, so that nothing typed is ever lost."""

import secrets
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apaise.doors.uploads import TooLarge, WrongKind
from apaise.doors.workspace.cases.row import CHANNEL_ICONS
from apaise.doors.workspace.frame import frame
from apaise.ground.accounts.models import User
from apaise.ground.packs.taxonomy import FAMILIES
from apaise.ground.parties.models import Person
from apaise.handling.routing.assignment import assign
from apaise.intake.cases.message import Message
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import CHANNEL_NAMES, Case, WrongStage
from apaise.intake.channels.by_hand import Told, Who
from apaise.intake.channels.guidance import card_for
from apaise.intake.channels.known import find_people, findable, history
from apaise.intake.channels.policies import desk_of, entry_refusal
from apaise.lib import clock, saying

Typed = dict[str, Any]
LONGEST = {
    "once": 40, "q": 120, "person": 12, "name": 120, "email": 254, "phone": 40, "postal": 300, "language": 2,
    "text": 20_000, "cause": 60, "when": 20, "tried_on": 10, "tried_line": 300, "recap": 8, "received_on": 10,
    "posted_on": 10, "registered_number": 60, "answer_by": 8, "place": 120, "received_by": 12, "wish": 4_000,
}  # fmt: skip
COMMON = ("once", "q", "person", "name", "email", "phone", "postal", "language", "text", "cause")


class Kind(NamedTuple):
    """What a channel adds to the form: its own fields, their first values, its verb, and where one goes on."""

    channel: str
    address: str  # name of its address
    template: str
    fields: tuple[str, ...]
    fresh: Callable[[HttpRequest], Typed]
    file: Callable[[HttpRequest, Told, Typed], Case]
    choices: Callable[[HttpRequest], dict[str, Any]]
    takes: bool  # whoever heard it usually keeps the case
    after: Callable[[Case], str] = lambda case: reverse("workspace:case", args=[case.reference])


def enter(request: HttpRequest, kind: Kind) -> HttpResponse:
    """Show the form, look people up, or file what was typed and go on to the case."""
    if refusal := entry_refusal(request.user):
        raise PermissionDenied(refusal)
    if request.method != "POST":
        return _show(request, kind, _fresh(request, kind))
    typed = _typed(request, kind)
    if "choose" in request.POST:
        typed |= {"person": request.POST["choose"][:12], "q": ""}
    if {"find", "choose"} & set(request.POST):
        return _show(request, kind, typed)
    try:
        into = _into(request)
        case = kind.file(request, _told(request, typed, into), typed)
    except (Refused, WrongStage, WrongKind) as refusal:
        return _show(request, kind, typed, refused=str(refusal), status=409)
    except TooLarge as refusal:
        return _show(request, kind, typed, refused=str(refusal), status=413)
    if typed["take"] and into is None:
        _take(request, case)
    if (
        not Case.objects.visible_to(request.user).filter(pk=case.pk).exists()
    ):  # a party to what they took down
        return redirect(f"{reverse('workspace:cases')}?done=entered_apart")
    return redirect(f"{kind.after(case)}?done={'added' if into else 'entered'}")


def _take(request: HttpRequest, case: Case) -> None:
    try:
        assign(case, request.user, by=request.user)
    except (Refused, WrongStage):
        return  # sent twice, and somebody took it in between: the case page says who


def _into(request: HttpRequest) -> Case | None:
    reference = request.POST.get("into", "")
    if not reference:
        return None
    case = Case.objects.visible_to(request.user).filter(reference=reference).first()
    if case is None:
        raise Refused(_("This case cannot be found any more. Choose another, or open a new one."))
    return case


def _told(request: HttpRequest, typed: Typed, into: Case | None) -> Told:
    who = Who(_person(typed, request.user), typed["name"], typed["email"], typed["phone"], typed["postal"])
    return Told(
        once=typed["once"],
        who=who,
        text=typed["text"],
        language=typed["language"],
        at=moment(typed["when"]) if typed.get("when") else clock.now(),
        cause=typed["cause"],
        into=into,
    )


def _person(typed: Typed, user: User) -> Person | None:
    number = typed["person"]
    if not (number.isascii() and number.isdigit()):
        return None
    return findable(Q(pk=number), by=user).prefetch_related("addresses").first()


# --- what stands in the fields -----------------------------------------------------------------------------


def _fresh(request: HttpRequest, kind: Kind) -> Typed:
    typed: Typed = dict.fromkeys(COMMON, "")
    typed |= {"once": secrets.token_urlsafe(18), "take": kind.takes} | kind.fresh(request)
    return typed | {
        name: request.GET[name][: LONGEST[name]] for name in ("q", "person") if name in request.GET
    }


def _typed(request: HttpRequest, kind: Kind) -> Typed:
    sent = request.POST
    typed: Typed = {
        name: sent.get(name, "")[: LONGEST[name]].strip()
        for name in (*COMMON, *kind.fields)
        if name in LONGEST
    }
    typed |= {
        "take": "take" in sent,
        "tried": [code for code in sent.getlist("tried") if code in CHANNEL_NAMES],
    }
    typed["once"] = typed["once"] or secrets.token_urlsafe(18)
    return typed


def this_minute() -> str:
    """Now, as a field for a moment has it."""
    return clock.now().astimezone(ZoneInfo(settings.TIME_ZONE)).strftime("%Y-%m-%dT%H:%M")


def moment(typed: str) -> datetime:
    """What a field for a moment holds; the very minute of now is now. Raises Refused."""
    if typed == this_minute():
        return clock.now()
    try:
        return datetime.fromisoformat(typed).replace(tzinfo=ZoneInfo(settings.TIME_ZONE))
    except (ValueError, OverflowError) as problem:
        raise Refused(_("The date and the time cannot be read. Choose them again.")) from problem


def day(typed: str) -> date | None:
    """What a field for a day holds, None when it is empty. Raises Refused."""
    if not typed:
        return None
    try:
        return date.fromisoformat(typed)
    except ValueError as problem:
        raise Refused(_("This day cannot be read. Choose it again.")) from problem


# --- the page -------------------------------------------------------------------------------------------------


def _show(
    request: HttpRequest, kind: Kind, typed: Typed, *, refused: str = "", status: int = 200
) -> HttpResponse:
    person = _person(typed, request.user)
    asked = typed["q"] or (
        typed["email"] or typed["phone"] or typed["name"] if refused or request.POST else ""
    )
    found = find_people(asked, by=request.user) if person is None else None
    if found and found.certain and not refused:
        person = found.certain
    typed["person"] = person.pk if person else ""
    if person and person.postal and not (person.email or typed["email"]) and typed.get("recap") == "email":
        typed["recap"] = "letter"  # the offer that can be kept
    desk = desk_of(request.user)
    page = {
        **frame(request, "entry-phone"),
        "kinds": _kinds(kind),
        "here": reverse(f"workspace:{kind.address}"),
        "kind": kind,
        "typed": typed,
        "longest": LONGEST,
        "refused": refused,
        "searched": asked if person is None else "",
        "people": [_line(one) for one in found.people] if found and person is None else [],
        "person": person,
        "history": _history(request, person) if person else None,
        "answer_in": typed["language"]
        or (person.language if person else "")
        or (desk.language if desk else ""),
        "languages": [("fr", _("French")), ("en", _("English"))],
        "causes": _causes(),
        "card": card_for(kind.channel, get_language() or "fr"),
        "files_again": bool(request.FILES),
        **kind.choices(request),
    }
    return render(request, kind.template, page, status=status)


def _kinds(current: Kind) -> list[dict[str, Any]]:
    known = [
        ("entry-phone", _("Phone call")),
        ("entry-letter", _("Letter")),
        ("entry-counter", _("Visit")),
    ]
    return [
        {"label": label, "href": reverse(f"workspace:{name}"), "current": name == current.address}
        for name, label in known
    ]


def _causes() -> list[tuple[str, list[tuple[str, str]]]]:
    language = get_language()
    return [(f.label.said(language), [(c.code, c.label.said(language)) for c in f.causes]) for f in FAMILIES]


def _line(person: Person) -> dict[str, Any]:
    reach = [
        saying.phone(one.value) if one.kind == "phone" else one.value.replace("\n", ", ")
        for one in person.addresses.all()
    ]
    company = [person.organisation.name] if person.organisation else []
    return {"pk": person.pk, "name": person.display_name(), "about": " · ".join([*company, *reach])}


def _history(request: HttpRequest, person: Person) -> dict[str, Any]:
    known = history(person, by=request.user)
    return {
        "cases": [
            {
                "reference": case.reference,
                "title": case.title or case.excerpt,
                "state": case.get_state_display(),
                "href": reverse("workspace:case", args=[case.reference]),
            }
            for case in known.open_cases
        ],
        "said": [_said(message) for message in known.messages],
    }


def _said(message: Message) -> dict[str, Any]:
    words = " ".join(message.new_text.split())
    return {
        "icon": CHANNEL_ICONS.get(message.channel, "inbox"),
        "channel": message.get_channel_display(),
        "ours": message.is_ours,
        "at": message.at,
        "words": words if len(words) <= 140 else words[:139].rsplit(" ", 1)[0] + "…",
        "reference": message.case.reference,
        "href": f"{reverse('workspace:case', args=[message.case.reference])}#message-{message.pk}",
    }
