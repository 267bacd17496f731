"""Who is a party by their place at the customer: found on the contracts of the account, as the pack says."""

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import Q

from apaise.ground.accounts.models import User
from apaise.ground.ledger.record import Actor, System
from apaise.ground.packs.pack import Pack
from apaise.ground.parties.contract import Contract
from apaise.ground.parties.models import Organisation, Person
from apaise.intake.cases.excluded import Exclusion
from apaise.intake.cases.exclusion import set_apart
from apaise.intake.cases.models import Case, CaseQuerySet

BY = System("judge-and-party")
ON_A_CONTRACT = {"account_manager": "account_manager", "onsite_technician": "technician"}


def conflict_rules(pack: Pack) -> dict[str, Any]:
    """The pack's block, empty where it says nothing."""
    return dict(pack.block("conflict_of_interest") or {})


def excluded_functions(pack: Pack) -> frozenset[str]:
    """The functions this pack keeps apart, whether from the handling or from the decision: we make no difference."""
    rules = conflict_rules(pack)
    return frozenset(
        [*rules.get("excluded_roles_from_handling", ()), *rules.get("excluded_roles_from_decision", ())]
    )


def people_of_account(case: Case) -> dict[int, tuple[User, str]]:
    """Whoever looks after this customer: their function by number. Of all contracts of the account, not only the case's."""
    mine = Contract.objects.of_person(case.complainant) if not case.complainant.is_new else None
    which = Q(pk=case.contract_id)
    if mine is not None:
        which |= Q(pk__in=mine.exclude(state=Contract.State.ENDED).values("pk"))
    if case.organisation_id:
        which |= Q(organisation=case.organisation_id) & ~Q(state=Contract.State.ENDED)
    found: dict[int, tuple[User, str]] = {}
    for contract in Contract.objects.filter(which).select_related("account_manager", "technician"):
        for function, field in ON_A_CONTRACT.items():
            if person := getattr(contract, field):
                found.setdefault(person.pk, (person, function))
    return found


def keep_account_people_apart(case: Case, *, by: Actor = BY, is_new: bool = False) -> list[Exclusion]:
    """Whoever the pack keeps apart because of a contract of this account. Harmless to repeat. Returns what is new."""
    functions = excluded_functions(case.pack_version.pack)
    if not functions & ON_A_CONTRACT.keys() or (case.complainant.is_new and not case.contract_id):
        return []
    with transaction.atomic(savepoint=False):
        return list(_set_apart(case, functions, by, is_new))


def _set_apart(case: Case, functions: frozenset[str], by: Actor, is_new: bool) -> Iterator[Exclusion]:
    for person, function in people_of_account(case).values():
        if function in functions:
            made, new = set_apart(
                case,
                person,
                because=function,
                found=Exclusion.Found.CONTRACT,
                by=by,
                looking_back=not is_new,
            )
            if new:
                yield made


def cases_of_holder(holder: Organisation | Person) -> CaseQuerySet:
    """The running cases of the account a contract belongs to."""
    running = Case.objects.open().select_related("pack_version", "complainant", "organisation")
    if isinstance(holder, Person):
        return running.of_person(holder)
    return running.filter(Q(organisation=holder) | Q(complainant__organisation=holder))
