"""The final reply: the only way to answer a case. Every guard is checked here, and a human signs."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from apaise.ground.accounts.models import User
from apaise.handling.resolution import reply_check
from apaise.intake.cases import ending, guards, letters, outgoing, policies
from apaise.intake.cases.guards import Finding
from apaise.intake.cases.history import happened
from apaise.intake.cases.message import Message
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case, State


def answer(
    case: Case,
    *,
    findings: Mapping[int, Finding],
    outcome: str,
    found_cause: str,
    scope: str,
    text: str,
    by: User,
) -> Message:
    """Decide and answer: each grievance with its finding, the found cause and scope, and the letter itself.

    findings   by number of the grievance
    outcome    accepted, partial, refused or goodwill

    The mentions the frozen pack demands are added below the letter. Raises Refused with the first thing missing;
    nothing is changed then."""
    if not isinstance(by, User):
        raise Refused(_("A person signs every final reply."))
    refusal = policies.final_reply_refusal(by, case) or guards.decision_gap(
        case, findings, outcome=outcome, found_cause=found_cause, scope=scope
    )
    if refusal:
        raise Refused(refusal)
    mentions = reply_check.mentions(case, outcome=outcome, found_cause=found_cause)
    if gap := reply_check.gap(case, text, mentions):
        raise Refused(gap)
    with transaction.atomic():
        _write_down(case, findings, found_cause, scope, outcome, by)
        ending.mark_answered(case, by=by, outcome=outcome)
        letter = "\n\n".join([text.strip(), *mentions.texts])
        return outgoing.queue_message(
            case,
            "final_reply",
            subject=letters.subject_line(case, "final_reply"),
            text=letter,
            by=by,
            author=by,
        )


def _write_down(
    case: Case, findings: Mapping[int, Finding], found_cause: str, scope: str, outcome: str, by: User
) -> None:
    for number, finding in findings.items():
        case.grievances.filter(number=number).update(verdict=finding.verdict, reason=finding.reason.strip())
    case.keep(found_cause=found_cause, scope=scope)
    happened(case, "facts.completed", by=by, grievances=len(findings))
    happened(case, "cause.confirmed", by=by, cause=found_cause, declared=case.declared_cause)
    happened(case, "scope.confirmed", by=by, scope=scope)
    if scope == "systemic":
        happened(case, "case.scope_confirmed_systemic", by=by)
    if case.state == State.INVESTIGATING:
        case.move(State.DECIDING, leaving=[State.INVESTIGATING])
    happened(case, "decision.taken", by=by, outcome=outcome, state=case.state)
