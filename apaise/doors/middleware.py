"""What every request passes: security headers, the reader's language, the workspace's door."""

import logging
import time
from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import redirect
from django.utils import translation

from apaise.doors.errors import bad_request, too_large
from apaise.doors.uploads import LARGEST_REQUEST

log = logging.getLogger("apaise.request")
_ANSWERED = (
    Http404,
    PermissionDenied,
    SuspiciousOperation,
    BadRequest,
    MultiPartParserError,
)  # with a page of their own
Next = Callable[[HttpRequest], HttpResponse]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; frame-src 'self'; manifest-src 'self'"
)


def log_requests(next_: Next) -> Next:
    """Say that a request failed on our side, and with APAISE_LOG_REQUESTS each request: its route, never its address."""

    def answer(request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = next_(request)
        failed = response.status_code >= 500
        if failed or settings.LOG_REQUESTS:
            facts = _request_facts(request, response, time.perf_counter() - began)
            said = " ".join(f"{name}={value}" for name, value in facts.items())
            log.log(logging.ERROR if failed else logging.INFO, "request %s", said, extra={"facts": facts})
        return response

    def note(request: HttpRequest, problem: Exception) -> None:
        if not isinstance(problem, _ANSWERED):
            log.error("request failed", exc_info=problem, extra={"facts": {"route": _route(request)}})

    answer.process_exception = note  # type: ignore[attr-defined]
    return answer


def _request_facts(request: HttpRequest, response: HttpResponse, took: float) -> dict[str, object]:
    user = getattr(request, "user", None)
    known = {"user": user.pk} if user is not None and user.is_authenticated else {}
    return {
        "method": request.method,
        "route": _route(request),
        "status": response.status_code,
        "ms": round(took * 1000, 1),
        **known,
    }


def _route(request: HttpRequest) -> str:
    """The name of the page. The address itself may be a key (a tracking link) or hold what somebody searched for."""
    match = request.resolver_match
    return match.view_name if match else "none"


def security_headers(next_: Next) -> Next:
    """A strict content policy on every answer; a view may set a stricter one of its own (downloads)."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = next_(request)
        headers = response.headers
        headers.setdefault("Content-Security-Policy", POLICY)
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Referrer-Policy", "same-origin")
        headers.setdefault("X-Frame-Options", "DENY")
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        if settings.SECURE_HSTS_SECONDS:
            headers.setdefault(
                "Strict-Transport-Security", f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains"
            )
        if not request.path.startswith(settings.STATIC_URL):
            headers.setdefault("Cache-Control", "no-store")
        return response

    return answer


def refuse_too_large(next_: Next) -> Next:
    """What is larger than any form of ours is refused before it is read: nobody fills the disk from outside."""

    def answer(request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdigit() or int(length) > LARGEST_REQUEST:
            return too_large(request)
        return next_(request)

    return answer


def speak_the_readers_language(next_: Next) -> Next:
    """Staff read in their own language; others in the `lang` of the address, else of their browser, else the default."""

    def answer(request: HttpRequest) -> HttpResponse:
        language = _language_of(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = next_(request)
        response.headers.setdefault("Content-Language", language)
        return response

    return answer


def _language_of(request: HttpRequest) -> str:
    known = dict(settings.LANGUAGES)
    asked = request.GET.get("lang") or (request.POST.get("lang") if request.method == "POST" else None)
    if asked in known:
        return str(asked)
    if request.user.is_authenticated and request.path.startswith("/desk"):
        return request.user.language
    return _browser_language(request.headers.get("Accept-Language", ""), known) or settings.DEFAULT_LANGUAGE


def _browser_language(header: str, known: dict[str, str]) -> str | None:
    for part in header[:200].split(","):
        if (code := part.split(";")[0].strip()[:2].lower()) in known:
            return code
    return None


def workspace_needs_a_sign_in(next_: Next) -> Next:
    """Every page under /desk asks who is there, so that a new page cannot forget to."""

    def answer(request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/desk") and not request.user.is_authenticated:
            if request.headers.get("HX-Request"):
                return HttpResponse(status=401, headers={"HX-Redirect": "/sign-in"})
            back = urlencode({"next": request.get_full_path()}) if request.method in ("GET", "HEAD") else ""
            return redirect(f"/sign-in?{back}" if back else "/sign-in")
        return next_(request)

    return answer


def refuse_nul(next_: Next) -> Next:
    """A NUL is in no keyboard and PostgreSQL keeps none: refused at the door, so that no page has to think of it."""

    def answer(request: HttpRequest) -> HttpResponse:
        sent = (
            values
            for form in (request.GET, request.POST)
            for values in (form, *(form.getlist(name) for name in form))
        )
        if "\0" in request.path or any("\0" in value for values in sent for value in values):
            return bad_request(request, ValueError("NUL"))
        return next_(request)

    return answer
