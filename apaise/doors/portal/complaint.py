"""The public form: a complaint in two minutes, without account, without JavaScript."""

import re
import secrets
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apaise.doors.portal.frame import chosen_language, portal_frame, with_language
from apaise.doors.uploads import LARGEST_FILE, MOST_FILES, TooLarge, keep_files
from apaise.ground.accounts.models import Desk
from apaise.intake.cases import tracking
from apaise.intake.cases.outlook import outlook
from apaise.intake.channels.forms import Filled, receive_form

FIELDS = ("once", "name", "email", "phone", "subject", "story", "wish")
LONGEST = {"once": 40, "name": 120, "email": 254, "phone": 40, "subject": 160, "story": 20_000, "wish": 4_000}


@require_http_methods(["GET", "HEAD", "POST"])
def form(request: HttpRequest) -> HttpResponse:
    """Show the form; file what it brings and lead to the tracking page, which is the receipt."""
    desk = Desk.objects.main()
    if desk is None:
        raise Http404
    if request.method != "POST":
        return _show(request, desk, {"once": secrets.token_urlsafe(18)}, {})
    typed = {name: request.POST.get(name, "")[: LONGEST[name]].strip() for name in FIELDS}
    errors = _errors(typed)
    if request.POST.get("website"):
        # Hidden from people, so only a machine fills it; should a browser do so for a person, their words come back.
        errors["website"] = _(
            "We could not tell whether a person filled this in. Your words are kept: send them again."
        )
    try:
        files = keep_files(request.FILES.getlist("files")) if not errors else []
    except TooLarge as problem:
        errors["files"] = str(problem)
    if errors:
        return _show(request, desk, typed, errors, status=413 if list(errors) == ["files"] else 400)
    case = receive_form(Filled(**typed, language=get_language() or desk.language), desk=desk, files=files)
    return redirect(with_language(f"{_path(tracking.link_for(case))}?received=1", chosen_language(request)))


def _errors(typed: dict[str, str]) -> dict[str, str]:
    errors = {}
    if len(typed["story"].split()) < 2:
        errors["story"] = _("Tell us what happened, in your own words.")
    if not typed["email"] and not typed["phone"]:
        errors["email"] = _("Give an e-mail address or a phone number, so that we can answer you.")
    if typed["email"]:
        try:
            validate_email(typed["email"])
        except ValidationError:
            errors["email"] = _("This address is not complete. It looks like name@example.org.")
    if typed["phone"] and len(re.sub(r"\D", "", typed["phone"])) < 6:
        errors["phone"] = _("This number is too short. Write it with its area code.")
    if not re.fullmatch(r"[\w-]{8,40}", typed["once"]):
        typed["once"] = secrets.token_urlsafe(18)
    return errors


def _show(
    request: HttpRequest, desk: Desk, typed: dict[str, str], errors: dict[str, str], status: int = 200
) -> HttpResponse:
    page: dict[str, Any] = {
        **portal_frame(request, desk),
        "typed": {**dict.fromkeys(FIELDS, ""), **typed},
        "errors": errors,
        "longest": LONGEST,
        "largest_file": LARGEST_FILE,
        "most_files": MOST_FILES,
        "files_to_choose_again": bool(request.FILES),  # a browser never fills a file field again by itself
        "outlook": outlook(desk.country),
    }
    return render(request, "portal/complaint.html", page, status=status)


def _path(link: str) -> str:
    return "/" + link.split("/", 3)[3]
