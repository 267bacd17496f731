"""Take back a message of ours that has not left yet, and the step of the case that went with it."""

from django.db import transaction
from django.utils.translation import gettext as _

from apaise.ground.accounts.models import User
from apaise.intake.cases import policies
from apaise.intake.cases.history import all_happened, happened
from apaise.intake.cases.message import Message
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case, State

RETRACTABLE = (Message.Kind.REPLY, Message.Kind.QUESTION, Message.Kind.FINAL_REPLY)


def take_back(message: Message, *, by: User) -> bool:
    """Keep a queued reply, question or final reply from leaving; False if it has left, or is leaving. Raises Refused.

    A case that waited for the answer goes on, and one that was answered is being decided again."""
    if refusal := retract_refusal(by, message):
        raise Refused(refusal)
    with transaction.atomic():
        case = (
            message.hold_case()
        )  # the case always first, or a merge of this moment and we wait for each other
        # The gate claims by the same condition: of the two, one succeeds.
        queued = Message.objects.filter(pk=message.pk, state=Message.State.QUEUED)
        if not queued.update(state=Message.State.TAKEN_BACK, problem=""):
            return False
        happened(case, "message.taken_back", by=by, held=True, message=message.pk, kind=message.kind)
        if message.kind == Message.Kind.QUESTION:
            _stop_waiting(case, message, by)
        elif message.kind == Message.Kind.FINAL_REPLY:
            _decide_again(case, by)
    return True


def retract_refusal(user: User, message: Message) -> str | None:
    """Why this person may not take this message back, or None if they may as long as it waits."""
    if refusal := policies.work_refusal(user, message.case):
        return refusal
    if message.kind not in RETRACTABLE:
        return _("This message tells of a step that stays as it is; write to the customer again instead.")
    if message.author_user_id != user.pk and not user.has_role(*policies.LEADS):
        return _("Only its author or a lead takes a message back.")
    return None


def _stop_waiting(case: Case, question: Message, by: User) -> None:
    newer = case.messages.filter(kind=Message.Kind.QUESTION, pk__gt=question.pk)
    case.refresh_from_db(fields=["state", "resume_state"])
    if case.state != State.AWAITING_CUSTOMER or newer.exists():
        return
    case.move(
        State(case.resume_state or State.INVESTIGATING),
        leaving=[State.AWAITING_CUSTOMER],
        answer_by=None,
        remind_on=None,
    )
    all_happened(case, [("awaiting_customer.ended", {"state": case.state})], by=by)


def _decide_again(case: Case, by: User) -> None:
    if Case.objects.filter(pk=case.pk, state=State.ANSWERED).exists():
        case.move(State.DECIDING, leaving=[State.ANSWERED], outcome="", accepted_at=None)
        happened(case, "decision.returned", by=by, state=case.state)
