"""The segments a case belongs to, for rules and skills. Codes only; what is unknown adds none."""

from collections.abc import Mapping

from apaise.ground.packs.segmentation import segment
from apaise.intake.cases.facts import facts_of
from apaise.intake.cases.models import Case

ALSO = ("customer.kind", "contract.sector")  # what rules name beside the segments of a pack


def segments_of(case: Case, facts: Mapping[str, object] | None = None) -> frozenset[str]:
    """The segments of the pack frozen in the case, VIP among them, the kind of customer, the sector of the contract."""
    facts = facts_of(case) if facts is None else facts
    return segment(case.pack_version.pack, facts).codes | {
        str(facts[name]) for name in ALSO if facts.get(name)
    }
