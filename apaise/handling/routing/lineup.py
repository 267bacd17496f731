"""Who stands behind each role and function that a pack names, before any case: the circuits, and their holes."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from apaise.ground.accounts.models import Function, Membership, RoleGrant, User
from apaise.ground.packs.pack import Pack
from apaise.ground.packs.vocabulary import FUNCTIONS, ROLES
from apaise.handling.routing.ladder import ladder

OF_EACH_CASE = ("account", "case", "outside")  # who that is follows from the case, or is not one of us


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
    held = _of_roles(wanted & set(ROLES)) | _of_functions(wanted & FUNCTIONS.keys())
    return {
        code: Place(code, held.get(code, ()), FUNCTIONS.get(code) in OF_EACH_CASE)
        for code in wanted
    }  # fmt: skip


def _of_roles(codes: set[str]) -> dict[str, list[User]]:
    grants = RoleGrant.objects.filter(role__in=codes, user__is_active=True).select_related("user")
    found: dict[str, list[User]] = {}
    for grant in grants.order_by("user__name", "pk"):
        found.setdefault(grant.role, []).append(grant.user)
    return found


def _of_functions(codes: set[str]) -> dict[str, list[User]]:
    """The named person, else the members of the team: as Function.objects.holders says for one."""
    functions = list(Function.objects.filter(code__in=codes).select_related("person"))
    teams = {one.team_id for one in functions if one.team_id}
    members: dict[int, list[User]] = {}
    joined = Membership.objects.filter(team__in=teams, user__is_active=True).select_related("user")
    for one in joined.order_by("user__pk"):
        members.setdefault(one.team_id, []).append(one.user)
    return {
        one.code: ([one.person] if one.person.is_active else [])
        if one.person
        else members.get(one.team_id or 0, [])
        for one in functions
    }
