"""Which contract a case is about."""

from django.db import transaction
from django.utils.translation import gettext as _

from apaise.ground.accounts.models import User
from apaise.ground.parties.contract import Contract
from apaise.ground.parties.models import Person
from apaise.intake.cases import policies
from apaise.intake.cases.account_people import keep_account_people_apart
from apaise.intake.cases.history import happened
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case


def only_contract_of(person: Person) -> Contract | None:
    """The contract in force, if there is exactly one: with two, somebody must say which."""
    if person.is_new:
        return None
    found = Contract.objects.of_person(person).in_force().values_list("pk", flat=True)[:2]
    return Contract.objects.get(pk=found[0]) if len(found) == 1 else None


def contracts_for(case: Case) -> list[Contract]:
    """Those the case may be about: the complainant's and their organisation's, in force first."""
    found = Contract.objects.of_person(case.complainant)
    if case.organisation_id:
        found = found | Contract.objects.filter(organisation_id=case.organisation_id)
    chosen = found.distinct().select_related("account_manager", "technician")
    order = {Contract.State.ACTIVE: 0, Contract.State.SUSPENDED: 1, Contract.State.ENDED: 2}
    return sorted(chosen, key=lambda contract: (order[Contract.State(contract.state)], contract.pk))


def choose_contract(case: Case, contract: Contract | None, *, by: User) -> None:
    """Say which contract the case is about, or that it is about none. Raises Refused."""
    if refusal := policies.work_refusal(by, case):
        raise Refused(refusal)
    if contract and contract not in contracts_for(case):
        raise Refused(_("This contract belongs to another customer. Choose one from the list."))
    if case.contract_id == (contract.pk if contract else None):
        return
    with transaction.atomic():
        case.keep(contract=contract)
        happened(case, "case.contract_chosen", by=by, contract=contract.pk if contract else "none")
        keep_account_people_apart(case)
