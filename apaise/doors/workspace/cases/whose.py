"""What the page says of a complaint that one of us sent: forwarded for a customer, or their own."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef

from apaise.ground.accounts.models import User
from apaise.ground.parties.models import Address
from apaise.intake.cases.message import Message
from apaise.intake.channels.forwarding import flip_refusal


def sent_by_staff() -> Exists:
    """Whether the complainant of a case is one of us, for `annotate`."""
    staff = User.objects.filter(is_active=True).values("email")
    mail = Address.objects.filter(person_id=OuterRef("complainant_id"), kind="email", value__in=staff)
    return Exists(mail)


def whose(case: Any, events: Iterable[dict[str, Any]], me: User) -> dict[str, Any] | None:
    """Of the message that opened the case, if one of us sent it; else None, without a question to the database."""
    messages = [event["message"] for event in events if "message" in event]
    first = next((one for one in messages if one.kind == Message.Kind.COMPLAINT), None)
    forward = getattr(first, "forward", None) if first else None
    if first is None or first.channel != "email" or not (forward or case.sent_by_staff):
        return None
    first.case = case
    author = first.author_person.display_name() if first.author_person else ""
    return {
        "message_id": first.pk,
        "on_behalf": bool(forward and forward.on_behalf),
        "forwarder": forward.forwarder if forward else author,
        "customer": forward.customer.display_name() if forward else "",
        "may_turn": bool(forward and forward.colleague_id),
        "refusal": flip_refusal(me, first),
    }
