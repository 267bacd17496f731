"""What people do about judges and parties: keep apart, let in, decide who is meant, ask for facts."""

from datetime import date, datetime, time

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from apaise.doors.workspace.cases.actions import action, day_of
from apaise.ground.accounts.models import User
from apaise.handling.contributions import asking
from apaise.handling.contributions.models import ContextNote
from apaise.intake.cases import naming
from apaise.intake.cases.excluded import Exclusion
from apaise.intake.cases.exclusion import keep_apart
from apaise.intake.cases.first_decision import ask_second_look
from apaise.intake.cases.letting_in import let_in, shut_out
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case
from apaise.intake.cases.named_staff import NamedStaff


def _exclusion(case: Case, exclusion_id: int) -> Exclusion:
    return get_object_or_404(case.exclusions.select_related("user", "case__pack_version"), pk=exclusion_id)


def _named(case: Case, named_id: int) -> NamedStaff:
    return get_object_or_404(case.named_staff.select_related("user", "case__pack_version"), pk=named_id)


@action("tie")
def own_tie(request: HttpRequest, case: Case) -> str:
    """I am a party myself."""
    keep_apart(case, request.user, because=request.POST.get("because", ""), by=request.user)
    return "stepped_back"


@action("parties")
def parties(request: HttpRequest, case: Case) -> str:
    """Somebody else is a party."""
    keep_apart(case, _person(request), because=request.POST.get("because", ""), by=request.user)
    return "kept_apart"


@action("override")
def override(request: HttpRequest, case: Case, exclusion_id: int) -> str:
    day = day_of(request.POST.get("until", ""))
    end = timezone.make_aware(datetime.combine(day, time(23, 59, 59)))
    let_in(_exclusion(case, exclusion_id), reason=request.POST.get("reason", ""), until=end, by=request.user)
    return "let_in"


@action("override")
def override_ending(request: HttpRequest, case: Case, exclusion_id: int) -> str:
    shut_out(_exclusion(case, exclusion_id), by=request.user)
    return "kept_apart"


@action("named")
def confirmation(request: HttpRequest, case: Case, named_id: int) -> str:
    naming.confirm(_named(case, named_id), by=request.user)
    return "kept_apart"


@action("named")
def named_dismissal(request: HttpRequest, case: Case, named_id: int) -> str:
    naming.dismiss(_named(case, named_id), by=request.user)
    return "not_meant"


@action("parties")
def second_look(request: HttpRequest, case: Case) -> str:
    ask_second_look(case, by=request.user)
    return "kept_apart"


@action("notes")
def context_notes(request: HttpRequest, case: Case) -> str:
    """Ask somebody for facts."""
    said = request.POST
    due_on = day_of(said["due_on"]) if said.get("due_on") else None
    shown = case.messages.filter(pk=_number(said.get("message", "")), direction="in").first()
    asking.ask(
        case,
        User.objects.filter(pk=_number(said.get("person", ""))).first(),
        said.get("question", ""),
        by=request.user,
        due_on=due_on,
        period=(_past_day(said.get("period_from", "")), _past_day(said.get("period_to", ""))),
        message=shown,
    )
    return "note_asked"


@action("notes")
def context_note_withdrawal(request: HttpRequest, case: Case, note_id: int) -> str:
    note = get_object_or_404(ContextNote.objects.of_case(case).select_related("case"), pk=note_id)
    asking.withdraw(note, by=request.user)
    return "note_withdrawn"


def _past_day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError as problem:
        raise Refused(_("Choose a date.")) from problem


def _person(request: HttpRequest) -> User:
    person = User.objects.filter(pk=_number(request.POST.get("person", "")), is_active=True).first()
    if person is None:
        raise Refused(_("Choose a person from the list."))
    return person


def _number(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 12 else 0
