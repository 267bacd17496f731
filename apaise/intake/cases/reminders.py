"""Remind the customer of a question that stays unanswered: twice at most, seen by the handler, stopped by a click."""

from contextlib import suppress
from datetime import date, timedelta

from django.db import transaction

from apaise.ground.accounts.models import User
from apaise.ground.ledger.record import System
from apaise.intake.cases import letters, outgoing, policies
from apaise.intake.cases.history import happened
from apaise.intake.cases.message import Message
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case, State, WrongStage
from apaise.intake.cases.paper import carrier_for, receives_none

BY = System("reminder")
MOST = 2  # the life cycle's own number; after them the case goes on by itself, and it is never a refusal
SOONEST = timedelta(days=2)  # nobody is chased the day after


def first_day(asked: date, answer_by: date) -> date | None:
    """Half way to the answer-by date; None where there is no time for a reminder that still helps."""
    day = asked + (answer_by - asked) / 2
    return day if day - asked >= SOONEST else None


def next_day(reminded: date, answer_by: date) -> date | None:
    """The second is the last call: the day before the answer-by date."""
    day = answer_by - timedelta(days=1)
    return day if day - reminded >= SOONEST else None


def remind_unanswered(today: date) -> int:
    """Write the reminders that are due. Harmless to repeat. Returns how many were written."""
    written = 0
    due = Case.objects.filter(state=State.AWAITING_CUSTOMER, remind_on__lte=today, answer_by__gte=today)
    for case in due.select_related("complainant", "desk__signatory", "handler", "pack_version"):
        with suppress(WrongStage), transaction.atomic():  # the customer may have answered this very moment
            written += _remind(case, today)
    return written


def _remind(case: Case, today: date) -> bool:
    question = case.messages.filter(kind=Message.Kind.QUESTION).order_by("-pk").first()
    if question is None or case.answer_by is None or not _has_left(question):
        return False  # a question that has not reached anybody is no question to be reminded of
    carrier = carrier_for(case)
    if carrier.channel == "email" and receives_none(case, carrier.address):
        return False  # it would only come back, too
    number = case.reminded + 1
    again = next_day(today, case.answer_by) if number < MOST else None
    waiting = Case.objects.filter(pk=case.pk, state=State.AWAITING_CUSTOMER, remind_on=case.remind_on)
    if not waiting.update(remind_on=again, reminded=number):
        return False
    letter = letters.reminder(case, question)
    outgoing.queue_message(case, "reminder", subject=letter.subject, text=letter.body, by=BY)
    happened(case, "info.reminded", by=BY, number=number, answer_by=case.answer_by)
    return True


def _has_left(question: Message) -> bool:
    return question.state in (Message.State.SENT, Message.State.SHOWN)


def stop(case: Case, *, by: User) -> bool:
    """No further reminders of this question; False if none was to come. Raises Refused."""
    if refusal := policies.work_refusal(by, case):
        raise Refused(refusal)
    with transaction.atomic():
        if not Case.objects.filter(pk=case.pk, remind_on__isnull=False).update(remind_on=None):
            return False
        case.remind_on = None
        happened(case, "info.reminders_stopped", by=by)
    return True
