"""What every public page shows around its own content: whose it is, the other language, ways on; and the language kept."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apaise.ground.accounts.models import Desk
from apaise.ground.parties.models import normalise


def chosen_language(request: HttpRequest) -> str:
    """The language somebody chose on our pages, "" if none: only a chosen one is carried from page to page."""
    asked = (request.POST.get("lang") if request.method == "POST" else "") or request.GET.get("lang") or ""
    return asked if asked in dict(settings.LANGUAGES) else ""


def with_language(address: str, language: str) -> str:
    """This address of ours, in a chosen language if there is one."""
    if not language:
        return address
    return f"{address}{'&' if '?' in address else '?'}lang={language}"


def portal_frame(request: HttpRequest, desk: Desk | None, here: str = "") -> dict[str, Any]:
    """Context of the portal layout. `here` is the address the language switch leads to, the home page if none."""
    chosen = chosen_language(request)
    home, data = reverse("complaint"), reverse("data")
    return {
        "desk": desk,
        "brand": {
            "name": desk.organisation if desk else "Apaise",
            "service": _("Complaints"),
            "href": with_language(home, chosen),
        },
        "other_language": other_language(here or home),
        "foot": [
            {"label": _("File a complaint"), "href": with_language(home, chosen)},
            {"label": _("How we handle complaints"), "href": with_language(reverse("policy"), chosen)},
            {"label": _("Your data"), "href": with_language(data, chosen)},
            {"label": _("Staff sign-in"), "href": with_language(reverse("sign-in"), chosen)},
        ],
        "lang": chosen,
        "telephone": f"tel:{normalise('phone', desk.phone)}" if desk and desk.phone else "",
    }


def other_language(here: str) -> dict[str, str]:
    """The link to this page in the language it is not in."""
    code = "fr" if (get_language() or settings.DEFAULT_LANGUAGE) == "en" else "en"
    return {"label": dict(settings.LANGUAGES)[code], "code": code, "href": with_language(here, code)}
