"""Give a case to a person."""

from typing import Any

from django.db import transaction
from django.db.models import Q, prefetch_related_objects
from django.utils.translation import gettext as _

from apaise.ground.accounts.models import User, everyone_with, know_standing
from apaise.ground.ledger.record import Actor
from apaise.handling.routing.suggestions import decided
from apaise.intake.cases import policies
from apaise.intake.cases.history import happened
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case, State, WrongStage


def assign(case: Case, to: User, *, by: User, why: str = "") -> None:
    """`to` holds the case from now on; a case just received is thereby being qualified. Harmless to repeat.

    why   a code of suggestions.BECAUSE, where somebody else was suggested
    Raises Refused with the reason, WrongStage if the case ended meanwhile."""
    if refusal := policies.assign_refusal(by, case, to):
        raise Refused(refusal)
    if case.handler_id == to.pk:
        return
    with transaction.atomic():
        give(case, to, believed=case.handler, by=by)
        decided(case, to, by=by, why=why)


def give(case: Case, to: User, *, believed: User | None, by: Actor, **facts: Any) -> None:
    """The same without asking who may: for the verbs of this room, which have asked. Raises WrongStage, Refused.

    believed   who holds it now, as far as the caller knows
    facts      codes for the ledger: why, of whom"""
    with transaction.atomic():
        case.hold()
        # Asked again while the case is held: they may have been found to be a party a moment ago.
        if case.exclusions.in_force().filter(user=to).exists():
            raise Refused(policies.they_are_apart())
        # Of two people taking it at once only the first succeeds: it must still be held by whom we believe.
        if not Case.objects.filter(pk=case.pk, handler=believed).exists():
            raise WrongStage(
                _("%(reference)s has moved on; reload it and look again.") % {"reference": case.reference}
            )
        state = State.QUALIFYING if case.state == State.RECEIVED else State(case.state)
        case.move(state, leaving=[case.state], handler=to)
        happened(case, "case.assigned", by=by, held=True, to=to.actor_code, state=case.state, **facts)


def candidates(case: Case, *, by: User) -> list[User]:
    """The people `by` may give this case to."""
    if policies.work_refusal(by, case):
        return []
    prefetch_related_objects([case], "exclusions")
    # Narrowed to whom the policy could allow, so that a large house costs no more than a small team.
    found = everyone_with(*policies.WORKERS).filter(
        Q(pk=by.pk) | Q(memberships__team=case.team_id) | Q(role_grants__role="complaints_manager")
    )
    people = list(found)
    know_standing(people)
    return [person for person in people if policies.assign_refusal(by, case, person) is None]
