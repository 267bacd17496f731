"""How a case is answered, accepted, closed, withdrawn and reopened."""

from django.db import transaction
from django.utils.translation import gettext as _

from apaise.ground.accounts.models import User
from apaise.ground.parties.models import Person
from apaise.intake.cases import guards, letters, outgoing, policies
from apaise.intake.cases.history import happened
from apaise.intake.cases.message import Message
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import OPEN, Case, State
from apaise.lib import clock

ACCEPTED_BY = ("tracking_page", "phone", "email", "letter", "in_person")
ANSWERABLE = (State.QUALIFYING, State.INVESTIGATING, State.DECIDING)


def mark_answered(case: Case, *, by: User, outcome: str) -> None:
    """The reasoned answer is given. Called by `resolution.answer` only, which checks every guard first (a test)."""
    # Until this answer has left, the case has none: an earlier one, objected to, does not count.
    case.move(State.ANSWERED, leaving=ANSWERABLE, outcome=outcome, final_reply_at=None, accepted_at=None)
    happened(case, "reply_check.passed", by=by, outcome=outcome, state=case.state)


def accept(case: Case, *, by: Person | User, said: str) -> None:
    """The customer is satisfied with the answer. Harmless to repeat. Raises Refused.

    said   how we know: tracking_page, phone, email, letter, in_person"""
    if isinstance(by, User):
        if refusal := policies.acceptance_refusal(by, case):
            raise Refused(refusal)
    elif by.pk != case.complainant_id:
        raise Refused(_("Only the complainant can accept the answer."))
    if said not in ACCEPTED_BY:
        raise Refused(_("Say how the customer told us."))
    with transaction.atomic():
        now = clock.now()
        answered = Case.objects.filter(pk=case.pk, state=State.ANSWERED)
        if answered.filter(accepted_at=None).update(accepted_at=now):
            case.accepted_at = now
            happened(case, "acceptance.recorded", by=by, said=said)
        elif not answered.exists():
            raise Refused(policies.not_answered())


def close(case: Case, *, reason: str, followup: str, summary: str, by: User) -> None:
    """End the case with a reason, and tell the customer how to reopen it.

    reason     accepted, or silence (the pack's days have passed since the answer and its options)
    followup   done or declined: nobody is left alone with a repair that did not work
    Raises Refused."""
    if refusal := policies.close_refusal(by, case) or guards.closing_gap(case, reason, followup, summary):
        raise Refused(refusal)
    with transaction.atomic():
        happened(case, "followup.done" if followup == "done" else "followup.declined", by=by)
        case.move(State.CLOSED, leaving=[State.ANSWERED], closed_at=clock.now())
        happened(case, "case.closed", by=by, reason=reason, state=case.state)
        letter = letters.closing_notice(case, reason=reason, summary=summary, signatory=by)
        outgoing.queue_message(
            case, "closing_notice", subject=letter.subject, text=letter.body, by=by, author=by
        )


def withdraw(case: Case, *, by: Person) -> None:
    """The complainant takes the complaint back; nobody else can. Raises Refused."""
    if not isinstance(by, Person) or by.pk != case.complainant_id:
        raise Refused(_("Only the complainant can withdraw a complaint."))
    if not case.is_open:
        raise Refused(_("This complaint has ended already."))
    with transaction.atomic():
        case.move(State.WITHDRAWN, leaving=list(OPEN))
        happened(case, "case.withdrawn", by=by, state=case.state)


def reopen(case: Case, *, by: Person | User, why: str) -> None:
    """Same reference, same receipt date; the case is investigated again. Raises Refused.

    why   a code: customer_objects, new_fact, remedy_failed"""
    if isinstance(by, User):
        if refusal := policies.reopen_refusal(by, case):
            raise Refused(refusal)
    elif by.pk != case.complainant_id or case.state not in (State.ANSWERED, State.CLOSED):
        raise Refused(_("Only an answered or closed case can be reopened."))
    with transaction.atomic():
        case.hold()
        _settle_the_reply(case, by=by)
        case.move(
            State.INVESTIGATING,
            leaving=[State.ANSWERED, State.CLOSED],
            accepted_at=None,
            closed_at=None,
            reopened_count=case.reopened_count + 1,
            final_reply_at=None,
        )
        happened(case, "case.reopened", by=by, why=why, state=case.state)


def _settle_the_reply(case: Case, *, by: Person | User) -> None:
    """A reply still on its way would answer a case that is being investigated again."""
    last = case.messages.filter(kind=Message.Kind.FINAL_REPLY).order_by("-pk").first()
    if last is None or last.state in (
        Message.State.SENT,
        Message.State.SHOWN,
        Message.State.FAILED,
        Message.State.TAKEN_BACK,
    ):
        return
    if last.state == Message.State.UNCERTAIN and isinstance(by, Person):
        last.case = case
        outgoing.mark_sent(last)  # whoever objects to it has read it
        return
    raise Refused(_("The final reply has not left yet. Wait until it is sent, or say whether it arrived."))


def take_back(case: Case, *, by: User) -> None:
    """A redirected case was a complaint after all: the same receipt date, clocks as if never stopped."""
    if refusal := policies.work_refusal(by, case):
        raise Refused(refusal)
    with transaction.atomic():
        case.move(State.RECEIVED if case.handler_id is None else State.QUALIFYING, leaving=[State.REDIRECTED])
        happened(case, "case.reopened", by=by, why="redirected_by_mistake", state=case.state)
