"""Who holds a case and why, beside its conversation; and the people one may give it to, best first."""

from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apaise.ground.accounts.models import User
from apaise.handling.routing.assignment import candidates
from apaise.handling.routing.fit import Fit, ranked
from apaise.handling.routing.lane import VIP, guard
from apaise.handling.routing.placement import Placement
from apaise.handling.routing.serving import give_back_refusal, served_because
from apaise.handling.routing.suggestions import decided_by_words
from apaise.handling.routing.targets import names_of, people_of
from apaise.handling.routing.wording import (
    DECIDED,
    GIVEN_BACK,
    SERVED,
    WITHOUT_NEW,
    load_in_words,
    reasons_in_words,
)
from apaise.intake.cases import policies
from apaise.intake.cases.models import Case


def beside_case(case: Case, me: User) -> dict[str, Any]:
    """`routing` and `assigning` for workspace/routing/_holds.html."""
    placement = Placement.objects.filter(case=case).select_related("rule", "person", "decided_by").first()
    mine = case.handler_id == me.pk
    because = served_because(case, me) if mine else ""
    return {
        "routing": {
            "placed": _placed(case, placement) if placement else "",
            "suggestion": _suggestion(case, placement) if placement else None,
            "decided": decided_by_words(placement) if placement else "",
            "guard": guard(case, get_language() or "fr") if placement and placement.lane == VIP else "",
            "served": SERVED[because] % {"hours": settings.LONGEST_WAIT_HOURS} if because in SERVED else "",
            "give_back": list(GIVEN_BACK.items()) if because and not give_back_refusal(me, case) else [],
            "asks_next": me.has_role(*policies.WORKERS),
        },
        "assigning": _assigning(case, me, placement),
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


def _suggestion(case: Case, placement: Placement) -> dict[str, Any] | None:
    if not placement.suggested or placement.decision or not case.is_open:
        return None
    return {
        "queue": names_of([placement.suggested])[placement.suggested],
        "confidence": placement.confidence,
        "why": reasons_in_words(placement.reasons),
        "people": {person.pk for person in people_of(case, placement.suggested)},
    }


def _assigning(case: Case, me: User, placement: Placement | None) -> dict[str, Any] | None:
    people = [person for person in candidates(case, by=me) if person != me]
    if not people:
        return None
    fits = ranked(case, people)
    meant = set()
    if placement and placement.suggested and not placement.decision:
        meant = {person.pk for person in people_of(case, placement.suggested)}
    return {
        "people": [_row(fit, fit.person.pk in meant) for fit in fits if fit.person.pk != case.handler_id],
        "one_click": next(
            (fit.person for fit in fits if fit.person.pk in meant and not fit.without_new), None
        ),
        "why": list(DECIDED.items()) if placement else [],
    }


def _row(fit: Fit, is_meant: bool) -> dict[str, Any]:
    return {
        "person": fit.person,
        "load": load_in_words(fit.load.open, fit.load.hard),
        "lately": fit.load.lately,
        "reasons": reasons_in_words(fit.reasons),
        "without_new": WITHOUT_NEW.get(fit.without_new, ""),
        "meant": is_meant,
    }
