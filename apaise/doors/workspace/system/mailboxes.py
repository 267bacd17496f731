"""The mailboxes mail is fetched from, as an administrator sees them: what is in the way, the last mail, a trial."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from apaise.doors.workspace.frame import frame
from apaise.ground.accounts.models import Desk
from apaise.intake.cases.messages import Refused
from apaise.intake.channels.mail import doors
from apaise.intake.channels.mail.connect import try_out
from apaise.intake.channels.mail.describing import Unfit, describe, mailbox_refusal, switch
from apaise.intake.channels.mail.mailboxes import SECRETS, Fetched, Mailbox
from apaise.intake.channels.mail.trouble import Trouble, said
from apaise.lib import clock

FIELDS = (
    "name",
    "host",
    "port",
    "security",
    "user",
    "folder",
    "sign_in",
    "token_url",
    "client_id",
    "after",
    "move_to",
)


@require_http_methods(["GET", "HEAD", "POST"])
def mailboxes(request: HttpRequest) -> HttpResponse:
    """Each way in with its last mail; a form for one more mailbox."""
    _administrators_only(request)
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            added = describe(None, request.POST, by=request.user)
            return redirect(f"/desk/mailboxes/{added.pk}?done=saved")
        except Unfit as problem:
            errors = problem.errors
    page = {
        **frame(request, "mailboxes"),
        **_form(request, Mailbox(), errors),
        "ways": [_way(silence) for silence in doors.silences(clock.now())],
        "boxes": [
            (box, said(box.trouble)) for box in Mailbox.objects.select_related("desk").order_by("name", "pk")
        ],
    }
    return render(request, "workspace/mailboxes.html", page, status=409 if errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def mailbox_page(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """One mailbox: its state and its description."""
    mailbox = _found(request, mailbox_id)
    if request.method != "POST":
        return _show(request, mailbox)
    try:
        describe(mailbox, request.POST, by=request.user)
    except Unfit as problem:
        return _show(request, mailbox, status=409, errors=problem.errors)
    except Refused as refusal:
        return _show(request, mailbox, status=409, refused=str(refusal))
    return redirect(f"/desk/mailboxes/{mailbox.pk}?done=saved")


@require_POST
def trial(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """Sign in, look and leave; says exactly what is in the way. Changes nothing on the server."""
    mailbox = _found(request, mailbox_id)
    try:
        number = try_out(mailbox)
    except Trouble as trouble:
        return _show(request, mailbox, failed=said(trouble.code, trouble.detail))
    words = ngettext(
        "The server lets us in; %(num)s message lies in the folder.",
        "The server lets us in; %(num)s messages lie in the folder.",
        number,
    )
    return _show(request, mailbox, worked=words % {"num": number})


@require_POST
def watching(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """Fetch from it, or no more."""
    mailbox = _found(request, mailbox_id)
    try:
        switch(mailbox, on=request.POST.get("on") == "yes", by=request.user)
    except Refused as refusal:
        return _show(request, mailbox, status=409, refused=str(refusal))
    return redirect(f"/desk/mailboxes/{mailbox.pk}?done=saved")


def _show(request: HttpRequest, mailbox: Mailbox, *, status: int = 200, **more: Any) -> HttpResponse:
    errors = more.pop("errors", {})
    left = Fetched.objects.filter(mailbox=mailbox).exclude(state=Fetched.State.KEPT)
    page = {
        **frame(request, "mailboxes"),
        **_form(request, mailbox, errors),
        "mailbox": mailbox,
        "trouble": said(mailbox.trouble, mailbox.trouble_detail) if mailbox.trouble else "",
        "last_mail_at": doors.last_mail_at(mailbox.door),
        "fetched": Fetched.objects.filter(mailbox=mailbox, state=Fetched.State.KEPT).count(),
        "left": left.count(),
        "fixed": mailbox_refusal(request.user, mailbox),
        **more,
    }
    return render(request, "workspace/mailbox.html", page, status=status)


def _form(request: HttpRequest, mailbox: Mailbox, errors: dict[str, str]) -> dict[str, Any]:
    """What the fields of the form hold: what was typed if it was refused; secrets never."""
    kept = {name: getattr(mailbox, name) for name in FIELDS} | {"desk": mailbox.desk_id or ""}
    typed = {name: request.POST.get(name, "") for name in kept} if errors else kept
    return {
        "errors": errors,
        "typed": typed,
        "has": {name: mailbox.has_secret(name) for name in SECRETS},
        "securities": Mailbox.Security.choices,
        "sign_ins": Mailbox.SignIn.choices,
        "afters": Mailbox.After.choices,
        "desks": list(Desk.objects.order_by("pk").values_list("pk", "address")),
    }


def _way(silence: doors.Silence) -> dict[str, Any]:
    return {
        "name": doors.name_of(silence.door.code),
        "last_mail_at": silence.door.last_mail_at,
        "silent": silence.is_too_long,
        "since": silence.door.quiet_since,
    }


def _found(request: HttpRequest, mailbox_id: int) -> Mailbox:
    _administrators_only(request)
    return get_object_or_404(Mailbox.objects.select_related("desk"), pk=mailbox_id)


def _administrators_only(request: HttpRequest) -> None:
    if not request.user.has_role("administrator"):
        raise PermissionDenied(_("Only an administrator may set up mailboxes."))
