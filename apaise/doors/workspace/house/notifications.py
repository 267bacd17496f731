"""The table of who in the house is told at which stage, for the complaints manager."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from apaise.doors.workspace.frame import frame
from apaise.ground.accounts.naming import named
from apaise.handling.routing.notifications import Notification
from apaise.handling.routing.telling import (
    OCCASIONS,
    TELLABLE,
    edit_refusal,
    occasion_name,
    tell_them,
    tell_them_no_more,
)
from apaise.intake.cases.messages import Refused


@require_http_methods(["GET", "HEAD", "POST"])
def notifications(request: HttpRequest) -> HttpResponse:
    """Each occasion with whom it is told to; a form to add somebody, a button to take somebody out."""
    if refusal := edit_refusal(request.user):
        raise PermissionDenied(refusal)
    refused = ""
    if request.method == "POST":
        verb = tell_them_no_more if request.POST.get("do") == "stop" else tell_them
        try:
            verb(request.POST.get("occasion", ""), request.POST.get("code", ""), by=request.user)
            return redirect("/desk/notifications?done=notified")
        except Refused as refusal_:
            refused = str(refusal_)
    told = list(Notification.objects.all())
    page = {
        **frame(request, "notifications"),
        "rows": [
            {
                "occasion": occasion,
                "name": occasion_name(occasion),
                "told": [(one.code, named(one.code)) for one in told if one.occasion == occasion],
            }
            for occasion in OCCASIONS
        ],
        "occasions": [(occasion, occasion_name(occasion)) for occasion in OCCASIONS],
        "codes": sorted(((code, named(code)) for code in TELLABLE), key=lambda pair: pair[1].casefold()),
        "refused": refused,
        "typed": request.POST,
    }
    return render(request, "workspace/house/notifications.html", page, status=409 if refused else 200)
