"""The page of one person, and what may be changed there."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apaise.doors.downloads import Stored, to_staff
from apaise.doors.uploads import NotTaken, keep_files
from apaise.doors.workspace.cases.segment_words import segment_context
from apaise.doors.workspace.customers import typed as read
from apaise.doors.workspace.customers.parts import (
    contract_choices,
    contract_rows,
    history,
    mandate_rows,
    reasons_of,
)
from apaise.doors.workspace.frame import frame
from apaise.ground.parties import addresses, contracts, mandates
from apaise.ground.parties.contract import Contract
from apaise.ground.parties.errors import NotKept
from apaise.ground.parties.models import Address, Duplicate, Merge, Person, Representative
from apaise.ground.parties.wording import CUSTOMER_KINDS, QUALITIES
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case
from apaise.intake.cases.people import (
    change,
    change_person,
    change_refusal,
    end_mandate,
    readable_mandates,
    visible_organisations,
    visible_pairs,
    visible_people,
)
from apaise.intake.cases.segments import segment_of_customer

Act = Callable[..., str]
MOST_CASES = 50


def find(request: HttpRequest, person_id: int) -> Person:
    """The person, or the one they were merged into, if one may read them; else 404."""
    people = visible_people(request.user).select_related("organisation")
    if found := people.filter(pk=person_id).first():
        return found
    merged = Person.objects.filter(pk=person_id, merged_into__isnull=False).first()
    if merged is None:
        raise Http404
    return get_object_or_404(people, pk=merged.merged_into_id)


@require_safe
def person_page(request: HttpRequest, person_id: int) -> HttpResponse:
    person = find(request, person_id)
    if person.pk != person_id:
        return redirect("workspace:person", person.pk)
    return show(request, person)


def show(
    request: HttpRequest,
    person: Person,
    *,
    refused: Mapping[str, str] | None = None,
    typed: Mapping[str, str] | None = None,
) -> HttpResponse:
    """The whole page; after a refusal with its reason, and everything typed still there."""
    cases = Case.objects.visible_to(request.user).of_person(person).order_by("-pk")
    owned = Contract.objects.of_person(person).select_related("account_manager", "technician", "organisation")
    pairs = visible_pairs(request.user).of(person).select_related("first", "second").order_by("-score")
    refusal = change_refusal(request.user, person)
    page = {
        **frame(request, "people"),
        "person": person,
        "organisation": _organisation(request, person),
        "kind": CUSTOMER_KINDS.get(person.kind, ""),
        **segment_context(segment_of_customer(person)),
        "ways": person.ways(),
        "absorbed": {one.pk: one for one in person.absorbed.all()} if person.has_absorbed else {},
        "contracts": contract_rows(owned.order_by("state", "pk")),
        "mandates": mandate_rows(readable_mandates(request.user, person)),
        "cases": list(cases[:MOST_CASES]),
        "pairs": [_pair(pair, person) for pair in pairs[:10]],
        "merges": [_merge(made, request) for made in _merges(person)],
        "history": history(person.reference),
        "refusal": refusal,
        "kinds": list(CUSTOMER_KINDS.items()),
        "qualities": list(QUALITIES.items()),
        "told": Representative.Told.choices,
        "choices": contract_choices() if refusal is None else {},
        "refused": refused or {},
        "typed": typed or {},
    }
    return render(request, "workspace/customers/person.html", page, status=409 if refused else 200)


def _organisation(request: HttpRequest, person: Person) -> dict[str, Any] | None:
    if person.organisation is None:
        return None
    readable = visible_organisations(request.user).filter(pk=person.organisation_id).exists()
    return {"name": person.organisation.name, "pk": person.organisation_id if readable else None}


def _pair(pair: Duplicate, person: Person) -> dict[str, Any]:
    other = pair.second if pair.first_id == person.pk else pair.first
    return {
        "pair": pair,
        "other": other,
        "reasons": reasons_of(pair),
    }


def _merges(person: Person) -> list[Merge]:
    return list(person.merges.select_related("absorbed", "by", "undone_by")[:20])


def _merge(made: Merge, request: HttpRequest) -> dict[str, Any]:
    """A merge, and once it is undone what came in between, which stays here."""
    came = {"cases": 0, "addresses": 0}
    if made.undone_at:
        between = (made.at, made.undone_at)
        mine = Case.objects.visible_to(request.user).filter(complainant_id=made.survivor_id)
        came["cases"] = mine.filter(received_at__range=between).count()
        added = Address.objects.filter(person_id=made.survivor_id, added_at__range=between)
        came["addresses"] = added.count()
    return {"made": made, "came": came}


def action(form: str) -> Callable[[Act], Callable[..., HttpResponse]]:
    """Wrap an act: 404 for a person one may not see, 409 with the reason and everything typed when it is refused."""

    def wrap(act: Act) -> Callable[..., HttpResponse]:
        @require_POST
        @wraps(act)
        def view(request: HttpRequest, person_id: int, **more: Any) -> HttpResponse:
            person = find(request, person_id)
            try:
                done = act(request, person, **more)
            except (Refused, NotKept, NotTaken) as refusal:
                typed = {name: request.POST[name] for name in request.POST}
                return show(request, find(request, person.pk), refused={form: str(refusal)}, typed=typed)
            target = redirect("workspace:person", person.pk)
            target["Location"] += f"?done={done}"
            return target

        return view

    return wrap


@action("identity")
def identity(request: HttpRequest, person: Person) -> str:
    said = {name: request.POST.get(name, "") for name in ("name", "language", "kind")}
    company = request.POST.get("organisation", "").strip()
    if company == (person.organisation.name if person.organisation else ""):
        company_said = {}
    else:
        company_said = {"company": company}
    vip = request.POST.get("vip") == "on"
    change_person(person, by=request.user, vip=vip, **said, **company_said)
    return "saved"


@action("address")
def new_address(request: HttpRequest, person: Person) -> str:
    kind, value = request.POST.get("kind", ""), request.POST.get("value", "")
    change(request.user, person, addresses.add_address, person, kind, value)
    return "saved"


@action("address")
def address(request: HttpRequest, person: Person, address_id: int) -> str:
    """Correct it, prefer it, end it, or say that it is valid again."""
    one = get_object_or_404(
        Address.objects.select_related("person"), pk=address_id, person__in=Person.objects.same_as(person)
    )
    what = request.POST.get("do", "")
    if what == "correct":
        change(request.user, person, addresses.correct_address, one, request.POST.get("value", ""))
    elif what in _SIMPLE:
        change(request.user, person, _SIMPLE[what], one)
    else:
        raise NotKept(_("Say what is to be done with this address."))
    return "saved"


_SIMPLE: dict[str, Callable[..., None]] = {
    "prefer": addresses.prefer_address,
    "end": addresses.end_address,
    "restore": addresses.restore_address,
    "trust": addresses.trust_address,
}


@action("contract")
def new_contract(request: HttpRequest, person: Person) -> str:
    change(request.user, person, contracts.add_contract, person, **read.contract(request.POST))
    return "saved"


@action("mandate")
def new_mandate(request: HttpRequest, person: Person) -> str:
    """Somebody speaks for this person: found by e-mail, or written down."""
    if refusal := change_refusal(request.user, person):
        raise Refused(refusal)
    email = addresses.fit("email", request.POST.get("email", ""))
    terms = {
        "quality": request.POST.get("quality", ""),
        "told": request.POST.get("told", ""),
        "may_decide": request.POST.get("may_decide") == "on",
        "may_be_paid": request.POST.get("may_be_paid") == "on",
        "from_day": read.day(request.POST, "from_day", _("From")),
        "to_day": read.day(request.POST, "to_day", _("Until")),
    }
    kept = keep_files(request.FILES.getlist("document")[:1], "staff")
    change(
        request.user, person, mandates.add_mandate_by_email, email, request.POST.get("name", "").strip(),
        person, document=kept[0] if kept else None, **terms,
    )  # fmt: skip
    return "saved"


@action("mandate")
def mandate_ending(request: HttpRequest, person: Person, mandate_id: int) -> str:
    end_mandate(_mandate(request, person, mandate_id), by=request.user)
    return "saved"


@require_safe
def mandate_document(request: HttpRequest, person_id: int, mandate_id: int) -> HttpResponseBase:
    mandate = _mandate(request, find(request, person_id), mandate_id)
    if not mandate.document_sha256:
        raise Http404
    stored = Stored(mandate.document_sha256, mandate.document_name, mandate.document_type)
    return to_staff(request, stored, back=reverse("workspace:person", args=[person_id]))


def _mandate(request: HttpRequest, person: Person, mandate_id: int) -> Representative:
    for mandate in readable_mandates(request.user, person):
        if mandate.pk == mandate_id:
            return mandate
    raise Http404
