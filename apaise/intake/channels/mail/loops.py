"""Mail of our own that comes back in, by a copy or a redirection: never a requester, never answered."""

from apaise.intake.cases.message import Message
from apaise.intake.cases.sealed import case_of_mail
from apaise.intake.channels.mail.addresses import desk_of
from apaise.lib.mime import Mail


def is_our_own(mail: Mail) -> bool:
    """Whether this very mail left our own gate: one of our desks sends what bears our number.

    A stranger who uses our number again is no loop; a person looks at that."""
    number = mail.message_id or ""
    if not number.startswith("<apaise.") or not mail.from_ or desk_of(mail.from_[0].address) is None:
        return False
    ours = Message.objects.filter(message_id=number, direction=Message.Direction.OUT)
    return case_of_mail(number) is not None or ours.exists()
