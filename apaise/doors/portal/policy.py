"""How we handle complaints, for everybody: deadlines, contacts, documents, ways out. Made from the rules we really work by."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from apaise.doors.portal.frame import portal_frame, with_language
from apaise.ground.accounts.models import Desk
from apaise.handling.policy.models import PolicyEdition
from apaise.handling.policy.public import current


@require_safe
def policy(request: HttpRequest) -> HttpResponse:
    """The page in force; before the first publication there is none."""
    edition = current()
    if edition is None:
        page = {**portal_frame(request, Desk.objects.main(), reverse("policy")), "edition": None}
        return render(request, "portal/policy.html", page)
    return _show(request, edition, reverse("policy"))


@require_safe
def policy_edition(request: HttpRequest, number: int) -> HttpResponse:
    """One edition, under an address that never changes its words."""
    if number > 1_000_000:
        raise Http404
    return _show(
        request, get_object_or_404(PolicyEdition, number=number), reverse("policy-edition", args=[number])
    )


def _show(request: HttpRequest, edition: PolicyEdition, here: str) -> HttpResponse:
    english = get_language() == "en"
    framed = portal_frame(request, Desk.objects.main(), here)
    newest = PolicyEdition.objects.order_by("-number").values_list("number", flat=True)[:20]
    response = render(
        request,
        "portal/policy.html",
        {
            **framed,
            "edition": edition,
            "page": edition.content["en" if english else "fr"],
            "is_current": edition.number == newest[0],
            "others": [
                (number, with_language(reverse("policy-edition", args=[number]), framed["lang"]))
                for number in newest
                if number != edition.number
            ],
            "complaint_href": with_language(reverse("complaint"), framed["lang"]),
        },
    )
    response["Cache-Control"] = "public, max-age=300"
    patch_vary_headers(response, ["Accept-Language"])
    return response
