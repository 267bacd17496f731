"""Write to the customer in the course of a case: replies, questions, a passing-on."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from apaise.ground.accounts.models import User
from apaise.intake.cases import letters, outgoing, policies, recipients, reminders
from apaise.intake.cases.history import happened
from apaise.intake.cases.message import Message
from apaise.intake.cases.messages import File, Refused
from apaise.intake.cases.models import Case, State
from apaise.lib import clock

ASKABLE = (State.QUALIFYING, State.INVESTIGATING)


def reply(
    case: Case,
    text: str,
    *,
    by: User,
    files: tuple[File, ...] = (),
    copies: Sequence[str] = (),
    confirmed: Sequence[str] = (),
) -> Message:
    """A human reply on the way to the answer; it changes no state. Raises Refused.

    copies     who else gets it: some of `recipients.offered`
    confirmed  those of all its recipients who are new, said once more"""
    _check(policies.reply_refusal(by, case), text)
    recipients.check(case, copies, confirmed)
    subject = letters.subject_line(case, "reply")
    return outgoing.queue_message(
        case, "reply", subject=subject, text=text.strip(), by=by, author=by, files=files, copies=copies
    )


def ask(
    case: Case,
    text: str,
    answer_by: date,
    *,
    by: User,
    copies: Sequence[str] = (),
    confirmed: Sequence[str] = (),
) -> Message:
    """A precise question with an answer-by date. Waiting pauses only the deadlines whose policy allows it; the customer
    is reminded on the way. `copies` and `confirmed`: see `reply`."""
    _check(policies.reply_refusal(by, case), text)
    recipients.check(case, copies, confirmed)
    if case.state not in ASKABLE:
        raise Refused(_("A question can be asked while the case is being qualified or investigated."))
    today = clock.today(case.calendar.zone)
    if answer_by <= today:
        raise Refused(_("Give the customer at least until tomorrow to answer."))
    with transaction.atomic():
        case.move(
            State.AWAITING_CUSTOMER,
            leaving=[case.state],
            resume_state=case.state,
            answer_by=answer_by,
            remind_on=reminders.first_day(today, answer_by),
            reminded=0,
        )
        happened(case, "info.requested", by=by, answer_by=answer_by)
        happened(case, "awaiting_customer.started", by=by, state=case.state)
        subject = letters.subject_line(case, "question")
        return outgoing.queue_message(
            case, "question", subject=subject, text=text.strip(), by=by, author=by, copies=copies
        )


def redirect(case: Case, text: str, *, to: str, by: User) -> Message:
    """Not a complaint, or not ours: the customer is told where it is followed. Reversible. Raises Refused.

    to   a code: not_a_complaint, other_entity"""
    _check(policies.redirect_refusal(by, case), text)
    if to not in ("not_a_complaint", "other_entity"):
        raise Refused(_("Say why the case is redirected."))
    with transaction.atomic():
        message = outgoing.queue_message(
            case,
            "redirection",
            subject=letters.subject_line(case, "redirection"),
            text=text.strip(),
            by=by,
            author=by,
        )
        case.move(State.REDIRECTED, leaving=[State.RECEIVED, State.QUALIFYING], resume_state=case.state)
        happened(case, "case.redirected", by=by, to=to, state=case.state)
    return message


def _check(refusal: str | None, text: str) -> None:
    if refusal:
        raise Refused(refusal)
    if not text.strip():
        raise Refused(policies.say_something())
