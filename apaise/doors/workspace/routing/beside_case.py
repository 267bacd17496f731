"""Who holds a case and why, beside its conversation."""

from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apaise.ground.accounts.models import User
from apaise.handling.routing.fit import ranked
from apaise.handling.routing.lane import VIP, guard
from apaise.handling.routing.placement import Placement
from apaise.handling.routing.serving import give_back_refusal
from apaise.handling.routing.suggestions import decided_by_words
from apaise.handling.routing.targets import names_of, people_of
from apaise.handling.routing.wording import GIVEN_BACK, SERVED, reasons_in_words
from apaise.intake.cases import policies
from apaise.intake.cases.models import Case


def beside_case(case: Any, me: User) -> dict[str, Any]:
    """`routing` for workspace/routing/_holds.html. No question of its own unless a queue or a team was suggested."""
    placement: Placement | None = getattr(case, "placement", None)
    because = case.served_because if case.handler_id == me.pk else None
    return {
        "routing": {
            "placed": _placed(case, placement) if placement else "",
            "suggestion": _suggestion(case, placement, me) if placement else None,
            "decided": decided_by_words(placement) if placement else "",
            "guard": guard(case, get_language() or "fr") if placement and placement.lane == VIP else "",
            "served": SERVED[because] % {"hours": settings.LONGEST_WAIT_HOURS} if because in SERVED else "",
            "give_back": list(GIVEN_BACK.items()) if because and not give_back_refusal(me, case) else [],
            "asks_next": me.has_role(*policies.WORKERS),
            "hands_out": not policies.hand_out_refusal(me, case),
        }
    }


def _placed(case: Case, placement: Placement) -> str:
    """“Given to Inès: billing, speaks English, 12 open cases, 2 of them hard”."""
    why = reasons_in_words(placement.reasons, placement.rule.name if placement.rule else "")
    if placement.person and placement.person_id == case.handler_id:
        return _("Given to %(name)s: %(why)s") % {"name": placement.person.name, "why": why}
    if placement.suggested:
        return ""
    queue = names_of([placement.queue])[placement.queue]
    return _("In the queue “%(queue)s”: %(why)s") % {"queue": queue, "why": why}


def _suggestion(case: Case, placement: Placement, me: User) -> dict[str, Any] | None:
    if not placement.suggested or placement.decision or not case.is_open:
        return None
    fits = ranked(case, people_of(case, placement.suggested))
    free = [fit for fit in fits if not fit.without_new and not policies.assign_refusal(me, case, fit.person)]
    return {
        "queue": names_of([placement.suggested])[placement.suggested],
        "confidence": placement.confidence,
        "why": reasons_in_words(placement.reasons),
        "one_click": free[0].person if free and free[0].person.pk != case.handler_id else None,
    }
