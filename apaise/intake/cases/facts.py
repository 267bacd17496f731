"""What is known of a case, in the fact vocabulary of the packs. What is absent is unknown, never false."""

from zoneinfo import ZoneInfo

from django.conf import settings

from apaise.ground.parties.contract import Contract
from apaise.ground.parties.models import Organisation, Person
from apaise.intake.cases.models import Case
from apaise.lib import clock


def facts_of(case: Case) -> dict[str, object]:
    """The facts that predicates of packs may ask for."""
    facts: dict[str, object] = {
        "org.country": case.desk.country,
        "case.received_at": case.received_at,
        "case.sent_at": case.sent_at,
        "case.reopened_count": case.reopened_count,
        **customer_facts(case.complainant, case.organisation, case.contract),
    }
    known = {
        "case.criticality": case.criticality,
        "case.cause": case.found_cause or case.declared_cause,
        "case.scope": case.scope,
        "case.written_complaint_at": case.written_complaint_at,
        "case.final_reply_at": case.final_reply_at,
    }
    facts.update({name: value for name, value in known.items() if value})
    if case.public_exposure:  # that nothing public exists is never known
        facts["case.public_exposure"] = True
    if case.outcome:
        facts["case.final_reply_outcome"] = case.outcome
    return facts


def customer_facts(
    person: Person, organisation: Organisation | None, contract: Contract | None
) -> dict[str, object]:
    """Facts of customer and contract, in the vocabulary of the packs."""
    # The mark is ours alone: where it is not set, the customer has none, which is more than not knowing.
    facts: dict[str, object] = {
        "customer.vip": person.survivor.vip or person.vip or bool(organisation and organisation.vip)
    }
    if kind := person.kind or person.survivor.kind or (organisation.kind if organisation else ""):
        facts["customer.kind"] = kind
    if contract:
        facts.update(contract.facts(clock.today(ZoneInfo(settings.TIME_ZONE))))
    elif organisation:
        facts["contract.sector"] = organisation.sector
    return facts
