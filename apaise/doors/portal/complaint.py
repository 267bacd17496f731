"""The public form: a complaint in two minutes, without account, without JavaScript; kept and gone on with when one likes."""

import re
import secrets
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apaise.doors.origin import origin_of
from apaise.doors.portal.frame import chosen_language, portal_frame, with_language
from apaise.doors.uploads import NotTaken, keep_files
from apaise.ground.accounts.models import Desk
from apaise.ground.accounts.sign_in import TooManyAttempts
from apaise.intake.cases import tracking
from apaise.intake.cases.messages import File
from apaise.intake.cases.outlook import outlook
from apaise.intake.channels import drafts, form_steps, limits, suspicion
from apaise.intake.channels.forms import Filled, receive_form
from apaise.intake.channels.public_form import FormDraft, FormVisit

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
    return _take(request, desk, None)


@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest, token: str) -> HttpResponse:
    """The same form with what was kept in it; once it was sent, its link leads to the complaint."""
    found = drafts.open_draft(token)
    if found is None:
        raise Http404
    if found.case:
        # Its link, as long as it holds: one that was taken back is not given again by another way.
        link = tracking.shown_on_screen(found.case)
        if link is None:
            raise Http404
        return redirect(with_language(_path(tracking.address_of(link)), chosen_language(request)))
    if request.method != "POST":
        return _show(request, found.desk, found.typed, {}, draft=found)
    return _take(request, found.desk, found)


@require_POST
def step(request: HttpRequest) -> HttpResponse:
    """How far this filling of the form came; sent by the page while somebody writes, without their words."""
    once, came = request.POST.get("once", ""), request.POST.get("step", "")
    if re.fullmatch(r"[\w-]{8,40}", once) and came in ("1", "2", "3"):
        try:
            suspicion.count("step", origin_of(request))
            form_steps.reached(once, int(came))
        except TooManyAttempts:
            pass
    return HttpResponse(status=204)


def _take(request: HttpRequest, desk: Desk, known: FormDraft | None) -> HttpResponse:
    """What was posted: kept for later, sent, or shown again with what is missing."""
    typed = {name: request.POST.get(name, "")[: LONGEST[name]].strip() for name in FIELDS}
    if not re.fullmatch(r"[\w-]{8,40}", typed["once"]):
        typed["once"] = secrets.token_urlsafe(18)
    errors: dict[str, str] = {}
    removed = request.POST.get("remove", "")
    kept = [file for file in drafts.files_of(known) if file.sha256 != removed]
    try:
        kept += keep_files(request.FILES.getlist("files"), "web_form", beside=sum(file.size for file in kept))
    except NotTaken as problem:
        errors["files"] = str(problem)
    if request.POST.get("keep") or removed:
        return _keep(request, desk, typed, kept, known, errors)
    errors |= _errors(typed)
    if not errors:
        try:
            suspicion.count("form", origin_of(request))
        except TooManyAttempts as wait:
            errors["story"] = _too_many(wait.minutes)
    if errors:
        return _refuse(request, desk, typed, kept, known, errors)
    return _send(request, desk, typed, kept, known)


def _send(
    request: HttpRequest, desk: Desk, typed: dict[str, str], files: list[File], known: FormDraft | None
) -> HttpResponse:
    words = "\n".join(typed[name] for name in ("subject", "story", "wish"))
    found = suspicion.signs(
        once=typed["once"],
        mark=request.POST.get("shown", ""),
        honeypot=request.POST.get("website", ""),
        words=words,
    )
    language = get_language() or desk.language
    filled = Filled(**typed, language=language)
    signs = found if suspicion.is_suspect(found) else ()
    case = receive_form(filled, desk=desk, files=files, signs=signs)
    form_steps.reached(typed["once"], FormVisit.Step.SENT)
    if case is None:
        return render(request, "portal/received.html", portal_frame(request, desk))
    if known:
        drafts.sent(known, case)
    return redirect(
        with_language(
            f"{_path(tracking.address_of(tracking.link_on_screen(case)))}?received=1",
            chosen_language(request),
        )
    )


def _keep(
    request: HttpRequest,
    desk: Desk,
    typed: dict[str, str],
    files: list[File],
    known: FormDraft | None,
    errors: dict[str, str],
) -> HttpResponse:
    try:
        suspicion.count("draft", origin_of(request))
    except TooManyAttempts as wait:
        return _show(request, desk, typed, {"story": _too_many(wait.minutes)}, 429, draft=known)
    made = drafts.keep_draft(typed, files, desk=desk, language=get_language() or desk.language, known=known)
    form_steps.reached(typed["once"], form_steps.step_of(typed), saved=True)
    if errors:
        return _show(request, desk, typed, errors, 413, draft=made)
    address = with_language(reverse("draft", args=[drafts.token_of(made)]), chosen_language(request))
    return redirect(f"{address}{'&' if '?' in address else '?'}kept=1")


def _refuse(
    request: HttpRequest,
    desk: Desk,
    typed: dict[str, str],
    files: list[File],
    known: FormDraft | None,
    errors: dict[str, str],
) -> HttpResponse:
    """Nothing typed and nothing uploaded is lost: with files, the form comes back as a kept draft that holds them."""
    form_steps.reached(typed["once"], form_steps.step_of(typed))
    if (files or known) and not _too_often(request):
        known = drafts.keep_draft(
            typed, files, desk=desk, language=get_language() or desk.language, known=known
        )
    return _show(request, desk, typed, errors, status=413 if list(errors) == ["files"] else 400, draft=known)


def _too_often(request: HttpRequest) -> bool:
    try:
        suspicion.count("draft", origin_of(request))
    except TooManyAttempts:
        return True
    return False


def _too_many(minutes: int) -> str:
    return ngettext(
        "Many forms came from your connection. Your words are kept: send them again in %(minutes)s minute, or call us.",
        "Many forms came from your connection. Your words are kept: send them again in %(minutes)s minutes, or call us.",
        minutes,
    ) % {"minutes": minutes}


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
    return errors


def _show(
    request: HttpRequest,
    desk: Desk,
    typed: dict[str, str],
    errors: dict[str, str],
    status: int = 200,
    *,
    draft: FormDraft | None = None,
) -> HttpResponse:
    address = reverse("draft", args=[drafts.token_of(draft)]) if draft else reverse("complaint")
    once = typed.get("once") or secrets.token_urlsafe(18)
    limit = limits.LIMITS["web_form"]
    page: dict[str, Any] = {
        **portal_frame(request, desk, here=address),
        "typed": {**dict.fromkeys(FIELDS, ""), **typed, "once": once},
        "shown": suspicion.mark_of(once),
        "errors": errors,
        "longest": LONGEST,
        "largest_file": limit.file,
        "largest_case": limit.together,
        "most_files": limit.files,
        "files": drafts.files_of(draft),
        "address": address,
        "draft": _about(draft, address) if draft else None,
        "just_kept": request.method != "POST" and request.GET.get("kept") == "1",
        "outlook": outlook(desk.country),
    }
    response = render(request, "portal/complaint.html", page, status=status)
    if draft:
        response.headers["Referrer-Policy"] = "same-origin"  # the address is the key
        response.headers["X-Robots-Tag"] = "noindex"
    return response


def _about(draft: FormDraft, address: str) -> dict[str, Any]:
    """The link to come back by, and a way to send it to oneself: by one's own mail program, not by ours."""
    link = f"{settings.URL}{address}"
    subject = quote(str(_("My unfinished complaint")))
    return {
        "link": link,
        "until": draft.expires_at,
        "saved": draft.saved_at,
        "mailto": f"mailto:?subject={subject}&body={quote(link)}",
    }


def _path(link: str) -> str:
    return "/" + link.split("/", 3)[3]
