"""A bounce of a mail of ours, matched to that mail: what it carries of it cannot be made up by a stranger."""

from django.db.models import QuerySet

from apaise.intake.cases.message import Message
from apaise.intake.cases.returns import mark_returned, mark_unreached
from apaise.intake.channels.mail.addresses import split_token
from apaise.lib.mime import Mail
from apaise.lib.mime.reports import OTHER, Recipient, Returned, returned


def take_back(mail: Mail, envelope_to: str = "") -> Message | None:
    """Note on the message that came back what this bounce tells, and return it; None if it is none of ours."""
    told = returned(mail)
    message = _by_number(told) or _by_token(told, mail, envelope_to)
    if message is None:
        return None
    in_copy = {one.lower() for one in message.copies}
    missed = [one for one in told.recipients if one.address in in_copy]
    for one in missed:
        mark_unreached(message, one.address, one.why, hard=one.is_hard)
    if missed and not any(one.address == message.to_address.lower() for one in told.recipients):
        return message  # nothing is wrong with the customer's address
    failed = _of(told, message.to_address) or Recipient(message.to_address, "failed", "", "")
    # Whoever was in copy knows the number of the mail, and could make a report up: it condemns no address for good.
    for_good = failed.is_hard and not message.copies
    mark_returned(message, failed.why if failed.status or failed.diagnostic else OTHER, for_good=for_good)
    return message


def _ours() -> QuerySet[Message]:
    return Message.objects.filter(direction=Message.Direction.OUT, channel="email").select_related("case")


def _by_number(told: Returned) -> Message | None:
    """Our Message-ID holds a long random number: only who was sent the mail, or carried it, knows it."""
    return _ours().filter(message_id__in=told.message_ids).first() if told.message_ids else None


def _by_token(told: Returned, mail: Mail, envelope_to: str) -> Message | None:
    """It came to the signed address of a case: the last mail there to the address it names."""
    named = {one.address for one in told.recipients}
    for address in (envelope_to, *(to.address for to in (*mail.to, *mail.cc))):
        _, case_id = split_token(address)
        if case_id and named:
            left = _ours().filter(case_id=case_id, state__in=[Message.State.SENT, Message.State.UNCERTAIN])
            return next((one for one in left.order_by("-pk")[:20] if one.to_address.lower() in named), None)
    return None


def _of(told: Returned, address: str) -> Recipient | None:
    """What it says of this address; of another only if that is the one it names: mail is forwarded."""
    same = next((one for one in told.recipients if one.address == address.lower()), None)
    return same or (told.recipients[0] if len(told.recipients) == 1 else None)
