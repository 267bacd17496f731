"""Mail of our own that comes back in: never a requester, never answered."""

from apaise.intake.cases.message import Message
from apaise.intake.channels.mail.addresses import is_ours
from apaise.lib.mime import Mail


def is_our_own(mail: Mail) -> bool:
    """Whether this very mail left our own gate. Its number holds a long random part and is kept in the row."""
    number = mail.message_id or ""
    return (
        number.startswith("<apaise.")
        and Message.objects.filter(message_id=number, direction=Message.Direction.OUT).exists()
    )


def is_from_us(mail: Mail) -> bool:
    """Whether one of our desks stands as its sender: a form on a site of ours, a forgery, a loop."""
    return bool(mail.from_) and is_ours(mail.from_[0].address)
