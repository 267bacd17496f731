"""The facts that a person can say of a case, or a reading can find: what kind of value each has, and its words."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final, NamedTuple

from django.utils.translation import gettext_lazy as _

YES_NO, AMOUNT, COUNT, SHARE = "yes_no", "amount", "count", "share"
MOST: Final = 10**12


class Knowable(NamedTuple):
    kind: str
    question: Any


FACTS: Final[Mapping[str, Knowable]] = {
    "case.safety_risk": Knowable(YES_NO, _("Is anybody's safety at risk?")),
    "customer.vulnerability": Knowable(YES_NO, _("Is the customer in a fragile situation?")),
    "customer.medical_dependence_on_supply": Knowable(
        YES_NO, _("Does somebody's health depend on the supply?")
    ),
    "case.in_winter_truce": Knowable(YES_NO, _("Does the winter truce protect them?")),
    "case.production_stopped": Knowable(YES_NO, _("Is their production stopped?")),
    "case.sla_breach_verified": Knowable(YES_NO, _("Is our breach of the agreed service level proven?")),
    "case.payment_withheld": Knowable(YES_NO, _("Do they withhold a payment?")),
    "case.legal_threat": Knowable(YES_NO, _("Do they announce legal action?")),
    "case.public_exposure": Knowable(YES_NO, _("Can others read the complaint?")),
    "case.reach": Knowable(COUNT, _("How many people may have seen it?")),
    "case.customer_requests_supervisor": Knowable(YES_NO, _("Do they ask for somebody higher up?")),
    "case.claim_amount": Knowable(AMOUNT, _("What sum do they ask for?")),
    "case.previous_attempts": Knowable(COUNT, _("How often had they told us of it before?")),
    "case.anger_score": Knowable(SHARE, _("How angry are they?")),
    "case.churn_score": Knowable(SHARE, _("Will they leave us?")),
    "case.customer_satisfied": Knowable(YES_NO, _("Are they satisfied with our answer?")),
    "case.amicable_attempt_proved": Knowable(YES_NO, _("Is a written amicable attempt proven?")),
    "case.court_seized": Knowable(YES_NO, _("Has a court been seized?")),
    "case.mediator_already_examined": Knowable(YES_NO, _("Has a mediator examined the dispute already?")),
    "case.conciliator_unavailable_over_3_months": Knowable(
        YES_NO, _("Is no conciliator free within three months?")
    ),
    "customer.post_dispute_consent_to_arbitration": Knowable(
        YES_NO, _("Did they agree to arbitration after the dispute began?")
    ),
}

# A share is never shown as a number: these are the steps people choose from, lowest first.
STEPS: Final[Mapping[str, tuple[tuple[float, Any], ...]]] = {
    "case.anger_score": ((0.0, _("Calm")), (0.35, _("Annoyed")), (0.7, _("Angry")), (0.9, _("Very angry"))),
    "case.churn_score": (
        (0.0, _("No sign of it")),
        (0.3, _("Perhaps")),
        (0.6, _("Probably")),
        (0.9, _("Announced")),
    ),
}


def fitted(fact: str, value: Any) -> bool | int | float | str:
    """The value as it is kept. Raises ValueError for one that this fact cannot have, KeyError for no such fact."""
    kind = FACTS[fact].kind
    if kind == YES_NO:
        if isinstance(value, bool):
            return value
        raise ValueError("yes or no")
    if isinstance(value, bool):
        raise ValueError("a number")
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise ValueError("a number") from None
    if not number.is_finite() or not 0 <= number <= MOST:
        raise ValueError("zero or more")
    if kind == SHARE:
        if number > 1:
            raise ValueError("at most 1")
        return float(number)
    if kind == AMOUNT:
        return str(number.quantize(Decimal("0.01")))
    if number != int(number):
        raise ValueError("a whole number")
    return int(number)


def step_of(fact: str, value: float) -> float:
    """The step a share stands on."""
    return max(step for step, _words in STEPS[fact] if step <= value)
