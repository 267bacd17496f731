"""Letters of ours: written, printed and posted by a person; only what was posted counts as sent."""

from datetime import date
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from apaise.ground.accounts.models import User
from apaise.intake.cases import outgoing, policies
from apaise.intake.cases.message import Message
from apaise.intake.cases.messages import File, Refused
from apaise.intake.cases.models import Case
from apaise.intake.channels.by_hand import at_hour, is_future
from apaise.intake.channels.details import Posting, registered_key
from apaise.intake.channels.models import file_store
from apaise.intake.channels.post.letter_pdf import pdf_of

MIDDAY = 12  # of a day on which a letter was posted nobody notes the hour


def to_post(user: User) -> QuerySet[Message]:
    """The letters of the cases this person may see that wait to be posted, oldest first."""
    # Asked letter by letter: the letters are few, and "in" would go through all cases first.
    seen = Exists(Case.objects.visible_to(user).filter(pk=OuterRef("case")))
    waiting = Message.objects.filter(seen, state=Message.State.TO_POST)
    return waiting.select_related("case__desk", "case__complainant", "author_user").order_by("at", "pk")


def mark_posted(
    message: Message, posted_on: date, *, by: User, registered_number: str = "", proof: File | None = None
) -> Posting:
    """A person put the letter into the post on that day: from then on it is sent. Raises Refused.

    proof   the receipt of the post office, if there is one"""
    if gap := policies.work_refusal(by, message.case) or _gap(message, posted_on, registered_number):
        raise Refused(gap)
    digest, _size = file_store().keep(pdf_of(message))  # before the transaction, as it was printed
    with transaction.atomic():
        left = outgoing.mark_sent(
            message,
            leaving=[Message.State.TO_POST],
            by=by,
            at=max(at_hour(posted_on, MIDDAY), message.at),
        )
        if not left:
            raise Refused(_already())
        return Posting.objects.create(
            message=message,
            posted_by=by,
            posted_on=posted_on,
            registered_number=registered_number.strip(),
            registered_key=registered_key(registered_number),
            pdf=digest,
            proof=proof.sha256 if proof else "",
            proof_name=proof.name if proof else "",
            proof_type=proof.content_type if proof else "",
        )


def _gap(message: Message, posted_on: date, registered_number: str) -> str | None:
    if message.state != Message.State.TO_POST:
        return _already()
    if is_future(posted_on):
        return _("A letter cannot be posted on a day that has not come yet. Note it on the day it leaves.")
    if posted_on < message.at.astimezone(ZoneInfo(settings.TIME_ZONE)).date():
        return _("The letter was not written yet on that day. Check the day it was posted.")
    number = registered_number.strip()
    if number and not 8 <= len(registered_key(number)) <= len(number) <= 40:
        return _("A registered number has 8 to 40 letters and digits. Check it on the receipt of the post.")
    return None


def _already() -> str:
    return _("This letter does not wait to be posted any more. Look at its state again.")


def printed(message: Message) -> bytes:
    """The letter as a PDF: as it was posted, else as it would be printed now."""
    posting = Posting.objects.filter(message=message).first()
    store = file_store()
    return store.read(posting.pdf) if posting and store.has(posting.pdf) else pdf_of(message)
