"""Qualify a case: its grievances, declared cause and criticality, and our restatement to the customer."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from apaise.ground.accounts.models import User
from apaise.ground.packs.taxonomy import CAUSES
from apaise.intake.cases import letters, outgoing, policies
from apaise.intake.cases.criticality import proposed_by, standing
from apaise.intake.cases.criticality import set_criticality as set_criticality
from apaise.intake.cases.history import happened
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import CRITICALITIES, Case, State

BILLING = ("billing", "payment")  # families of causes that make a case a billing dispute


def qualify(
    case: Case, *, grievances: Sequence[str], cause: str, criticality: str, restatement: str, by: User
) -> None:
    """Say what the case is about, and send the customer our restatement. The case is then investigated.

    Raises Refused with what is missing, WrongStage if the case has moved on."""
    points = [" ".join(point.split())[:300] for point in grievances if point.strip()]
    if refusal := policies.qualify_refusal(by, case) or _missing(points, cause, criticality, restatement):
        raise Refused(refusal)
    scored = standing(case).score
    proposed = proposed_by(scored)
    departs = proposed if scored.points and proposed != criticality else None
    with transaction.atomic():
        case.grievances.all().delete()
        for number, point in enumerate(points, start=1):
            case.grievances.create(number=number, text=point)
        case.move(
            State.INVESTIGATING, leaving=[State.QUALIFYING], criticality=criticality, declared_cause=cause
        )
        happened(
            case,
            "case.qualified",
            by=by,
            criticality=criticality,
            proposed=departs,
            cause=cause,
            grievances=len(points),
            state=case.state,
        )
        if cause.split(".")[0] in BILLING:
            happened(case, "case.qualified_as_billing_dispute", by=by, cause=cause)
        subject = letters.subject_line(case, "restatement")
        outgoing.queue_message(
            case, "restatement", subject=subject, text=restatement.strip(), by=by, author=by
        )


def _missing(points: Sequence[str], cause: str, criticality: str, restatement: str) -> str | None:
    if not points:
        return _("List at least one grievance, so that each can be answered.")
    if cause not in CAUSES:
        return _("Choose the cause the customer gives.")
    if criticality not in CRITICALITIES:
        return _("Choose the criticality, from C1 to C4.")
    if not restatement.strip():
        return _("Write to the customer what you understood, so that they can correct it.")
    return None
