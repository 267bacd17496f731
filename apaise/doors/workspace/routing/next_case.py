"""« Dossier suivant » and giving it back."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from apaise.doors.workspace.cases.actions import action
from apaise.doors.workspace.cases.listing import context_of
from apaise.handling.routing import serving
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case


@require_POST
def next_case(request: HttpRequest) -> HttpResponse:
    """The next case is theirs, and its page says why it was the next."""
    if refusal := serving.role_refusal(request.user):
        raise PermissionDenied(refusal)
    try:
        found = serving.serve(request.user)
    except Refused as refusal:
        return _refused(request, str(refusal))
    if found is None:
        return redirect(f"{reverse('workspace:cases')}?view=mine&done=none_waits")
    return redirect(f"{reverse('workspace:case', args=[found.case.reference])}?done=served")


def _refused(request: HttpRequest, reason: str) -> HttpResponse:
    return render(
        request, "workspace/cases/list.html", {**context_of(request), "refused": reason}, status=409
    )


@action("give_back")
def giving_back(request: HttpRequest, case: Case) -> str:
    """Back into the queue, with a reason."""
    serving.give_back(case, request.POST.get("because", ""), by=request.user)
    return "given_back"
