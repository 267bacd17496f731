"""Who stands behind each role and function that a pack names, before any case: the circuits, and their holes."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from apaise.ground.accounts.functions import held, is_of_each_case
from apaise.ground.accounts.models import User
from apaise.ground.packs.pack import Pack
from apaise.handling.routing.ladder import ladder


class Place(NamedTuple):
    """One role or function, and its people."""

    code: str
    people: Sequence[User]
    of_each_case: bool

    @property
    def is_hole(self) -> bool:
        """Nobody answers where the pack counts on somebody."""
        return not self.people and not self.of_each_case


class Course(NamedTuple):
    """The circuit of one criticality."""

    level: str
    label: Mapping[str, str]
    least: int  # points from which a case is this critical
    places: Sequence[Place]


def circuits(pack: Pack, known: Mapping[str, Place]) -> list[Course]:
    """The circuit of each criticality of this pack, the most critical first."""
    levels = (pack.block("criticality") or {}).get("levels") or ()
    return [
        Course(
            str(level["id"]),
            level.get("label") or {},
            int(level.get("min") or 0),
            [known[code] for code in level.get("circuit") or ()],
        )
        for level in levels
    ]


def named_by(packs: Iterable[Pack]) -> set[str]:
    """Every role and function on the circuits and ladders of these packs, and every function they give a duty."""
    codes: set[str] = set()
    for pack in packs:
        for level in (pack.block("criticality") or {}).get("levels") or ():
            codes.update(level.get("circuit") or ())
        codes.update(step.code for step in ladder(pack))
        codes.update(pack.functions_named())
    return codes


def places(codes: Iterable[str]) -> dict[str, Place]:
    """Who holds each of these, in three questions however many there are."""
    wanted = set(codes)
    known = held(wanted)
    return {code: Place(code, known.get(code, ()), is_of_each_case(code)) for code in wanted}


def holes(pack: Pack, known: Mapping[str, Place] | None = None) -> list[str]:
    """What this pack counts on and nobody holds: found before a case needs it."""
    codes = named_by([pack])
    known = places(codes) if known is None else known
    return sorted(code for code in codes if known[code].is_hole)
