"""Where a rule may send a case: a team, a function, a role or one person, written `function:billing`."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from apaise.ground.accounts.models import ROLE_NAMES, Function, Team, User, everyone_with
from apaise.ground.accounts.naming import named
from apaise.ground.packs.taxonomy import FAMILIES
from apaise.ground.packs.vocabulary import FUNCTIONS, ROLES
from apaise.handling.routing.rule import TARGETS
from apaise.intake.cases.models import Case
from apaise.intake.cases.policies import WORKERS

ABLE = (*WORKERS, "executive")  # an executive works on the cases they hold
OF_THE_TEAM = ("handler", "team_lead")


def of_code(code: str) -> str:
    """The target a pack or the taxonomy means by a role or function code."""
    return f"role:{code}" if code in ROLES else f"function:{code}"


def people_of(case: Case, target: str) -> list[User]:
    """Everybody the target means for this case who works on cases at all; whether they are here is asked elsewhere."""
    kind, _colon, code = target.partition(":")
    able = everyone_with(*ABLE)
    if kind == "person":
        return list(able.filter(pk=_number(code)))
    if kind == "team":  # its leads only where nobody else is: they are the level above
        of_it = {"memberships__team": _number(code)}
        return list(everyone_with("handler").filter(**of_it)) or list(able.filter(**of_it))
    if kind == "role":
        found = everyone_with(code)
        return list(found.filter(memberships__team=case.team_id) if code in OF_THE_TEAM else found)
    held = {person.pk for person in Function.objects.holders(code)}
    return list(able.filter(pk__in=held))


def target_problem(target: str) -> str | None:
    """What is wrong with a target somebody chose."""
    kind, _colon, code = target.partition(":")
    known = {
        "team": lambda: Team.objects.filter(pk=_number(code)).exists(),
        "person": lambda: everyone_with(*ABLE).filter(pk=_number(code)).exists(),
        "role": lambda: code in ABLE,
        "function": lambda: code in FUNCTIONS and bool(Function.objects.holders(code)),
    }
    if kind not in TARGETS or not known[kind]():
        return _("Choose who gets these cases. A function must be held by somebody first.")
    return None


def suggested_for(family: str) -> str:
    """Whom the taxonomy would ask about causes of this family, if somebody holds that function; else nothing."""
    owner = next((one.owner for one in FAMILIES if one.code == family), "")
    for code in (family, owner):
        if code in FUNCTIONS and Function.objects.holders(code):
            return f"function:{code}"
    return ""


def names_of(targets: Iterable[str]) -> dict[str, str]:
    """What people call these targets, in two questions at most."""
    wanted = set(targets)
    numbers = {kind: _numbers(wanted, kind) for kind in ("team", "person")}
    found: dict[str, str] = {}
    if numbers["team"]:
        teams = Team.objects.filter(pk__in=numbers["team"])
        found |= {f"team:{team.pk}": team.name for team in teams}
    if numbers["person"]:
        people = User.objects.filter(pk__in=numbers["person"])
        found |= {f"person:{person.pk}": person.name for person in people}
    return {target: found.get(target) or _plain_name(target) for target in wanted}


def _plain_name(target: str) -> str:
    kind, _colon, code = target.partition(":")
    if kind == "role":
        return str(ROLE_NAMES.get(code, code))
    return named(code)


def _numbers(targets: Iterable[str], kind: str) -> set[int]:
    return {_number(target.partition(":")[2]) for target in targets if target.startswith(f"{kind}:")}


def _number(code: str) -> int:
    return int(code) if code.isascii() and code.isdigit() else 0
