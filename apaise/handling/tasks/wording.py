"""What a task asks for, in words."""

from django.utils.translation import gettext_lazy as _

KINDS = {
    "escalate": _("Pass the case to the next level, with a hand-over note"),
    "escalate_executive": _("Pass the case to the executive, with a hand-over note"),
    "log_breach": _("Write down why the date was missed"),
    "send_holding_update": _("Tell the customer where we are, with a new date"),
    "send_holding_update_with_mediator": _(
        "Tell the customer where we are, and that the mediator may be asked now"
    ),
    "send_eight_week_letter": _("Send the eight-week letter"),
    "apologise_and_reschedule": _("Apologise for the broken promise and give a new date"),
    "compute_penalty": _("Add what the law adds to the amount owed"),
    "tell_sum": _("Say the sum that is owed: the law adds to it each day, and only a person knows it"),
    "offer_price_reduction_or_termination": _("Offer a price reduction or the end of the contract"),
    "place_again": _("Give the case to somebody else: who held it is a party"),
    "introduce": _("Tell the customer who answers for the complaint now"),
    "explain_breach": _("Write down why the date was missed"),
    "first_complaint": _("Their first complaint is answered: ask them whether it is solved"),
    "service_notice": _("Tell the whole service of the decision, the technician on site first"),
    "progress_update": _("Tell the customer where we are: they have heard nothing for days"),
}


def named(kind: str) -> str:
    """What is to be done, for lists."""
    return str(KINDS.get(kind, kind))
