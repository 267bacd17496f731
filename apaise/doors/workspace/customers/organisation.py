"""The page of one organisation, and of one contract, with what may be changed there."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apaise.doors.workspace.cases.segment_words import segment_context
from apaise.doors.workspace.customers import typed as read
from apaise.doors.workspace.customers.parts import contract_choices, contract_rows, history, mandate_rows
from apaise.doors.workspace.frame import frame
from apaise.doors.workspace.lead.renewals import beside
from apaise.ground.parties import contracts, mandates
from apaise.ground.parties import people as verbs
from apaise.ground.parties.contract import Contract
from apaise.ground.parties.errors import NotKept
from apaise.ground.parties.models import Organisation, Person
from apaise.ground.parties.wording import ACTIVITY_NAMES, CUSTOMER_KINDS, SECTOR_NAMES
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case
from apaise.intake.cases.people import change, change_refusal, visible_organisations, visible_people
from apaise.intake.cases.segments import segment_of_contract, segment_of_customer

MOST = 50


def find(request: HttpRequest, organisation_id: int) -> Organisation:
    return get_object_or_404(visible_organisations(request.user), pk=organisation_id)


@require_safe
def organisation_page(request: HttpRequest, organisation_id: int) -> HttpResponse:
    return show(request, find(request, organisation_id))


def show(
    request: HttpRequest,
    organisation: Organisation,
    *,
    refused: Mapping[str, str] | None = None,
    typed: Mapping[str, str] | None = None,
) -> HttpResponse:
    contracts_of = organisation.contracts.select_related(
        "organisation", "person", "account_manager", "technician"
    )
    owned = list(contracts_of.order_by("state", "pk")[:200])
    cases = Case.objects.visible_to(request.user).filter(organisation=organisation).order_by("-pk")
    people = visible_people(request.user).filter(organisation=organisation).order_by("name_key", "pk")
    refusal = change_refusal(request.user, organisation)
    page = {
        **frame(request, "people"),
        "organisation": organisation,
        "kind": CUSTOMER_KINDS.get(organisation.kind, ""),
        "sector": SECTOR_NAMES.get(organisation.sector, ""),
        "activity": ACTIVITY_NAMES.get(organisation.activity, ""),
        "activities": list(ACTIVITY_NAMES.items()),
        **segment_context(segment_of_customer(organisation)),
        "contracts": contract_rows(owned),
        "at_stake": beside(request.user, owned),
        "mandates": mandate_rows(mandates.mandates_for(None, organisation)),
        "people": list(people[:MOST]),
        "cases": list(cases.select_related("complainant")[:MOST]),
        "history": history(organisation.reference),
        "refusal": refusal,
        "kinds": list(CUSTOMER_KINDS.items()),
        "choices": contract_choices() if refusal is None else {},
        "refused": refused or {},
        "typed": typed or {},
    }
    return render(request, "workspace/customers/organisation.html", page, status=409 if refused else 200)


@require_POST
def identity(request: HttpRequest, organisation_id: int) -> HttpResponse:
    organisation = find(request, organisation_id)
    said = {name: request.POST.get(name, "") for name in ("name", "kind", "sector", "activity")}
    vip = request.POST.get("vip") == "on"
    return _done(request, organisation, "identity", verbs.change_organisation, organisation, vip=vip, **said)


@require_POST
def new_contract(request: HttpRequest, organisation_id: int) -> HttpResponse:
    organisation = find(request, organisation_id)
    try:
        said = read.contract(request.POST)
    except NotKept as refusal:
        return _refused(request, organisation, "contract", refusal)
    return _done(request, organisation, "contract", contracts.add_contract, organisation, **said)


def _done(
    request: HttpRequest, organisation: Organisation, form: str, verb: Any, *args: Any, **said: Any
) -> HttpResponse:
    try:
        change(request.user, organisation, verb, *args, **said)
    except (Refused, NotKept) as refusal:
        return _refused(request, organisation, form, refusal)
    target = redirect("workspace:organisation", organisation.pk)
    target["Location"] += "?done=saved"
    return target


def _refused(request: HttpRequest, organisation: Organisation, form: str, refusal: Exception) -> HttpResponse:
    typed = {name: request.POST[name] for name in request.POST}
    return show(request, find(request, organisation.pk), refused={form: str(refusal)}, typed=typed)


# --- one contract -----------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def contract_page(request: HttpRequest, contract_id: int) -> HttpResponse:
    """What it says; and, for those who may, the form that changes it."""
    contract = _contract(request, contract_id)
    refused, typed = "", dict[str, str]()
    if request.method == "POST":
        typed = {name: request.POST[name] for name in request.POST}
        try:
            holder = contract.holder
            change(request.user, holder, contracts.change_contract, contract, **read.contract(request.POST))
            return _back_to(holder)
        except (Refused, NotKept) as refusal:
            refused, contract = str(refusal), _contract(request, contract_id)
    page = {
        **frame(request, "people"),
        "row": contract_rows([contract])[0],
        "at_stake": beside(request.user, [contract]),
        "contract": contract,
        **segment_context(segment_of_contract(contract)),
        "holder": contract.holder,
        "is_company": contract.organisation_id is not None,
        "cases": list(Case.objects.visible_to(request.user).filter(contract=contract).order_by("-pk")[:MOST]),
        "refusal": change_refusal(request.user, contract.holder),
        "choices": contract_choices(),
        "refused": refused,
        "typed": typed,
    }
    return render(request, "workspace/customers/contract.html", page, status=409 if refused else 200)


def _contract(request: HttpRequest, contract_id: int) -> Contract:
    """404 unless one may read whose it is."""
    contract = get_object_or_404(
        Contract.objects.select_related(
            "organisation", "person__merged_into", "account_manager", "technician"
        ),
        pk=contract_id,
    )
    if contract.organisation_id:
        find(request, contract.organisation_id)
    elif contract.person:
        get_object_or_404(visible_people(request.user), pk=contract.person.survivor.pk)
    return contract


def _back_to(holder: Organisation | Person) -> HttpResponse:
    company = isinstance(holder, Organisation)
    target = redirect("workspace:organisation" if company else "workspace:person", holder.pk)
    target["Location"] += "?done=saved"
    return target
