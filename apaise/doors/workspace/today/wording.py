"""What is to be done for a date, in words."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apaise.intake.cases.models import Case

TO_DO = {
    "ack": gettext_lazy("The customer does not know yet that we have it: acknowledge it."),
    "first_contact": gettext_lazy("Call the customer, or write to them in person."),
    "reply_target": gettext_lazy("Send the final reply, or move the date and say why."),
    "reply_hard_cap": gettext_lazy("Send the final reply today: this date cannot move."),
    "psp_reply": gettext_lazy("Send the final reply, or tell the customer why it takes longer."),
    "final_response": gettext_lazy("Send the final response, or the letter that says why there is none yet."),
    "progress_update": gettext_lazy("Tell the customer where we are."),
    "service_notified": gettext_lazy("Tell the whole service what was decided, whoever was on site first."),
    "corrective_plan_due": gettext_lazy(
        "Write the plan that mends the cause, and who carries it out by when."
    ),
    "post_resolution_followup": gettext_lazy("Ask the customer whether all is well now."),
    "commitment_due": gettext_lazy("Keep the promise, or tell the customer before its date."),
}


def to_do(case: Case) -> Any:
    """What the nearest date of this case asks for."""
    if case.handler is None:
        return _("Nobody holds it yet: take it, or give it to somebody.")
    return TO_DO.get(case.next_due_rule, _("Open the case and see what this date asks for."))
