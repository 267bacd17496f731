"""The public page before it is published: how it would read, what is missing, what came before."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from apaise.doors.workspace.frame import frame
from apaise.doors.workspace.packs.shelf import readers_only
from apaise.ground.accounts.models import Desk
from apaise.ground.packs.choose import active_packs
from apaise.ground.packs.company import edit_refusal
from apaise.handling.policy import contacts, public
from apaise.handling.policy.models import PolicyEdition
from apaise.handling.policy.public import NotPublished, built, digest_of


@require_http_methods(["GET", "HEAD", "POST"])
def policy(request: HttpRequest) -> HttpResponse:
    """Look, then publish."""
    readers_only(request)
    problems: list[str] = []
    if request.method == "POST":
        try:
            public.publish(by=request.user)
            return redirect("/desk/policy?done=policy")
        except NotPublished as refusal:
            problems = refusal.problems
    packs, desk = active_packs(), Desk.objects.main()
    content = built(packs, desk) if desk else None
    last = public.current()
    page = {
        **frame(request, "policy"),
        "problems": problems,
        "gaps": contacts.gaps(packs, desk),
        "page": content["en" if get_language() == "en" else "fr"] if content else None,
        "differs": content is not None and (last is None or last.digest != digest_of(content)),
        "last": last,
        "editions": list(
            PolicyEdition.objects.defer("content").select_related("published_by").order_by("-number")[:50]
        ),
        "may_publish": not edit_refusal(request.user),
        "may_fill": not contacts.edit_refusal(request.user),
    }
    return render(request, "workspace/packs/policy.html", page, status=409 if problems else 200)
