"""The staff's door: sign in, sign out."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from apaise.doors.origin import is_from_this_machine, origin_of
from apaise.doors.portal.frame import chosen_language, other_language, with_language
from apaise.ground.accounts import sign_in as door
from apaise.ground.accounts.models import Desk


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The form, and the try."""
    if request.method != "POST":
        return redirect("workspace:home") if request.user.is_authenticated else _show(request)
    email = request.POST.get("email", "")[:254]
    if settings.DEMO and not is_from_this_machine(request):
        # The demo's passwords are known to everybody: they open this machine's pages only from this machine.
        return _show(
            request,
            email=email,
            error=_("The demonstration opens only from the machine it runs on."),
            status=403,
        )
    try:
        user = door.check(email, request.POST.get("password", "")[:4096], origin=origin_of(request))
    except door.TooManyAttempts as wait:
        error = ngettext(
            "Too many tries. Wait a minute, then try again.",
            "Too many tries. Wait %(minutes)s minutes, then try again.",
            wait.minutes,
        ) % {"minutes": wait.minutes}
        return _show(request, email=email, error=error, status=429)
    except door.Refused as refused:
        return _show(request, email=email, error=_refusal(refused.tries_left), status=403)
    login(request, user)
    return redirect(_safe_next(request) or "workspace:home")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect(f"{reverse('sign-in')}?out=1")


def _refusal(tries_left: int) -> str:
    if tries_left == 0:  # French counts none like one, so this needs words of its own
        return _("This address and password do not match. No try is left for now.")
    return ngettext(
        "This address and password do not match. One try left.",
        "This address and password do not match. %(left)s tries left.",
        tries_left,
    ) % {"left": tries_left}


def _show(request: HttpRequest, *, email: str = "", error: str = "", status: int = 200) -> HttpResponse:
    chosen, back = chosen_language(request), _safe_next(request)
    here = reverse("sign-in") + (f"?{urlencode({'next': back})}" if back else "")
    page: dict[str, Any] = {
        "email": email,
        "error": error,
        "next": back,
        "desk": Desk.objects.main(),
        "lang": chosen,
        "other_language": other_language(here),
        "portal_href": with_language(reverse("complaint"), chosen),
        "signed_out": request.GET.get("out") == "1" and not error,
    }
    return render(request, "door/sign_in.html", page, status=status)


def _safe_next(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return (
        wanted
        if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith("/desk")
        else ""
    )
