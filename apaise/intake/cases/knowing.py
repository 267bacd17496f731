"""Say what is known of a case: a person by hand, or a reading of the words. The levels follow at once.

    know(case, "case.production_stopped", True, by=ana)                          a person's word
    know(case, "case.anger_score", 0.8, source="reading", by=System("triage"))   what a reading found

Whatever reads messages calls `know` with source="reading", and nothing else has to change: the fact weighs from then
on, unless a person has said otherwise. Values are those of knowable.py."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from apaise.ground.accounts.models import User
from apaise.ground.ledger.record import Actor
from apaise.intake.cases import policies
from apaise.intake.cases.criticality import weigh
from apaise.intake.cases.history import happened
from apaise.intake.cases.knowable import FACTS, fitted
from apaise.intake.cases.known_fact import PERSON, READING, KnownFact
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case
from apaise.lib import clock


def know_refusal(user: User, case: Case) -> str | None:
    """Why this person may not say what is known of the case."""
    if refusal := policies.work_refusal(user, case):
        return refusal
    return None if case.is_open else _("This case has ended; reopen it first.")


def know(case: Case, fact: str, value: Any, *, by: Actor, source: str = PERSON) -> bool:
    """This fact is known from now on; None takes it back. Returns whether anything changed. Raises Refused.

    A reading is kept beside a person's word and never counts before it. Saying the same again changes nothing."""
    return know_all(case, {fact: value}, by=by, source=source) == 1


def know_all(case: Case, said: Mapping[str, Any], *, by: Actor, source: str = PERSON) -> int:
    """Several facts of one moment. Returns how many changed."""
    person = by if isinstance(by, User) else None
    if source == PERSON:
        if person is None:
            raise ValueError("Only a person of ours gives a person's word.")
        if refusal := know_refusal(person, case):
            raise Refused(refusal)
    kept = {fact: None if value is None else _fitted(fact, value) for fact, value in said.items()}
    with transaction.atomic():
        case.hold()
        changed = [fact for fact, value in kept.items() if _keep(case, fact, value, by, person, source)]
        for fact in changed:
            _record(case, fact, kept[fact], by, source)
        if changed:
            weigh(case)
    return len(changed)


def _fitted(fact: str, value: Any) -> Any:
    try:
        return fitted(fact, value)
    except KeyError:
        raise Refused(_("Nobody can say this of a case. Choose a fact from the list.")) from None
    except ValueError:
        question = str(FACTS[fact].question)
        raise Refused(
            _("“%(question)s” cannot have this answer. Check it.") % {"question": question}
        ) from None


def _keep(case: Case, fact: str, value: Any, by: Actor, person: User | None, source: str) -> bool:
    rows = KnownFact.objects.filter(case=case, fact=fact, source=source)
    if value is None:
        return bool(rows.delete()[0])
    if rows.filter(value=value).exists():
        return False
    told = {"value": value, "by": by.actor_code, "person": person, "at": clock.now()}
    KnownFact.objects.update_or_create(case=case, fact=fact, source=source, defaults=told)
    return True


def _record(case: Case, fact: str, value: Any, by: Actor, source: str) -> None:
    said: dict[str, Any] = {"fact": fact, "value": Decimal(str(value)) if isinstance(value, float) else value}
    unknown = True if value is None else None
    happened(
        case, "fact.read" if source == READING else "fact.told", by=by, held=True, unknown=unknown, **said
    )  # fmt: skip
