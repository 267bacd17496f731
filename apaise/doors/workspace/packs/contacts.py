"""Who is reached at each stage: people behind functions, what the public reads of them, and the desk."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apaise.doors.workspace.frame import frame
from apaise.ground.accounts.desks import TOLD, describe, longest
from apaise.ground.accounts.functions import NotMapped, give
from apaise.ground.accounts.models import Desk, Function, Team, User
from apaise.ground.packs.choose import active_packs
from apaise.ground.packs.company import READERS
from apaise.handling.policy import contacts as policy
from apaise.handling.policy.contacts import FIELDS, ContactRefused, edit_refusal, gaps, publish_contact


@require_http_methods(["GET", "HEAD", "POST"])
def contacts(request: HttpRequest) -> HttpResponse:
    """The ladder with its people; POST changes one of them."""
    _editors_only(request)
    if request.method != "POST":
        return _show(request)
    code = request.POST.get("code", "")
    try:
        _map(request, code)
        publish_contact(code, request.POST, by=request.user)
    except ContactRefused as refusal:
        return _show(request, wrong=code, errors=refusal.errors, status=409)
    except (NotMapped, ValueError, User.DoesNotExist, Team.DoesNotExist):
        errors = {"holder": _("Choose a person or a team of the list.")}
        return _show(request, wrong=code, errors=errors, status=409)
    return redirect("/desk/contacts?done=saved")


@require_POST
def desk(request: HttpRequest) -> HttpResponse:
    """How the desk is reached, its mediator, whom to ask about data."""
    _editors_only(request)
    if main := Desk.objects.main():
        describe(main, request.POST, by=request.user)
    return redirect("/desk/contacts?done=saved")


def _map(request: HttpRequest, code: str) -> None:
    if "holder" not in request.POST:
        return
    kind, _sign, number = request.POST["holder"].partition(":")
    person = User.objects.get(pk=int(number), is_active=True) if kind == "person" else None
    team = Team.objects.get(pk=int(number)) if kind == "team" else None
    give(code, person=person, team=team, by=request.user)


def _show(
    request: HttpRequest, *, wrong: str = "", errors: dict[str, str] | None = None, status: int = 200
) -> HttpResponse:
    packs, main = active_packs(), Desk.objects.main()
    held = {
        each.code: f"person:{each.person_id}" if each.person_id else f"team:{each.team_id}"
        for each in Function.objects.all()
    }
    page = {
        **frame(request, "contacts"),
        "gaps": gaps(packs, main),
        "ladder": [_row(request, each, wrong, errors or {}, held) for each in policy.stages(packs)],
        "functions": [_row(request, each, wrong, errors or {}, held) for each in policy.functions(packs)],
        "holders": [
            *(
                (f"team:{each.pk}", _("Team: %(name)s") % {"name": each.name})
                for each in Team.objects.order_by("name")
            ),
            *(
                (f"person:{each.pk}", each.name)
                for each in User.objects.filter(is_active=True).order_by("name")
            ),
        ],
        "desk": main,
        "told": [(name, getattr(main, name), longest(name)) for name in TOLD] if main else [],
        "labels": _labels(),
        "errors": errors or {},
        "wrong": wrong,
        "me_reads": request.user.has_role(*READERS),
    }
    return render(request, "workspace/packs/contacts.html", page, status=status)


def _row(
    request: HttpRequest, stage: policy.Stage, wrong: str, errors: dict[str, str], held: dict[str, str]
) -> dict[str, Any]:
    mine = stage.code == wrong
    kept = {name: getattr(stage.contact, name) if stage.contact else "" for name in FIELDS}
    return {
        "stage": stage,
        "typed": {name: request.POST.get(name, "") for name in FIELDS} if mine else kept,
        "errors": errors if mine else {},
        "holder": request.POST.get("holder", "") if mine else held.get(stage.code, ""),
    }


def _labels() -> dict[str, str]:
    return {
        "organisation": _("Company"),
        "phone": _("Phone, not surcharged"),
        "postal_address": _("Postal address"),
        "dpo_contact": _("Data protection: an address or a name"),
        "mediator_name": _("Mediator"),
        "mediator_postal_address": _("The mediator's postal address"),
        "mediator_website": _("The mediator's website"),
        "contract_dispute_clause": _("Clause on disputes in the contracts"),
        "escalation_contact": _("Whom to turn to above the desk"),
    }


def _editors_only(request: HttpRequest) -> None:
    if refusal := edit_refusal(request.user):
        raise PermissionDenied(refusal)
