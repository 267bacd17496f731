"""The complainant's page, by signed link: where it stands, what was said, what one can do. Never an internal note."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from apaise.doors import spoken
from apaise.doors.downloads import Stored, to_complainant
from apaise.doors.portal.frame import chosen_language, portal_frame, with_language
from apaise.doors.uploads import NotTaken, TooLarge, keep_files
from apaise.intake.cases import deadlines, ending, tracking
from apaise.intake.cases.link import TrackingLink
from apaise.intake.cases.message import Attachment, Message
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case, State, WrongStage
from apaise.intake.cases.promise import Promise
from apaise.intake.cases.stages import NAMES, STAGES, progress
from apaise.intake.channels import limits
from apaise.intake.channels.forms import receive_addition
from apaise.lib import clock

DONE = {
    "added": gettext_lazy("What you added is with your complaint. The person who follows it is told."),
    "accepted": gettext_lazy("Thank you. We have noted that our answer settles it for you."),
    "objected": gettext_lazy(
        "Your complaint is open again, under the same reference. What you wrote is with it."
    ),
    "withdrawn": gettext_lazy("Your complaint is withdrawn."),
}
NOT_ACCEPTED = ("partial", "refused", "goodwill")
View = Callable[..., HttpResponseBase]


def by_link(view: View) -> View:
    """Open the case of a signed link, or 404; speak the language chosen on our pages, else the case's."""

    @wraps(view)
    def answer(request: HttpRequest, token: str, **more: Any) -> HttpResponseBase:
        # With 192 bits to guess, counting misses would only let strangers make us write.
        link = tracking.open_link(token)
        if link is None:
            raise Http404
        language = chosen_language(request) or link.case.language
        with translation.override(language):
            response = view(request, link, **more)
        response.headers["Content-Language"] = language
        response.headers["Referrer-Policy"] = (
            "same-origin"  # the address is the key; with less, browsers post forms as from nowhere
        )
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    return answer


@require_safe
@by_link
def case(request: HttpRequest, link: TrackingLink) -> HttpResponse:
    return _show(request, link)


@require_POST
@by_link
def messages(request: HttpRequest, link: TrackingLink) -> HttpResponse:
    """Add words or files."""
    text = request.POST.get("text", "").strip()[:20_000]
    try:
        files = keep_files(request.FILES.getlist("files"), "tracking_page")
    except NotTaken as problem:
        status = 413 if isinstance(problem, TooLarge) else 400
        return _show(request, link, refused={"files": str(problem)}, typed={"text": text}, status=status)
    if not text and not files:
        return _show(request, link, refused={"text": _("Write something, or choose a file.")}, status=400)
    if not _may_add(link.case):
        words = _("This complaint has ended. File a new one from our home page.")
        if elsewhere := _followed(link.case):
            words = _(
                "This complaint is followed under reference %(reference)s: answer one of our mails."
            ) % {"reference": elsewhere}
        return _show(request, link, refused={"text": words}, typed={"text": text}, status=409)
    receive_addition(link.case, link.person, text or _("(file without words)"), files=files)
    return _back(request, link, "added")


@require_POST
@by_link
def acceptance(request: HttpRequest, link: TrackingLink) -> HttpResponse:
    """“This settles it.”"""
    return _try(
        request,
        link,
        "accepted",
        lambda: ending.accept(link.case, by=link.person, said="tracking_page"),
        at="settled",
    )


@require_POST
@by_link
def objection(request: HttpRequest, link: TrackingLink) -> HttpResponse:
    """“It is not settled”: the case is open again, with the reasons the customer gives."""
    text = request.POST.get("text", "").strip()[:20_000]
    if not text:
        return _show(
            request,
            link,
            refused={"why": _("Tell us what is not settled, so that nobody has to ask you.")},
            status=400,
        )

    def object_() -> None:
        with transaction.atomic():
            ending.reopen(link.case, by=link.person, why="customer_objects")
            receive_addition(link.case, link.person, text)

    return _try(request, link, "objected", object_, at="why", typed={"why": text})


@require_POST
@by_link
def withdrawal(request: HttpRequest, link: TrackingLink) -> HttpResponse:
    """Only the complainant withdraws."""
    if request.POST.get("sure") != "yes":
        words = _("Tick the box to confirm that you withdraw your complaint.")
        return _show(request, link, refused={"sure": words}, status=400)
    return _try(request, link, "withdrawn", lambda: ending.withdraw(link.case, by=link.person), at="sure")


@require_safe
@by_link
def attachment(request: HttpRequest, link: TrackingLink, file_id: int) -> HttpResponseBase:
    shown = link.case.messages.shown_to_complainant()
    files = Attachment.objects.select_related("message")
    file = get_object_or_404(files, pk=file_id, message__in=shown.values("pk"))
    return to_complainant(
        request,
        Stored(file.sha256, file.name, file.content_type),
        holder=f"link:{link.pk}",
        is_theirs=_is_theirs(file, link),
        back=_address(link),
    )


def _about_files(link: TrackingLink) -> dict[str, Any]:
    def may_open(file: Attachment) -> bool:
        return not file.left_out and (not file.danger or _is_theirs(file, link))

    return {"largest_file": limits.LIMITS["tracking_page"].file, "may_open": may_open}


def _is_theirs(file: Attachment, link: TrackingLink) -> bool:
    return file.message.author_person_id == link.person_id


def _try(
    request: HttpRequest,
    link: TrackingLink,
    done: str,
    act: Callable[[], None],
    *,
    at: str,
    typed: dict[str, str] | None = None,
) -> HttpResponse:
    try:
        act()
    except (Refused, WrongStage) as refusal:
        link.case.refresh_from_db()
        return _show(request, link, refused={at: str(refusal)}, typed=typed, status=409)
    return _back(request, link, done)


def _back(request: HttpRequest, link: TrackingLink, done: str) -> HttpResponse:
    address = f"{_address(link)}?done={done}"
    return redirect(with_language(address, chosen_language(request)))


def _address(link: TrackingLink) -> str:
    return reverse("tracking", args=[tracking.token_of(link)])


def _may_add(followed: Case) -> bool:
    return followed.is_open or followed.state == State.CLOSED


def _show(
    request: HttpRequest,
    link: TrackingLink,
    *,
    refused: dict[str, str] | None = None,
    typed: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The whole page; after a refusal with its reason beside the field it concerns, and what was typed still there."""
    followed, desk = link.case, link.case.desk
    said = list(
        followed.messages.shown_to_complainant()
        .select_related("author_user", "author_person", *spoken.WITH)
        .prefetch_related("attachments", spoken.TURNS)
    )
    by, until = followed.handler or desk.signatory, deadlines.window_end(followed, "mediator_window")
    reply_by = _reply_by(followed)
    page = {
        **portal_frame(request, desk, _address(link)),
        "case": followed,
        "token": tracking.token_of(link),
        "me": link.person,
        "received": request.GET.get("received") == "1",
        "done": DONE.get(request.GET.get("done", ""), ""),
        "refused": refused or {},
        "typed": typed or {},
        "stage_names": [NAMES[code] for code in STAGES],
        "progress": progress(followed),
        "reply_by": reply_by,
        "late": bool(reply_by and reply_by < clock.now()),
        "messages": said,
        "post_of": spoken.post_of,
        "turns_of": spoken.turns_of,
        "words_beside_turns": spoken.words_beside_turns,
        "followed": _followed(followed),
        "promises": [_promise(one) for one in followed.promises.select_related("made_by")],
        "question": _latest(said, Message.Kind.QUESTION) if _we_wait(followed) else None,
        "reply": _latest(said, Message.Kind.FINAL_REPLY) if followed.final_reply_at else None,
        "signatory": by,
        "role": by.title(translation.get_language() or followed.language) if by else "",
        "mediator_until": until,
        "mediator_may_be_next": bool(until and (followed.outcome in NOT_ACCEPTED or until < clock.now())),
        **_about_files(link),
        "may_add": _may_add(followed),
        "may_accept": followed.state == State.ANSWERED and followed.accepted_at is None,
        "may_object": followed.state in (State.ANSWERED, State.CLOSED),
        "may_withdraw": followed.is_open and followed.state != State.ANSWERED,
    }
    return render(request, "portal/tracking.html", page, status=status)


def _followed(case: Case) -> str:
    """The reference under which a merged case is followed; never the way there.

    Whoever typed somebody's e-mail into our form holds a link to what they filed. The way is in our mails, which only
    the owner of the address reads."""
    there = case.followed_in()
    return "" if there.pk == case.pk else there.reference


def _promise(one: Promise) -> dict[str, str]:
    day = one.due_in_words()
    if one.state == Promise.State.KEPT:
        said = _("Done.")
    elif one.kept_at:
        said = _("Done, but later than promised: it was due %(due)s. We are sorry.") % {"due": day}
    elif one.state == Promise.State.BROKEN:
        said = _("Not done in time: it was due %(due)s. We are sorry, and still owe it to you.") % {
            "due": day
        }
    else:
        said = _("By %(due)s, promised by %(name)s.") % {"due": day, "name": one.made_by.name}
    return {"what": one.text, "said": said, "state": one.state}


def _we_wait(followed: Case) -> bool:
    return followed.state == State.AWAITING_CUSTOMER and followed.ball == "customer"


def _latest(said: list[Message], kind: str) -> Message | None:
    return next((message for message in reversed(said) if message.kind == kind), None)


def _reply_by(followed: Case) -> datetime | None:
    """The date we told, until our answer has left; after a reopening, the one that runs anew."""
    if not followed.is_open or followed.final_reply_at:
        return None
    told = None if followed.reopened_count else followed.announced_for
    return told or deadlines.window_end(followed, "reply_target")
