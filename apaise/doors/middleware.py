"""What every request passes: security headers, the reader's language, the workspace's door."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation

from apaise.doors.errors import bad_request

Next = Callable[[HttpRequest], HttpResponse]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; frame-src 'self'; manifest-src 'self'"
)


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
