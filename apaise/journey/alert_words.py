"""What a person of ours must know, in words, for the page and for the mail; the codes come from steps.py and rounds.py."""

from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from apaise.ground.accounts.models import Alert
from apaise.ground.accounts.naming import named
from apaise.handling.routing.telling import occasion_name
from apaise.intake.cases import deadlines
from apaise.intake.channels.mail import doors


class Words(NamedTuple):
    """What happened, and what to do about it."""

    what: Any
    then: Any
    tone: str | None
    icon: str


WORDS = {
    "third_contact": Words(
        _("A customer comes back to the same matter for the third time"),
        _("Read what was tried before, and call them: what did not help twice will not help now."),
        "late",
        "reopen",
    ),
    "criticality_suggested": Words(
        _("The factors of your case come to a higher criticality"),
        _(
            "Look at what has become known, and take over the level, or leave yours: it is never changed by itself."
        ),
        "soon",
        "flag",
    ),
    "reach_passed": Words(
        _("A public complaint has been seen by many"),
        _(
            "Whoever holds the level named by the policy takes the case. Answer where it can be read, with no personal data."
        ),
        "late",
        "eye",
    ),
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
    "copy_returned": Words(
        _("Somebody in copy of a mail was not reached"),
        _("The case says which address and why. Correct it, or tell them by another way."),
        "soon",
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
    "case_taken": Words(
        _("A case was taken from whoever held it"),
        _("They are a party: the page of the case says why. Give it to somebody else; its dates run."),
        "soon",
        "people",
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
    "conflict_breached": Words(
        _("Somebody who is a party had acted on this case, or seen it"),
        _("The case lists what they did. Decide whether any of it must be done again by somebody else."),
        "late",
        "scales",
    ),
    "staff_named": Words(
        _("The customer names somebody of ours"),
        _("Is the complaint about them? One click on the case keeps them apart."),
        "soon",
        "people",
    ),
    "context_note_asked": Words(
        _("Facts are asked of you"),
        _("The question, and by when, is on the page of your context notes."),
        "us",
        "pen",
    ),
    "context_note_late": Words(
        _("A context note of yours is late"),
        _("A short note now helps; or say that you cannot answer."),
        "late",
        "pen",
    ),
    "context_note_added": Words(
        _("A context note has come"),
        _("It is in the conversation of the case. Its facts are yours to weigh."),
        "us",
        "pen",
    ),
    "context_note_declined": Words(
        _("A context note was declined"),
        _("The case says why. Ask somebody else, or go on without it."),
        "soon",
        "pen",
    ),
    "context_note_awaited": Words(
        _("A context note is late"),
        _("Whoever was asked is reminded. Your own dates run all the same."),
        "soon",
        "clock",
    ),
    "case_escalated": Words(
        _("A case was passed up to you"),
        _("Read the hand-over note; the customer is told that you answer for it now."),
        "late",
        "up",
    ),
    "case_returned": Words(
        _("A case is handed back to you"),
        _("The reason stands on its page about escalation, with what is to be done now."),
        "us",
        "undo",
    ),
    "case_bounced": Words(
        _("A case goes to and fro"),
        _("It was handed back twice to the same level. Speak with both, and settle who does what."),
        "late",
        "swap",
    ),
    "level_empty": Words(
        _("A level of the ladder has nobody for this case: %(who)s"),
        _(
            "They are absent or kept apart from it, so it went one level further. Name somebody for next time."
        ),
        "soon",
        "people",
    ),
    "escalation_stuck": Words(
        _("A case should go up, and nobody above can take it"),
        _("Take it yourself, or give it to somebody: it stays where it is until then."),
        "late",
        "alert",
    ),
    "stage_reached": Words(
        _("A case you are told of: %(stage)s"),
        _("Your house's table of who is told names you for this."),
        "us",
        "flag",
    ),
}
OTHER = Words(_("Something happened on this case"), _("Look at the case."), None, "flag")
URGENT = frozenset(
    kind for kind, words in WORDS.items() if words.tone == "late"
)  # something is lost by waiting


def words_of(alert: Alert) -> Words:
    """What happened and what to do about it, in the reader's language."""
    words = WORDS.get(alert.kind, OTHER)
    if alert.kind in ("mail_silent", "mailbox_down"):
        facts = {"door": doors.name_of(alert.detail)}
    elif alert.kind == "stage_reached":
        facts = {"stage": occasion_name(alert.detail)}
    elif alert.kind == "level_empty":
        facts = {"who": named(alert.detail)}
    else:
        facts = {"date": deadlines.label(alert.detail) if alert.detail else ""}
    return words._replace(what=str(words.what) % facts, then=str(words.then) % facts)
