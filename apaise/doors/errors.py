"""Pages for what went wrong: what happened, what is safe, what to do next. Never a traceback."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from apaise.doors.portal.frame import portal_frame
from apaise.ground.accounts.models import Desk


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(
        request, 400, _("We could not read this request"), _("Nothing was changed. Go back and try again.")
    )


def too_large(request: HttpRequest) -> HttpResponse:
    return _page(
        request,
        413,
        _("This is larger than we can take at once"),
        _(
            "Nothing was sent. Go back: your words are still there. Choose fewer or smaller files: 20 MB each, ten at a time."
        ),
    )


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(
        request,
        403,
        _("This is not open to you"),
        _("Nothing was changed. Your role does not include this page."),
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(
        request,
        404,
        _("There is nothing here"),
        _(
            "The address may be wrong, or the page is not yours to see. If you followed a link from our mail, it may have expired: answer the mail and we will send you a new one."
        ),
    )


def broke(request: HttpRequest) -> HttpResponse:
    return _page(
        request,
        500,
        _("Something failed on our side"),
        _(
            "What you sent before is safe. Try again in a minute; if it happens again, tell your administrator the time it happened."
        ),
    )


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _page(
        request,
        403,
        _("This form was open too long"),
        _("Nothing was sent yet. Go back: your words are still there. Reload the page, then send it again."),
    )


def notice(
    request: HttpRequest, status: int, title: str, text: str, *, back: str, on: dict[str, str] | None = None
) -> HttpResponse:
    """Something to know before one goes back; `on` {label, href} is the way on all the same."""
    more = {"way": {"label": _("Back"), "href": back}, "on": on}
    return _page(request, status, title, text, more)


def _page(
    request: HttpRequest, status: int, title: str, text: str, more: dict[str, Any] | None = None
) -> HttpResponse:
    try:
        page = {**_frame(request, status), "title": title, "text": text, "status": status, **(more or {})}
        return render(request, "error.html", page, status=status)
    except Exception:
        # Whatever failed may fail here again: the words alone are better than nothing.
        return HttpResponse(f"{title}\n\n{text}\n", status=status, content_type="text/plain; charset=utf-8")


def _frame(request: HttpRequest, status: int) -> dict[str, Any]:
    # After a failure of ours the database is left alone: it may be what failed.
    desk = Desk.objects.main() if status != 500 else None
    staff = request.path.startswith("/desk") and (status == 500 or request.user.is_authenticated)
    frame = portal_frame(request, desk)
    home = {"label": _("To the home page"), "href": frame["brand"]["href"]}
    way = {"label": _("Back to the cases"), "href": reverse("workspace:home")} if staff else home
    return {**frame, "way": way, "other_language": None}
