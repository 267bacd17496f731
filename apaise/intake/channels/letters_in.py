"""A letter that came by post, typed in with its dates, its registered number and its scan."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _

from apaise.ground.accounts.models import User
from apaise.intake.cases.message import Message
from apaise.intake.cases.messages import File, Refused
from apaise.intake.cases.models import Case
from apaise.intake.channels.by_hand import Held, Told, Who, at_hour, file_by_hand, is_future
from apaise.intake.channels.details import Letter, registered_key

MORNING, MIDDAY = 9, 12  # the post comes in the morning; of a posted letter nobody knows the hour


class Envelope(NamedTuple):
    """What the envelope says."""

    received_on: date
    posted_on: date | None = None
    registered_number: str = ""


def file_letter(
    told: Told, envelope: Envelope, *, by: User, scans: Sequence[File] = (), answer_by_letter: bool = True
) -> Case:
    """File a letter. Our clocks start on the day we received it, `sent_at` is the day it was posted. Safe to repeat.

    told   its `at` is set here, from the envelope.     Raises Refused."""
    if gap := _gap(told.who, envelope, answer_by_letter):
        raise Refused(gap)
    if not told.text.strip() and scans:
        told = told._replace(text=_("(The letter is in the scan.)"))

    def finish(message: Message) -> None:
        Letter.objects.create(
            message=message,
            typed_by=by,
            posted_on=envelope.posted_on,
            received_on=envelope.received_on,
            registered_number=envelope.registered_number.strip(),
            registered_key=registered_key(envelope.registered_number),
        )

    held = Held(
        "letter",
        {"envelope": envelope._asdict(), "answer_by_letter": answer_by_letter},
        finish,
        sent_at=at_hour(envelope.posted_on, MIDDAY) if envelope.posted_on else None,
        wants_paper=answer_by_letter,
        files=scans,
    )
    return file_by_hand(told._replace(at=at_hour(envelope.received_on, MORNING)), held, by=by)


def _gap(who: Who, envelope: Envelope, answer_by_letter: bool) -> str | None:
    posted = envelope.posted_on
    if is_future(envelope.received_on):
        return _("A letter cannot have come on a day that has not come yet. Check the day it was received.")
    if posted and is_future(posted):
        return _(
            "A letter cannot have been posted on a day that has not come yet. Check the day it was posted."
        )
    if posted and posted > envelope.received_on:
        return _("The letter would have come before it was posted. Check the two days.")
    if len(envelope.registered_number.strip()) > 40 or (
        envelope.registered_number.strip() and len(registered_key(envelope.registered_number)) < 8
    ):
        return _("A registered number has 8 to 40 letters and digits. Check it on the envelope.")
    if answer_by_letter and not (who.postal or (who.person and who.person.postal)):
        return _("To answer by letter we need the postal address. Type it, or choose to answer by e-mail.")
    return None
