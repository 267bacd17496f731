"""The six stages a complainant sees; never the internal states."""

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from apaise.intake.cases.models import Case, State

STAGES = ("received", "understood", "investigation", "decision", "reply", "followup")
NAMES = {
    "received": _("Received"),
    "understood": _("Understood"),
    "investigation": _("Investigation"),
    "decision": _("Decision"),
    "reply": _("Reply"),
    "followup": _("Follow-up"),
}
_OF_STATE = {
    State.RECEIVED: "received",
    State.QUALIFYING: "understood",
    State.INVESTIGATING: "investigation",
    State.AWAITING_THIRD_PARTY: "investigation",
    State.DECIDING: "decision",
    State.ANSWERED: "reply",
    State.EXECUTING: "followup",
    State.CLOSED: "followup",
}


class Progress(NamedTuple):
    """Where a case stands for its complainant."""

    stage: str
    number: int  # 1 to 6
    ended: str  # "", withdrawn, merged or redirected
    reopened: bool
    waits_for_customer: bool


def progress(case: Case) -> Progress:
    """The public stage of the case."""
    state = State(case.state)
    if state == State.AWAITING_CUSTOMER:
        stage = _OF_STATE.get(State(case.resume_state or State.INVESTIGATING), "investigation")
    elif state in _OF_STATE:
        stage = _OF_STATE[state]
    else:
        stage = _last_stage(case)
    ended = state.value if state in (State.WITHDRAWN, State.MERGED, State.REDIRECTED) else ""
    return Progress(
        stage, STAGES.index(stage) + 1, ended, case.reopened_count > 0, state == State.AWAITING_CUSTOMER
    )


def _last_stage(case: Case) -> str:
    if case.final_reply_at:
        return "reply"
    if case.declared_cause:
        return "investigation"
    return "understood" if case.handler_id else "received"
