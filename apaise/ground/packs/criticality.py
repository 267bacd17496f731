"""The criticality a pack's factors add up to. A score proposes; a person decides.

Only what is known to hold weighs: an unknown fact weighs nothing, and no factor may take weight away, so that
nothing anybody learns or says of a customer makes their case less urgent."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from apaise.ground.packs.pack import Pack
from apaise.ground.packs.predicate import Leaf, Moment, evaluate, facts_asked

FACTORS: Final = ("factors", "extra_factors", "sla_factors")
MOST_POINTS: Final = 100


@dataclass(frozen=True, slots=True)
class Factor:
    """One factor of the pack, weighed: `holds` is True, False, or None while a fact it needs is unknown."""

    id: str
    weight: int
    holds: bool | None
    because: tuple[Leaf, ...]
    facts: tuple[str, ...]  # all that it asks for
    label: Mapping[str, str] | None  # the pack's own words, if it has some


@dataclass(frozen=True, slots=True)
class Score:
    points: int
    level: str  # "" in a pack without levels
    factors: tuple[Factor, ...]  # in the order of the pack
    circuit: tuple[str, ...]  # functions and roles, as the pack names them for this level


def score(pack: Pack, facts: Mapping[str, Any], moment: Moment | None = None) -> Score:
    """What is known, weighed by this pack."""
    block = pack.block("criticality") or {}
    factors = tuple(
        _weighed(one, facts, moment) for kind in FACTORS for one in block.get(kind) or () if "when" in one
    )
    total = min(MOST_POINTS, sum(one.weight for one in factors if one.holds))
    reached = [level for level in levels(pack) if total >= level["min"]]
    level = max(reached, key=lambda one: int(one["min"]), default=None)
    return Score(total, level["id"] if level else "", factors, circuit(pack, level["id"]) if level else ())


def levels(pack: Pack) -> tuple[Mapping[str, Any], ...]:
    """The levels of the pack, as it writes them."""
    return tuple((pack.block("criticality") or {}).get("levels") or ())


def circuit(pack: Pack, level: str) -> tuple[str, ...]:
    """Who looks after a case of this level: functions and roles, first to last."""
    return next((tuple(one.get("circuit", ())) for one in levels(pack) if one["id"] == level), ())


def _weighed(factor: Mapping[str, Any], facts: Mapping[str, Any], moment: Moment | None) -> Factor:
    verdict = evaluate(factor["when"], facts, moment)
    return Factor(
        id=factor["id"],
        weight=int(factor["weight"]),
        holds=verdict.result,
        because=verdict.because,
        facts=facts_asked(factor["when"]),
        label=factor.get("label"),
    )
