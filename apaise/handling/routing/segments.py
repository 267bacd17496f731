"""The segments a case belongs to, for rules and skills. Codes only; what is unknown adds none."""

from apaise.intake.cases.facts import customer_facts
from apaise.intake.cases.models import Case


def segments_of(case: Case) -> frozenset[str]:
    """`vip`, the kind of customer, the sector of the contract."""
    facts = customer_facts(case.complainant, case.organisation, case.contract)
    found = {str(facts[name]) for name in ("customer.kind", "contract.sector") if facts.get(name)}
    if facts.get("customer.vip") is True:
        found.add("vip")
    return frozenset(found)
