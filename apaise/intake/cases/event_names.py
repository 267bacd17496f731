"""What the ledger's words, their force and their confidence are called, for people who read a policy or a date."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apaise.intake.cases.happening import NAMES
from apaise.lib.working_time import Duration

EVENT_NAMES = {
    **NAMES,
    "case.received": _("We received the complaint"),
    "complaint.written": _("The complaint exists in writing"),
    "durable_recap.sent": _("We wrote down what was said"),
    "ack.sent": _("The acknowledgement left"),
    "contact.human_done": _("A person spoke or wrote to the customer"),
    "case.assigned": _("Somebody took the case"),
    "case.qualified": _("The case was qualified"),
    "case.qualified_as_billing_dispute": _("A bill is disputed"),
    "restatement.sent": _("We wrote what we understood"),
    "awaiting_customer.started": _("We asked the customer a question"),
    "awaiting_customer.ended": _("The customer answered, or the date to answer passed"),
    "case.scope_confirmed_systemic": _("The failure turned out to be general"),
    "decision.communicated": _("The customer was told the decision"),
    "final_reply.sent": _("The final reply left"),
    "acceptance.recorded": _("The customer accepted the answer"),
    "commitment.made": _("We promised something"),
    "commitment.kept": _("The promise was kept"),
    "commitment.broken": _("The promise was not kept"),
    "message.sent": _("A message of ours left"),
    "case.closed": _("The case was closed"),
    "case.reopened": _("The case was reopened"),
    "case.withdrawn": _("The customer withdrew the complaint"),
    "case.merged": _("The case was merged with another"),
    "case.redirected": _("The case was passed on"),
    "deadline.stopped": _("It turned out that this date does not apply"),
}
CONFIDENCE_NAMES = {
    "verified": _("checked in the text"),
    "secondary": _("read on a page that restates the rule"),
    "memory": _("to be read again"),
    "practice": _("professional practice"),
    "design": _("our own choice"),
}
FORCE_NAMES = {
    "law": _("law"),
    "recommendation": _("recommendation of the supervising authority"),
    "charter": _("mediator's charter"),
    "practice": _("professional practice"),
    "contract": _("contract"),
    "internal": _("our own rule"),
}


def event_name(word: str) -> str:
    """What happened, for people; the word itself for one without a name."""
    return str(EVENT_NAMES.get(word, word))


def length_words(length: Duration) -> str:
    """A length of a pack: "10 jours ouvrés", "2 months"."""
    value = length.value
    words = {
        "minutes": ngettext("%(num)s minute", "%(num)s minutes", value),
        "business_minutes": ngettext("%(num)s minute of opening", "%(num)s minutes of opening", value),
        "business_hours": ngettext("%(num)s hour of opening", "%(num)s hours of opening", value),
        "business_days": ngettext("%(num)s business day", "%(num)s business days", value),
        "ouvrable_days": ngettext(
            "%(num)s working day, Saturdays included", "%(num)s working days, Saturdays included", value
        ),
        "calendar_days": ngettext("%(num)s day", "%(num)s days", value),
        "weeks": ngettext("%(num)s week", "%(num)s weeks", value),
        "months": ngettext("%(num)s month", "%(num)s months", value),
        "years": ngettext("%(num)s year", "%(num)s years", value),
    }
    return words[length.unit] % {"num": value}
