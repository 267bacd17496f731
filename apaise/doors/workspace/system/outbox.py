"""The demo's outbox: mails that left by SMTP and went nowhere."""

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from apaise.doors.letter_frame import framed
from apaise.doors.workspace.frame import frame
from apaise.intake.cases.models import Case
from apaise.intake.channels.models import OutboxMail, file_store
from apaise.lib.mime import Mail, read

HEADERS = ("From", "To", "Reply-To", "Date", "Subject", "Message-ID", "In-Reply-To", "Auto-Submitted")


@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """The latest mails of the cases one may read."""
    return render(
        request, "workspace/outbox.html", {**frame(request, "outbox"), "mails": _mine(request)[:100]}
    )


@require_safe
def one_mail(request: HttpRequest, mail_id: int) -> HttpResponse:
    kept = get_object_or_404(_mine(request), pk=mail_id)
    mail = _read(kept)
    headers = [(name, value) for name in HEADERS if (value := mail.headers.get(name))]
    page = {**frame(request, "outbox"), "kept": kept, "mail": mail, "headers": headers}
    return render(request, "workspace/outbox_mail.html", page)


@require_safe
def letter(request: HttpRequest, mail_id: int) -> HttpResponse:
    """The HTML part as it left, for the frame on the mail's page; the text of a mail that has none."""
    mail = _read(get_object_or_404(_mine(request), pk=mail_id))
    return framed(mail.html or mail.text, is_html=bool(mail.html))


def _read(kept: OutboxMail) -> Mail:
    return read(file_store().read(kept.raw))


def _mine(request: HttpRequest) -> QuerySet[OutboxMail]:
    if not settings.DEMO:
        raise Http404
    return OutboxMail.objects.filter(message__case__in=Case.objects.visible_to(request.user)).select_related(
        "message__case"
    )
