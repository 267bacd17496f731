"""What every staff page shows around its own content: the rail and what was just done."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apaise.doors.workspace.rail import rail

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
    "facts": _("What you said is kept; the criticality follows."),
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
    "passed_up": _("The case was passed up, with your note."),
    "handed_back": _("The case is handed back, with your reason."),
    "update_sent": _("The message is on its way."),
    "update_dropped": _("The message is set aside; nothing was sent."),
    "ticket_linked": _("The ticket is on the case. When it is closed there, the case goes on."),
    "ticket_changed": _("Noted how the ticket stands. The case goes on."),
    "ticket_unlinked": _("The ticket is no longer on the case."),
    "breach_explained": _("The reason is in the register."),
    "notified": _("Who is told is changed."),
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
    "prolonged_told": _("The date is moved, and the notice with its reason is on its way to the customer."),
    "contract": _("The case is about this contract."),
    "stepped_back": _(
        "You are kept apart from this case from now on. If it was yours, somebody else takes it over."
    ),
    "entered_apart": _(
        "The complaint is filed and acknowledged. You are kept apart from it, so a colleague takes it from here."
    ),
    "kept_apart": _("This person is kept apart from the case from now on."),
    "let_in": _("This person is let in until that evening. The reason stays on the case."),
    "not_meant": _("Noted: it is not about them."),
    "note_asked": _("The question is put to them. They see nothing else of the case."),
    "note_withdrawn": _("The note is no longer asked for."),
    "draft_kept": _("Your draft is kept. Nobody else reads it."),
    "note_sent": _("Your note is sent. Thank you: it can be read, not changed."),
    "note_declined": _("Noted. Whoever asked is told."),
    "published": _("It is published. New cases follow it."),
    "withdrawn": _("It is out of force. New cases follow the pack below it again."),
    "policy": _("The public page is published."),
    "served": _("This case is yours now. Why it was the next stands beside it, under “Handled by”."),
    "none_waits": _("No case waits for somebody right now."),
    "given_back": _("The case is back in its queue, with your reason."),
    "absence": _(
        "The absence is written down. What this person holds moves within a minute, and comes back."
    ),
    "absence_ended": _("The absence is called off. What was held meanwhile comes back within a minute."),
    "presence": _("Noted."),
    "rule": _("The rule counts from now on; cases already placed stay where they are."),
    "task_done": _("Noted as done."),
    "region": _("The region is changed. Cases received from now on count its holidays."),
}


def frame(request: HttpRequest, here: str) -> dict[str, Any]:
    """Context of the workspace layout. `here` names the entry of the rail."""
    user = request.user
    return {
        **rail(user, here),
        "me": {
            "name": user.name,
            "ident": user.pk,
            "href": reverse("workspace:account"),
            "sign_out": reverse("sign-out"),
        },
        "settings_href": None,
        "done": DONE.get(request.GET.get("done", "")),
    }
