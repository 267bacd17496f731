"""What is known of a case, in the fact vocabulary of the packs. What is absent is unknown, never false."""

from datetime import date
from zoneinfo import ZoneInfo

from django.conf import settings

from apaise.ground.parties.contract import Contract
from apaise.ground.parties.models import Organisation, Person
from apaise.intake.cases.known_fact import known_facts
from apaise.intake.cases.models import Case
from apaise.intake.cases.weighing import Weighing
from apaise.lib import clock


def facts_of(case: Case, told: dict[str, object] | None = None) -> dict[str, object]:
    """The facts that predicates of packs may ask for. What the record itself shows stands before what was told.

    told   what is known of it by people and readings, where that was asked for many cases at once"""
    told = known_facts(case) if told is None else told
    facts: dict[str, object] = {
        **told,
        **_counted(case, told),
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
    if (days := _legal_deadline_in_days(case)) is not None:
        facts["case.legal_deadline_in_days"] = days
    return facts


def _counted(case: Case, told: dict[str, object]) -> dict[str, object]:
    """What we counted ourselves; where a person knows of more, theirs."""
    cached = case._state.fields_cache
    row = (
        cached["weighing"]
        if "weighing" in cached
        else Weighing.objects.filter(case=case).only("attempts", "reach").first()
    )
    if row is None:
        return {}
    found = {"case.previous_attempts": row.attempts, "case.reach": row.reach}
    counted = {fact: count for fact, count in found.items() if count is not None}
    return {fact: max(count, _count(told.get(fact))) for fact, count in counted.items()}


def _count(value: object) -> int:
    return value if isinstance(value, int) else 0


def _legal_deadline_in_days(case: Case) -> int | None:
    """Days until the nearest date the law sets us; negative once it has passed."""
    pack = case.pack_version.pack
    running = [
        one for one in case.deadlines.all() if one.state == "running" and not one.customer_right
    ]  # asked for once where the whole case is shown
    legal = [one.due_at for one in running if (known := pack.deadline(one.rule)) and known.force == "law"]
    zone = pack.calendar.zone
    return (min(legal).astimezone(zone).date() - clock.today(zone)).days if legal else None


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
    if organisation and organisation.activity:
        facts["customer.activity"] = organisation.activity
    if contract:
        facts.update(contract.facts(clock.today(ZoneInfo(settings.TIME_ZONE))))
    elif organisation:
        facts["contract.sector"] = organisation.sector
    return facts


def facts_of_holder(holder: Person | Organisation, today: date) -> dict[str, object]:
    """Facts of a customer as a whole: the yearly amount of all their contracts in force, the nearest renewal."""
    if isinstance(holder, Organisation):
        organisation, contracts = holder, list(holder.contracts.in_force().order_by("pk"))
        facts: dict[str, object] = {"customer.vip": holder.vip, "customer.kind": holder.kind}
        facts["contract.sector"] = holder.sector
        if organisation.activity:
            facts["customer.activity"] = organisation.activity
    else:
        facts = customer_facts(holder, holder.organisation, None)
        contracts = list(Contract.objects.all().of_person(holder).in_force().order_by("pk"))
    amounts = [amount for one in contracts if (amount := one.yearly_amount) is not None]
    renewals = [days for one in contracts if (days := one.renewal_in_days(today)) is not None and days >= 0]
    if len(contracts) == 1:
        facts.update(contracts[0].facts(today))
    if amounts:
        facts["contract.yearly_amount"] = str(sum(amounts))
    if renewals:
        facts["contract.renewal_in_days"] = min(renewals)
    return facts
