"""The criticality a pack's factors add up to. A score proposes; a person decides."""

from collections.abc import Mapping
from typing import Any

from apaise.ground.packs.pack import Pack
from apaise.ground.packs.predicate import evaluate

FACTORS = ("factors", "extra_factors", "sla_factors")
MOST_POINTS = 100


def points(pack: Pack, facts: Mapping[str, Any]) -> int:
    """The weights of all factors that are known to hold, 100 at most."""
    block = pack.block("criticality") or {}
    factors = [factor for kind in FACTORS for factor in block.get(kind) or ()]
    held = [int(factor["weight"]) for factor in factors if evaluate(factor["when"], facts).result is True]
    return min(MOST_POINTS, sum(held))


def levels_climbed(pack: Pack, facts: Mapping[str, Any], *, because: str) -> int:
    """How many levels higher the score stands than it would without the fact `because`."""
    without = {name: value for name, value in facts.items() if name != because}
    return _height(pack, points(pack, facts)) - _height(pack, points(pack, without))


def _height(pack: Pack, score: int) -> int:
    """How many levels of the pack this score has reached."""
    levels = (pack.block("criticality") or {}).get("levels") or ()
    return sum(score >= level["min"] for level in levels)
