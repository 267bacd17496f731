"""Every piece of the pages with its states, assembled: what a page engineer copies from and a reviewer looks at."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apaise.doors.jinja import typo
from apaise.doors.workspace.frame import frame


@require_safe
def style_guide(request: HttpRequest) -> HttpResponse:
    """For administrators; its sample words stand in the templates, in both languages."""
    if not request.user.has_role("administrator"):
        raise PermissionDenied
    page = {**frame(request, "style-guide"), **style_guide_page(request.LANGUAGE_CODE)}
    return render(request, "workspace/style_guide.html", page)


def style_guide_page(language: str) -> dict[str, object]:
    """`t(french, english)` picks the sample words: samples are no product text and stay out of the catalogue."""
    return {"t": lambda french, english: typo(french if language == "fr" else english)}
