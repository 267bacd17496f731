"""What every staff page shows around its own content: the rail, the alerts, what was just done."""

from typing import Any

from django.conf import settings
from django.db.models import Count, QuerySet, Subquery, Value
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apaise.ground.accounts.alerts import unseen
from apaise.ground.accounts.models import User
from apaise.intake.cases.policies import WORKERS
from apaise.intake.channels.models import Arrival
from apaise.intake.channels.post.out import to_post

DONE = {
    "assigned": _("The case has a new handler."),
    "qualified": _("The case is qualified and the restatement is on its way."),
    "replied": _("Your reply is on its way."),
    "asked": _("Your question is on its way; the case waits for the customer."),
    "noted": _("Your note is kept. The customer never sees it."),
    "answered": _("The final reply is on its way."),
    "extended": _("The new date is on the case, and the customer is told why."),
    "redirected": _("The customer is told where this is followed."),
    "accepted": _("The customer's acceptance is recorded."),
    "closed": _("The case is closed; the customer is told how to reopen it."),
    "reopened": _("The case is open again, under the same reference."),
    "criticality": _("The criticality is changed."),
    "sent_again": _("The message goes out again, under the same number: a mail reader shows it once."),
    "taken_back": _("The message did not leave. Its words are back in the form."),
    "reminders_stopped": _("The customer is not reminded of this question any more."),
    "mail_stopped": _("No mail leaves from now on."),
    "mail_resumed": _("What waited leaves within a minute."),
    "arrived": _("The message is marked as arrived."),
    "merged": _("The case is followed in the other one now. Nothing was lost; you can undo it."),
    "merge_undone": _("The merge is undone: both cases are as they were, with what came in since."),
    "split": _("The chosen messages are a case of their own now, with their own dates. You can undo it."),
    "split_undone": _("The split is undone: the messages are back in their case."),
    "linked": _("The two cases are linked."),
    "unlinked": _("The link is removed."),
    "dismissed": _("This case is not suggested here again."),
    "promised": _("The promise is on the case, with its date."),
    "promise_kept": _("Noted as done."),
    "replayed": _("The message was read again and filed."),
    "heard": _("The message counts as a person's, from its receipt."),
    "heard_apart": _("The message came too late to reopen this case: it opened a new one, linked to it."),
    "still_waiting": _("The message was read again and still cannot be filed; its reason stands beside it."),
    "set_aside": _("The message is set aside. It is kept."),
    "spam": _("The message is on the list of spam. It is kept, and you can take it back for 90 days."),
    "entered": _("The case is open, and its acknowledgement is on its way."),
    "added": _("It is added to the case: nothing has to be told twice."),
    "posted": _("Noted: the letter has left."),
    "medium": _("From now on our words go the way the customer wants."),
    "retried": _("The task will run again in a moment."),
    "saved": _("Saved."),
    "people_merged": _("The two are one person now. You can undo it on this page."),
    "unmerged": _("They are two people again; each has what they had before."),
    "people_kept_apart": _("They are two people; they are not proposed again."),
    "dropped": _("The file is dropped; nothing of it is kept here."),
    "own": _("The complaint is the colleague's own now."),
    "on_behalf": _("The complaint is filed on behalf of the customer now."),
    "told": _("The fact is on the case, and its dates follow it."),
    "untold": _("The fact is taken back; the dates are as if it had never been told."),
    "prolonged": _("The date is moved, as the policy provides."),
    "contract": _("The case is about this contract."),
    "task_done": _("Noted as done."),
    "region": _("The region is changed. Cases received from now on count its holidays."),
}


def frame(request: HttpRequest, here: str) -> dict[str, Any]:
    """Context of the workspace layout. `here` names the entry of the rail."""
    user = request.user
    entries = [entry for entry in _entries(user) if entry is not None]
    for entry in entries:
        entry["current"] = entry["here"] == here
    return {
        "rail": entries,
        "me": {
            "name": user.name,
            "ident": user.pk,
            "href": reverse("workspace:account"),
            "sign_out": reverse("sign-out"),
        },
        "settings_href": None,
        "done": DONE.get(request.GET.get("done", "")),
    }


def _entries(user: User) -> list[dict[str, Any] | None]:
    sees_cases = user.has_role("handler", "team_lead", "complaints_manager", "auditor", "executive")
    takes_in = user.has_role(*WORKERS)
    alerts, letters, waiting = _counts(
        user,
        unseen(user),
        to_post(user) if sees_cases else None,
        Arrival.objects.visible_to(user).in_quarantine() if sees_cases else None,
    )
    leads = user.has_role("team_lead", "complaints_manager")
    today = _entry("today", _("Today"), "wall") if sees_cases else None
    return [
        today if leads else None,
        _entry("cases", _("Cases"), "inbox") if sees_cases else None,
        None if leads else today,
        _entry("tasks", _("To do"), "check") if sees_cases else None,
        _entry("entry-phone", _("New case"), "plus", key="c") if takes_in else None,
        _entry("alerts", _("Alerts"), "flag", alerts, ngettext("alert", "alerts", alerts)),
        _entry(
            "quarantine",
            _("Quarantine"),
            "filter",
            waiting,
            ngettext("message waiting", "messages waiting", waiting),
        )
        if sees_cases
        else None,
        _entry("post", _("Letters to post"), "letter", letters, ngettext("letter", "letters", letters))
        if sees_cases
        else None,
        _entry("people", _("Customers"), "people") if sees_cases else None,
        _entry("customer-files", _("Import of customers"), "file")
        if user.has_role("administrator", "complaints_manager")
        else None,
        _entry("outbox", _("Outbox of the demo"), "send") if settings.DEMO and sees_cases else None,
        _entry("mailboxes", _("Mailboxes"), "mail") if user.has_role("administrator") else None,
        _entry("queue", _("Queue"), "gear") if user.has_role("administrator") else None,
        _entry("sending", _("Outgoing mail"), "send") if user.has_role("administrator") else None,
        _entry("style-guide", _("Components"), "wall") if user.has_role("administrator") else None,
    ]


def _counts(user: User, *asked: QuerySet[Any] | None) -> list[int]:
    """How many rows each of these finds, in one question: the rail stands on every page."""
    counted = {
        f"n{number}": Subquery(
            rows.order_by().annotate(one=Value(1)).values("one").annotate(n=Count("pk")).values("n")
        )
        for number, rows in enumerate(asked)
        if rows is not None
    }
    found = User.objects.filter(pk=user.pk).values(**counted).get()
    return [found.get(f"n{number}") or 0 for number in range(len(asked))]


def _entry(
    here: str, label: Any, icon: str, count: int = 0, count_words: str = "", key: str | None = None
) -> dict[str, Any]:
    href = reverse(f"workspace:{here}")
    return {
        "here": here,
        "label": label,
        "href": href,
        "icon": icon,
        "count": count,
        "count_words": count_words,
        "key": key,
    }
