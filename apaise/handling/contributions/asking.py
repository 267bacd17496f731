"""Ask somebody who may not handle the case for facts, once and by a date."""

from datetime import date, datetime, time
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apaise.ground.accounts.models import User
from apaise.ground.ledger.record import System
from apaise.handling.contributions.models import ContextNote
from apaise.handling.contributions.policies import ask_refusal, askable, rules_for
from apaise.intake.cases import policies
from apaise.intake.cases.history import happened
from apaise.intake.cases.message import Message
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case
from apaise.lib import clock
from apaise.lib.working_time import Duration, due

USUAL = {"value": 2, "unit": "business_days"}
LONGEST_QUESTION = 2_000


def usual_date(case: Case) -> datetime:
    """By when the pack wants the note, asked now."""
    duration = Duration.from_data(rules_for(case).get("deadline", USUAL))
    return due(clock.now(), duration, case.pack_version.pack.calendar).due_at


def ask(
    case: Case,
    person: User | None,
    question: str,
    *,
    by: User,
    due_on: date | None = None,
    period: tuple[date | None, date | None] = (None, None),
    message: Message | None = None,
) -> ContextNote:
    """Put a question of fact to somebody. They see it, the customer's name and the period, and nothing else of the case.

    message   whose words they are shown too; by default none. Raises Refused."""
    if refusal := ask_refusal(by, case) or _gap(case, person, question, due_on, period, message):
        raise Refused(refusal)
    assert person is not None
    said: dict[str, Any] = {
        "about": about(case),
        "question": question.strip()[:LONGEST_QUESTION],
        "period_from": period[0],
        "period_to": period[1],
        "message": message,
        "asked_by": by,
        "asked_at": clock.now(),
        "due_at": _end_of(due_on, case) if due_on else usual_date(case),
    }
    with transaction.atomic():
        case.hold()
        try:
            with transaction.atomic():
                note = ContextNote.objects.create(case=case, person=person, **said)
        except IntegrityError as twice:
            raise Refused(
                _("They have a question on this case already. Wait for their note, or withdraw it.")
            ) from twice
        happened(
            case,
            "context_note.requested",
            by=by,
            held=True,
            note=note.pk,
            person=person.actor_code,
            due=note.due_at,
        )
    return note


def about(case: Case) -> str:
    """The customer as somebody outside the case knows them: the company, else the person."""
    return (case.organisation.name if case.organisation else case.complainant.display_name())[:200]


def withdraw(note: ContextNote, *, by: User) -> None:
    """It is not needed any more. Harmless to repeat. Raises Refused."""
    if refusal := policies.work_refusal(by, note.case):
        raise Refused(refusal)
    with transaction.atomic():
        note.case.hold()
        gone = ContextNote.objects.waiting().filter(pk=note.pk)
        if gone.update(state=ContextNote.State.WITHDRAWN, settled_at=clock.now()):
            happened(note.case, "context_note.withdrawn", by=by, held=True, note=note.pk)


def remind_late() -> int:
    """Whoever has let the date pass is reminded, once. Returns how many."""
    told, by = 0, System("reminder")
    late = ContextNote.objects.waiting().filter(due_at__lt=clock.now(), reminded_at=None)
    for note in late.select_related("case__pack_version", "person"):
        with transaction.atomic():
            note.case.hold()
            if late.filter(pk=note.pk).update(reminded_at=clock.now()):
                happened(
                    note.case,
                    "context_note.reminded",
                    by=by,
                    held=True,
                    note=note.pk,
                    person=note.person.actor_code,
                )
                told += 1
    return told


def _gap(
    case: Case,
    person: User | None,
    question: str,
    due_on: date | None,
    period: tuple[date | None, date | None],
    message: Message | None,
) -> str | None:
    if person is None or person not in askable(case):
        return _(
            "Choose whom to ask from the list: those kept apart, the people of the account, contributors."
        )
    if not question.strip():
        return _("Write the question: one fact at a time, with the place and the day.")
    if due_on and due_on < clock.today(case.pack_version.pack.calendar.zone):
        return _("The date must not have passed.")
    if period[0] and period[1] and period[1] < period[0]:
        return _("The period ends before it begins. Check the dates.")
    if message and (message.case_id != case.pk or message.is_ours):
        return _("Only words of the customer on this case can be shown.")
    return None


def _end_of(day: date, case: Case) -> datetime:
    return datetime.combine(day, time(23, 59, 59), case.pack_version.pack.calendar.zone)
