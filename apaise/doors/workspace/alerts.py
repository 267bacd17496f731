"""What a person of ours must know, in words; the codes come from journey/steps.py and journey/rounds.py."""

from typing import Any, NamedTuple

from django.core.paginator import Paginator
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from apaise.doors.workspace.frame import frame
from apaise.ground.accounts.alerts import see
from apaise.ground.accounts.models import Alert
from apaise.intake.cases import deadlines
from apaise.intake.cases.models import Case
from apaise.intake.channels.mail import doors


class Words(NamedTuple):
    """What happened, and what to do about it."""

    what: Any
    then: Any
    tone: str | None
    icon: str


WORDS = {
    "case_assigned": Words(
        _("A case was given to you"),
        _("Read it and write a first word: the customer is told a person has it."),
        "us",
        "inbox",
    ),
    "customer_wrote": Words(
        _("The customer wrote"), _("Read it; it may change what the next step is."), "us", "mail"
    ),
    "case_absorbed": Words(
        _("Another case was merged into yours"),
        _("Read what came with it: the earlier dates hold now."),
        "us",
        "inbox",
    ),
    "promise_broken": Words(
        _("A promise was not kept in time"),
        _("Tell the customer before they ask, and do it now or give a new date."),
        "late",
        "broken",
    ),
    "mail_uncertain": Words(
        _("A mail may not have arrived"),
        _(
            "The connection broke while it was being sent. Look at the case: send it again, or say that it arrived."
        ),
        "soon",
        "alert",
    ),
    "mail_returned": Words(
        _("A mail to the customer came back"),
        _("They have not read it. Look at the case for the reason, and reach them by another way."),
        "late",
        "alert",
    ),
    "mail_held": Words(
        _("An automatic mail waits"),
        _(
            "Its address had many automatic mails within the hour. It leaves later by itself; if another machine answers ours, tell its owner."
        ),
        "soon",
        "clock",
    ),
    "mail_stopped": Words(
        _("Automatic mail has stopped"),
        _(
            "Too many left within a minute. Look at “Outgoing mail” for what sends them, then let them go again. What people write still leaves."
        ),
        "late",
        "alert",
    ),
    "customer_reminded": Words(
        _("The customer is reminded of your question"),
        _("A reminder is on its way. If the answer came by telephone, file it, and the case goes on."),
        "us",
        "clock",
    ),
    "question_lapsed": Words(
        _("No answer to your question by its date"),
        _("The case goes on with what we have; the answer to the complaint is still owed."),
        "soon",
        "clock",
    ),
    "deadline_near": Words(
        _("A date is near: %(date)s"),
        _("There is still time to keep it, or to announce a new one with its reason."),
        "soon",
        "clock",
    ),
    "deadline_missed": Words(
        _("A date was missed: %(date)s"),
        _("Tell the customer before they ask, with a new date."),
        "late",
        "clock",
    ),
    "quarantine_overdue": Words(
        _("A message has waited in quarantine for more than an hour"),
        _("Somebody may be waiting for an answer. Read it again, let it in, or set it aside."),
        "late",
        "filter",
    ),
    "mail_silent": Words(
        _("No mail has come for long: %(door)s"),
        _(
            "Perhaps nobody wrote. Send a mail there yourself; if it does not come, look at the mailbox and the mail server."
        ),
        "late",
        "mail",
    ),
    "mailbox_down": Words(
        _("Mail is not fetched any more: %(door)s"),
        _(
            "For an hour no look went well. What is in the way stands on the page of the mailbox; nothing is lost, mail waits on its server."
        ),
        "late",
        "mail",
    ),
    "file_infected": Words(
        _("An infected file has come in"),
        _("It is kept closed and nobody can open it. Its sender may not know: the case says who that is."),
        "late",
        "alert",
    ),
    "nobody_stands_in": Words(
        _("Somebody is absent and nobody stands in"),
        _(
            "The case is with the next level now. Name somebody on “Presence and absences”, or give the case away."
        ),
        "late",
        "people",
    ),
    "fell_to_next_level": Words(
        _("A case fell to the next level"),
        _("Of those meant for it nobody is there or may have it. Look at who could, and give it to them."),
        "late",
        "up",
    ),
    # One for each breach action of docs/policy-packs.md: until its room is built, a person does it.
    "do_escalate": Words(
        _("To do: pass the case to the next level"),
        _("A date was missed: %(date)s. Add a note that says what is done and what is left."),
        "late",
        "up",
    ),
    "do_escalate_executive": Words(
        _("To do: pass the case to the executive"),
        _("A date was missed: %(date)s. Add a note that says what is done and what is left."),
        "late",
        "up",
    ),
    "do_log_breach": Words(
        _("To do: enter the missed date in the register"),
        _("%(date)s. Write down the reason within two working days."),
        "late",
        "book",
    ),
    "do_send_holding_update": Words(
        _("To do: tell the customer where we are, with a new date"),
        _("A date was missed: %(date)s. Announce the new date on the case."),
        "late",
        "send",
    ),
    "do_send_holding_update_with_mediator": Words(
        _("To do: tell the customer where we are, and that the mediator may be asked now"),
        _("A date was missed: %(date)s. The message names the mediator and until when."),
        "late",
        "scales",
    ),
    "do_send_eight_week_letter": Words(
        _("To do: send the eight-week letter"),
        _("It says why there is no final answer yet, when it comes, and the right to go to the ombudsman."),
        "late",
        "letter",
    ),
    "do_apologise_and_reschedule": Words(
        _("To do: apologise for a broken promise and give a new date"),
        _("%(date)s. A new date only if you can keep it."),
        "late",
        "promise",
    ),
    "do_compute_penalty": Words(
        _("To do: compute what the law adds to the amount owed"),
        _("%(date)s. Add it to what the customer receives."),
        "late",
        "scales",
    ),
    "do_offer_price_reduction_or_termination": Words(
        _("To do: offer a price reduction or the end of the contract"),
        _("%(date)s. Put both options to the customer; the choice is theirs."),
        "late",
        "scales",
    ),
}
OTHER = Words(_("Something happened on this case"), _("Look at the case."), None, "flag")


@require_safe
def alerts(request: HttpRequest) -> HttpResponse:
    """What this person must know, unseen first, then newest first; about cases they may see."""
    told = Alert.objects.filter(user=request.user).order_by(F("seen_at").desc(nulls_first=True), "-at", "-pk")
    shown = Paginator(told, 50).get_page(request.GET.get("page"))
    references = {alert.chain for alert in shown if alert.chain}
    visible = {
        case.reference: case
        for case in Case.objects.visible_to(request.user).filter(reference__in=references)
    }
    items = [
        _item(alert, visible.get(alert.chain)) for alert in shown if not alert.chain or alert.chain in visible
    ]
    page = {
        **frame(request, "alerts"),
        "items": items,
        "shown": shown,
        "fresh": sum(1 for item in items if item["fresh"]),
    }
    return render(request, "workspace/alerts.html", page)


def _item(alert: Alert, case: Case | None) -> dict[str, Any]:
    words = WORDS.get(alert.kind, OTHER)
    if alert.kind in ("mail_silent", "mailbox_down"):
        facts = {"door": doors.name_of(alert.detail)}
    else:
        facts = {"date": deadlines.label(alert.detail) if alert.detail else ""}
    return {
        "alert": alert,
        "case": case,
        "what": str(words.what) % facts,
        "then": str(words.then) % facts,
        "tone": words.tone,
        "icon": words.icon,
        "fresh": alert.seen_at is None,
    }


@require_POST
def seen(request: HttpRequest, alert_id: int) -> HttpResponse:
    if not Alert.objects.filter(pk=alert_id, user=request.user).exists():
        raise Http404
    see(request.user, alert_id)
    return redirect("workspace:alerts")
