"""The segments of a pack: bands of what is known of customer and contract, and segments a company names by a rule."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from apaise.ground.packs.pack import Pack
from apaise.ground.packs.predicate import Leaf, evaluate


class Axis(NamedTuple):
    """What an axis asks for, and how a pack divides it."""

    fact: str
    kind: str  # values, bands_eur or bands_days


AXES: Final[Mapping[str, Axis]] = {
    "activity": Axis("customer.activity", "values"),
    "contract_amount": Axis("contract.yearly_amount", "bands_eur"),
    "commitment_level": Axis("contract.commitment_level", "values"),
    "renewal": Axis("contract.renewal_in_days", "bands_days"),
}
VIP: Final = "vip"


@dataclass(frozen=True, slots=True)
class Band:
    """Where a case stands on one axis; `code` is "" while the fact is unknown, or lies outside."""

    axis: str
    code: str  # contract_amount:250000
    fact: str
    value: Any  # None: unknown
    label: Mapping[str, str] | None
    kind: str
    low: Any = None  # of a band: where it begins, and where the next one does (None: no upper end)
    high: Any = None


@dataclass(frozen=True, slots=True)
class Named:
    """A segment named in the pack, and whether it holds: True, False, or None while something is unknown."""

    code: str
    label: Mapping[str, str]
    holds: bool | None
    because: tuple[Leaf, ...]


@dataclass(frozen=True, slots=True)
class Segment:
    """Everything a pack's segmentation says of one customer, contract or case."""

    bands: tuple[Band, ...]
    named: tuple[Named, ...]
    vip: bool

    @property
    def codes(self) -> frozenset[str]:
        """The codes that hold: for rules, lists and figures. What is unknown adds none."""
        found = {band.code for band in self.bands if band.code}
        found |= {one.code for one in self.named if one.holds}
        return frozenset(found | ({VIP} if self.vip else set()))


def segment(pack: Pack, facts: Mapping[str, Any]) -> Segment:
    """Where these facts stand by this pack. Any pack knows who is VIP; the rest it must write down."""
    block = pack.block("segmentation") or {}
    return Segment(
        bands=tuple(_band(axis, facts) for axis in block.get("axes") or ()),
        named=tuple(
            Named(one["id"], one["label"], verdict.result, verdict.because)
            for one in block.get("segments") or ()
            for verdict in [evaluate(one["when"], facts)]
        ),
        vip=facts.get("customer.vip") is True,
    )


def possible(pack: Pack) -> Iterator[tuple[str, Band | Named | None]]:
    """Every code that this pack can give, with what it means; for lists to choose from."""
    yield VIP, None
    block = pack.block("segmentation") or {}
    for one in block.get("segments") or ():
        yield one["id"], Named(one["id"], one["label"], True, ())
    for axis in block.get("axes") or ():
        kind = AXES[axis["id"]].kind
        for step in axis[kind]:
            band = _band(axis, {AXES[axis["id"]].fact: step})
            yield band.code, band


def _says(value: Any, code: str) -> bool:
    """The value itself, or a word of what somebody wrote: « SLA Gold 24/7 » is gold."""
    return str(code) in re.findall(r"[\w-]+", str(value).lower())


def _band(axis: Mapping[str, Any], facts: Mapping[str, Any]) -> Band:
    fact, kind = AXES[axis["id"]]
    value, label = facts.get(fact), axis.get("label")
    nowhere = Band(axis["id"], "", fact, value, label, kind)
    if value is None:
        return nowhere
    if kind == "values":
        found = next((one for one in axis["values"] if _says(value, one)), None)
        return Band(axis["id"], f"{axis['id']}:{found}" if found else "", fact, value, label, kind, found)
    begun = [step for step in axis[kind] if float(value) >= step]
    if not begun:
        return nowhere
    above = [step for step in axis[kind] if step > begun[-1]]
    high = above[0] if above else None
    return Band(axis["id"], f"{axis['id']}:{begun[-1]}", fact, value, label, kind, begun[-1], high)
