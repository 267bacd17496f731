"""Who gets our mail: the customer who wrote, and in copy only whom a person chose and, when new, confirmed."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _

from apaise.intake.cases.message import Message
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case
from apaise.intake.cases.paper import carrier_for

MOST = 20  # in copy of one mail; more is a mailing, not an answer
MOST_OFFERED = 40
REACHED_NOBODY = (Message.State.FAILED, Message.State.TAKEN_BACK)


class Recipient(NamedTuple):
    """Somebody a mail may go to, and whether we wrote to them on this case before."""

    address: str
    is_new: bool


class Recipients(NamedTuple):
    """To whom the next mail goes, and who may be put in copy."""

    to: Recipient
    offered: list[Recipient]


def of_next_mail(case: Case, messages: Iterable[Message] | None = None) -> Recipients | None:
    """Whom an answer goes to and whom it may go to in copy; None when our words leave by another way than mail.

    messages   of the case, where they are at hand already"""
    channel, address = carrier_for(case)
    if channel != "email":
        return None
    if messages is None:
        messages = case.messages.defer("text", "new_text")
    mails = [one for one in messages if one.channel == "email" and not one.is_machine]
    return _of_mails(case, address, sorted(mails, key=lambda one: (one.at, one.pk), reverse=True))


def _of_mails(case: Case, address: str, latest_first: Sequence[Message]) -> Recipients:
    heard = [one for one in latest_first if not one.is_ours]
    # What failed or was taken back reached nobody.
    written = [one for one in latest_first if one.is_ours and one.state not in REACHED_NOBODY]
    known = {one.lower() for mail in written for one in (mail.to_address, *mail.copies)}
    theirs = {way.value.lower() for way in case.complainant.ways() if way.kind == "email"}
    wrote_from = {one.from_address.lower() for one in heard if one.author_person_id == case.complainant_id}
    to_is_new = bool(known) and address.lower() not in known | wrote_from
    # Offered: who stood in the mail we answer, who wrote into the case, who was in copy of ours.
    named = [*(heard[0].copies if heard else []), *(one.from_address for one in heard if one.from_address)]
    named += [one for mail in written for one in mail.copies]
    others = [one for one in _once(named) if one not in theirs and one != address.lower()]
    offered = [Recipient(one, one not in known) for one in others[:MOST_OFFERED]]
    return Recipients(Recipient(address, to_is_new), offered)


def check(case: Case, copies: Sequence[str], confirmed: Iterable[str]) -> None:
    """Whether a mail may go to these people besides the customer. Raises Refused, with the new ones by name."""
    if len(copies) > MOST:
        raise Refused(_("At most %(most)s people can be in copy of a reply.") % {"most": MOST})
    next_mail = of_next_mail(case)
    if next_mail is None:
        if copies:
            raise Refused(_("This customer is not answered by e-mail, so nobody can be in copy."))
        return
    offered = {one.address: one for one in next_mail.offered}
    if strangers := [one for one in copies if one not in offered]:
        raise Refused(
            _("%(address)s has no part in this case and cannot be in copy.") % {"address": strangers[0]}
        )
    chosen = [next_mail.to, *(offered[one] for one in copies)]
    new = [one.address for one in chosen if one.is_new and one.address not in set(confirmed)]
    if new:
        raise Refused(
            _("New since our last message: %(addresses)s. Confirm that it goes there, then send it.")
            % {"addresses": ", ".join(new)}
        )


def _once(addresses: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(one.lower() for one in addresses))
