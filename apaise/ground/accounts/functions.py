"""Who holds a function: one named person, or a team."""

from collections.abc import Iterable

from django.db import transaction

from apaise.ground.accounts.models import Function, Membership, RoleGrant, Team, User
from apaise.ground.ledger.record import HOUSE, record
from apaise.ground.packs.vocabulary import FUNCTIONS, ROLES

OF_EACH_CASE = ("account", "case", "outside")  # who that is follows from the case, or is not one of us
MAPPED = tuple(code for code, held_by in FUNCTIONS.items() if held_by in ("team", "person"))


class NotMapped(ValueError):
    """The function is found on the case or the account, or outside; or what is to hold it does not exist."""


def give(code: str, *, person: User | None = None, team: Team | None = None, by: User) -> bool:
    """From now on this person, or this team, holds the function; with neither, nobody does. Returns whether that is new.

    Whoever calls has asked whether `by` may do so."""
    if code not in MAPPED:
        raise NotMapped(code)
    if person and team:
        raise NotMapped("one person or one team")
    with transaction.atomic():
        known = Function.objects.select_for_update().filter(code=code).first()
        before = (known.person_id, known.team_id) if known else (None, None)
        after = (person.pk if person else None, team.pk if team else None)
        if before == after:
            return False
        if after == (None, None):
            Function.objects.filter(code=code).delete()
        else:
            Function.objects.update_or_create(code=code, defaults={"person": person, "team": team})
        record(HOUSE, "function.mapped", by=by, function=code, person=after[0], team=after[1])
    return True


def is_of_each_case(code: str) -> bool:
    """Whether nobody can be named for it once and for all."""
    return FUNCTIONS.get(code) in OF_EACH_CASE


def held(codes: Iterable[str]) -> dict[str, list[User]]:
    """Who holds each of these roles and functions, before any case: in three questions however many there are."""
    wanted = set(codes)
    return _of_roles(wanted & set(ROLES)) | _of_functions(wanted & FUNCTIONS.keys())


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
