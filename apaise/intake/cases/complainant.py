"""Whose complaint a case is, said anew by a person: never by a mail."""

from django.db import transaction
from django.utils.translation import gettext as _

from apaise.ground.accounts.models import User
from apaise.ground.parties.models import Person
from apaise.intake.cases import findable, policies, tracking
from apaise.intake.cases.contract import only_contract_of
from apaise.intake.cases.history import happened
from apaise.intake.cases.message import Message
from apaise.intake.cases.messages import Refused

ON_ITS_WAY = (Message.State.QUEUED, Message.State.SENDING)


def complainant_refusal(user: User, message: Message) -> str | None:
    """Why this person may not say that the complaint which opened a case is somebody else's."""
    case = message.case
    if refusal := policies.work_refusal(user, case):
        return refusal
    if not case.is_open:
        return _("This case has ended; reopen it first.")
    ours = list(case.messages.exclude(direction="in").values_list("kind", "state"))
    if any(kind != Message.Kind.ACKNOWLEDGEMENT for kind, _state in ours):
        return _(
            "%(name)s was written to already. Tell them, and type in the other complaint as a case of its own."
        ) % {"name": case.complainant.display_name()}
    if any(state in ON_ITS_WAY for _kind, state in ours):
        return _("The acknowledgement is just leaving. Try again in a minute.")
    others = case.messages.filter(direction="in", is_machine=False).exclude(pk=message.pk)
    if message.kind != Message.Kind.COMPLAINT or others.exists():
        return _("Other messages of the customer are in this case. Split this one off first.")
    return None


def correct_complainant(message: Message, to: Person, *, word: str, by: User, of: str) -> None:
    """The case, and the complaint that opened it, are `to`'s. Links sent to whoever it was taken for end. Raises Refused.

    word, of   the ledger word that says why, and the code of who sent it"""
    with transaction.atomic():
        case = message.case
        case.hold()
        case.refresh_from_db()
        if refusal := complainant_refusal(by, message):
            raise Refused(refusal)
        tracking.revoke(case)
        message.author_person = to
        Message.objects.filter(pk=message.pk).update(author_person=to)
        case.keep(complainant=to, organisation=to.organisation, contract=only_contract_of(to))
        happened(case, word, by=by, message=message.pk, person=to.actor_code, of=of)
        findable.refresh([case.pk])
