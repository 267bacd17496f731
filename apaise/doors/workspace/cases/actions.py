"""What people do to a case. Each address finds the case, calls one verb and shows the result."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from apaise.doors.uploads import keep_files
from apaise.doors.workspace.cases.acting import acting
from apaise.doors.workspace.cases.page import show
from apaise.ground.accounts.models import User
from apaise.handling.resolution.answer import answer
from apaise.handling.routing.assignment import assign
from apaise.intake.cases import (
    conversation,
    ending,
    outgoing,
    paper,
    policies,
    postponement,
    reminders,
    retraction,
)
from apaise.intake.cases.contract import choose_contract, contracts_for
from apaise.intake.cases.guards import Finding
from apaise.intake.cases.labels import labels_in, warning
from apaise.intake.cases.messages import Refused, add_note
from apaise.intake.cases.models import Case
from apaise.intake.cases.qualification import qualify
from apaise.intake.channels import forwarding, second_look
from apaise.lib import clock

# Whoever kept themselves apart from the case by what they did goes on with another one.
action = acting(show, back="workspace:case", unseen=lambda _done: "stepped_back")


@action("assignment")
def assignment(request: HttpRequest, case: Case) -> str:
    """Take the case, or give it to somebody."""
    wanted = request.POST.get("to", "")
    to = User.objects.filter(pk=wanted).first() if wanted.isascii() and wanted.isdigit() else request.user
    if to is None:
        raise Refused(_("Choose a person from the list."))
    assign(case, to, by=request.user, why=request.POST.get("why", ""))
    return "assigned"


@action("qualification")
def qualification(request: HttpRequest, case: Case) -> str:
    qualify(
        case,
        grievances=request.POST.get("grievances", "").splitlines(),
        cause=request.POST.get("cause", ""),
        criticality=request.POST.get("criticality", ""),
        restatement=request.POST.get("restatement", ""),
        by=request.user,
    )
    return "qualified"


@action("reply")
def replies(request: HttpRequest, case: Case) -> str:
    """A reply; with an answer-by date it is a question and the case waits."""
    text = request.POST.get("text", "")
    others = {name: request.POST.getlist(name) for name in ("copies", "confirmed")}
    if request.POST.get("answer_by"):
        conversation.ask(case, text, day_of(request.POST["answer_by"]), by=request.user, **others)
        return "asked"
    _refuse_early(policies.reply_refusal(request.user, case))
    files = keep_files(request.FILES.getlist("files"), "reply")
    conversation.reply(case, text, by=request.user, files=tuple(files), **others)
    return "replied"


@action("note")
def notes(request: HttpRequest, case: Case) -> str:
    text = request.POST.get("text", "")
    if text.strip() and not request.POST.get("known") and (found := labels_in(text)):
        raise Refused(warning(found))  # said once: whoever writes it decides
    add_note(case, text, by=request.user)
    return "noted"


@action("answer")
def final_reply(request: HttpRequest, case: Case) -> str:
    numbers = case.grievances.values_list("number", flat=True)
    answer(
        case,
        findings={
            number: Finding(
                request.POST.get(f"verdict_{number}", ""), request.POST.get(f"reason_{number}", "")
            )
            for number in numbers
        },
        outcome=request.POST.get("outcome", ""),
        found_cause=request.POST.get("found_cause", ""),
        scope=request.POST.get("scope", ""),
        text=request.POST.get("text", ""),
        by=request.user,
    )
    return "answered"


@action("extend")
def reply_by_date(request: HttpRequest, case: Case) -> str:
    """Move the announced date, with a reasoned notice to the customer."""
    postponement.postpone(
        case,
        to=day_of(request.POST.get("new_date", "")),
        done_so_far=request.POST.get("done_so_far", ""),
        remaining=request.POST.get("remaining", ""),
        reason=request.POST.get("reason", ""),
        next_update=day_of(request.POST.get("next_update", "")),
        by=request.user,
    )
    return "extended"


@action("redirect")
def redirection(request: HttpRequest, case: Case) -> str:
    if request.POST.get("back"):
        ending.take_back(case, by=request.user)
        return "reopened"
    conversation.redirect(case, request.POST.get("text", ""), to=request.POST.get("to", ""), by=request.user)
    return "redirected"


@action("medium")
def medium(request: HttpRequest, case: Case) -> str:
    """How the customer wants our words from now on."""
    paper.prefer(case, request.POST.get("channel", ""), by=request.user)
    return "medium"


@action("acceptance")
def acceptance(request: HttpRequest, case: Case) -> str:
    """The customer said so by other means than the tracking page."""
    _refuse_early(policies.reply_refusal(request.user, case))
    said = request.POST.get("said", "")
    if said not in ("phone", "email", "letter", "in_person"):
        raise Refused(_("Say how the customer told us."))
    ending.accept(case, by=request.user, said=said)
    return "accepted"


@action("close")
def closure(request: HttpRequest, case: Case) -> str:
    ending.close(
        case,
        reason=request.POST.get("reason", ""),
        followup=request.POST.get("followup", ""),
        summary=request.POST.get("summary", ""),
        by=request.user,
    )
    return "closed"


@action("reopen")
def reopening(request: HttpRequest, case: Case) -> str:
    why = request.POST.get("why", "")
    if why not in ("customer_objects", "new_fact", "remedy_failed"):
        raise Refused(_("Say why the case is reopened."))
    ending.reopen(case, by=request.user, why=why)
    return "reopened"


@action("sending")
def second_sending(request: HttpRequest, case: Case, message_id: int) -> str:
    """A person decides that an uncertain or failed message goes again."""
    _refuse_early(policies.work_refusal(request.user, case))
    message = get_object_or_404(case.messages, pk=message_id)
    if not outgoing.send_again(message, by=request.user):
        raise Refused(_("This message is not waiting for a decision any more. Look at its state again."))
    return "sent_again"


@action("sending")
def arrival(request: HttpRequest, case: Case, message_id: int) -> str:
    """A person knows that an uncertain message did arrive."""
    _refuse_early(policies.work_refusal(request.user, case))
    message = get_object_or_404(case.messages, pk=message_id)
    if not outgoing.arrived(message, by=request.user):
        raise Refused(_("This message is not waiting for a decision any more. Look at its state again."))
    return "arrived"


@action("sending")
def taking_back(request: HttpRequest, case: Case, message_id: int) -> str:
    """Keep a message from leaving; its words go back into their form."""
    message = get_object_or_404(case.messages, pk=message_id)
    if not retraction.take_back(message, by=request.user):
        raise Refused(_("Too late: this message has left, or is leaving now."))
    return f"taken_back&again={message.pk}"


@action("hearing")
def hearing(request: HttpRequest, case: Case, message_id: int) -> str:
    """A message was taken for a machine's, and a person wrote it."""
    message = get_object_or_404(case.messages.select_related("author_person"), pk=message_id)
    message.case = case
    now_in = second_look.hear_message(message, by=request.user)
    return "heard_apart" if now_in and now_in.pk != case.pk else "heard"


@action("reminders")
def reminder_stop(request: HttpRequest, case: Case) -> str:
    """No further reminders of the open question."""
    reminders.stop(case, by=request.user)
    return "reminders_stopped"


@action("whose")
def complainant(request: HttpRequest, case: Case, message_id: int) -> str:
    """Say whether a complaint is a colleague's own, or was forwarded on behalf of a customer."""
    message = get_object_or_404(case.messages.select_related("author_person"), pk=message_id)
    message.case = case
    if request.POST.get("whose") == "colleague":
        forwarding.say_own(message, by=request.user)
        return "own"
    typed = {name: request.POST.get(name, "")[:320] for name in ("email", "name")}
    forwarding.say_forwarded(message, by=request.user, **typed)
    return "on_behalf"


@action("contract")
def contract(request: HttpRequest, case: Case) -> str:
    """Say which contract the case is about."""
    wanted = request.POST.get("contract", "")
    chosen = None
    if wanted != "none":
        chosen = next((one for one in contracts_for(case) if str(one.pk) == wanted), None)
        if chosen is None:
            raise Refused(_("Choose a contract from the list."))
    choose_contract(case, chosen, by=request.user)
    return "contract"


def _refuse_early(refusal: str | None) -> None:
    if refusal:
        raise Refused(refusal)


def day_of(typed: str) -> date:
    """A day somebody typed. Raises Refused."""
    try:
        day = date.fromisoformat(typed)
    except ValueError as problem:
        raise Refused(_("Choose a date.")) from problem
    today = clock.now().astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    if not today - timedelta(days=1) <= day <= today + timedelta(days=366):
        raise Refused(_("Choose a date within the coming year."))
    return day
