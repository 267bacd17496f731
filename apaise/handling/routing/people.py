"""Whom a role or a function means for one case. Nobody kept apart from the case is ever meant."""

from collections.abc import Iterable

from apaise.ground.accounts.models import Function, User, everyone_with
from apaise.ground.packs.vocabulary import ROLES
from apaise.handling.routing.absences import away, present
from apaise.intake.cases.models import Case

OF_THE_TEAM = ("handler", "team_lead")


def holders(case: Case, code: str) -> list[User]:
    """The people `code` means here; never nobody while anybody answers for the desk.

    code   a role or function of the closed lists. `commitment_author` depends on the promise: its author is asked
    for by whoever knows which promise."""
    return meant(case, code) or responsible(case)


def meant(case: Case, code: str) -> list[User]:
    """The same, and nobody where nobody is meant: the ladder then looks one level higher."""
    if code == "handler" and case.handler:
        found: Iterable[User] = [case.handler]
    elif code in OF_THE_TEAM:
        found = everyone_with(code).filter(memberships__team=case.team)
    elif code in ROLES:
        found = everyone_with(code)
    else:
        found = _of_the_account(case, code) or Function.objects.holders(code)
    return not_excluded(case, found)


def responsible(case: Case) -> list[User]:
    """Who holds the case; failing that its desk's named person, its leads, the complaints managers."""
    first = case.handler or case.desk.signatory
    return not_excluded(case, [first] if first else []) or leads(case)


def leads(case: Case) -> list[User]:
    """The leads of the case's team; failing them the complaints managers."""
    found = everyone_with("team_lead").filter(memberships__team=case.team)
    managers = everyone_with("complaints_manager")
    # With everybody away the managers are meant all the same: somebody must find it when they are back.
    return not_excluded(case, found) or not_excluded(case, managers) or apart_from(case, managers)


def not_excluded(case: Case, people: Iterable[User]) -> list[User]:
    """Those who are active, there, and not kept apart from the case; for the absent, whoever stands in."""
    return present(case, people, away())


def apart_from(case: Case, people: Iterable[User]) -> list[User]:
    """Those who are active and not kept apart from the case, there or not."""
    kept_apart = set(case.exclusions.in_force().values_list("user_id", flat=True))
    return [person for person in people if person.is_active and person.pk not in kept_apart]


def _of_the_account(case: Case, code: str) -> list[User]:
    contract = case.contract
    if contract is None:
        return []
    person = {
        "account_manager": contract.account_manager,
        "usual_contact": contract.account_manager,
        "onsite_technician": contract.technician,
    }.get(code)
    return [person] if person else []
