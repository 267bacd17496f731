"""A colleague forwards a customer's mail: it is the customer's, and what the colleague adds stays among us.

A From is no proof. So nothing follows from such a mail that could not follow from one in the customer's own name, but
for a note that says where it came from; the ledger names no colleague as its author."""

from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from apaise.ground.accounts.models import Desk, User
from apaise.ground.ledger.record import System
from apaise.ground.parties.models import Person
from apaise.intake.cases.complainant import complainant_refusal, correct_complainant
from apaise.intake.cases.history import happened
from apaise.intake.cases.message import Message
from apaise.intake.cases.messages import Refused, note_from_mail
from apaise.intake.channels.forwards import Forward
from apaise.intake.channels.mail import addresses
from apaise.intake.channels.models import Arrival
from apaise.lib.mime import Address, Mail, normalise_address
from apaise.lib.mime.forward import Forwarded, may_be_forward, unwrap

LONGEST = timedelta(days=60)  # further back a copied date is not believed
UNCLEAR = ("forward_no_address", "forward_several")  # a person may say: it is their own


class PassedOn(NamedTuple):
    """What was forwarded, and by whom of us."""

    forwarded: Forwarded
    colleague: User | None
    desk: Desk | None

    def received_at(self, arrived: datetime) -> datetime:
        """When the company received it: the colleague had it before the desk."""
        sent = self.forwarded.sent_at
        return sent if sent and arrived - LONGEST <= sent <= arrived else arrived


def passed_on(mail: Mail) -> PassedOn | None:
    """The forward in this mail, if somebody of ours sends it. A stranger who forwards speaks for himself."""
    if not may_be_forward(mail):
        return None
    sender = mail.from_[0].address
    colleague = colleague_at(sender)
    desk = None if colleague else addresses.desk_of(sender)
    if colleague is None and desk is None:
        return None
    forwarded = unwrap(mail, is_one_of_us, ZoneInfo(settings.TIME_ZONE))
    return PassedOn(forwarded, colleague, desk) if forwarded else None


def colleague_at(address: str) -> User | None:
    """The active member of staff this address belongs to."""
    return User.objects.filter(email=normalise_address(address), is_active=True).first()


def is_one_of_us(somebody: Address) -> bool:
    """Staff, past staff too, and desks; by name where a program shows nothing else of a colleague."""
    if not somebody.address:
        return bool(somebody.name) and (
            User.objects.filter(name__iexact=somebody.name).exists()
            or Desk.objects.filter(name__iexact=somebody.name).exists()
        )
    if addresses.desk_of(somebody.address):
        return True
    return User.objects.filter(email=normalise_address(somebody.address)).exists()


def known_original(original: Mail, customer: Person) -> Message | None:
    """The same mail, if the customer sent it to us as well."""
    if not original.message_id:
        return None
    same = Person.objects.same_as(customer).values_list("pk", flat=True)
    known = Message.objects.filter(
        message_id=original.message_id, direction="in", author_person_id__in=list(same)
    )
    return known.select_related("case").order_by("pk").first()


def note_forward(passed: PassedOn, message: Message, arrival: Arrival, *, is_new: bool = True) -> None:
    """Keep who passed it on and what they wrote above. Runs inside the caller's transaction.

    is_new   False: the customer's mail was here before, and only the colleague's words are new"""
    words, case, note = passed.forwarded.words.strip(), message.case, None
    if words and passed.colleague and not case.is_excluded(passed.colleague):
        note = note_from_mail(case, words, author=passed.colleague, at=arrival.received_at)
    if not is_new:
        return
    assert message.author_person is not None
    forward = Forward.objects.create(
        message=message,
        colleague=passed.colleague,
        desk=passed.desk,
        customer=message.author_person,
        note=note,
        words="" if note else words,
    )
    by = System("forwarded-mail")
    at, of = arrival.received_at, _code_of(forward)
    happened(case, "message.forwarded", by=by, at=at, message=message.pk, of=of)


def flip_refusal(user: User, message: Message) -> str | None:
    """Why this person may not say whose complaint it is, or None if they may."""
    return complainant_refusal(user, message)


def say_own(message: Message, *, by: User) -> None:
    """It is the colleague's own complaint. Harmless to repeat. Raises Refused."""
    with transaction.atomic():
        forward = _locked(message)
        if forward is None or forward.colleague is None:
            raise Refused(_("No colleague forwarded this message."))
        if not forward.on_behalf:
            return
        own = Person.objects.identify(forward.colleague.email, forward.colleague.name)
        correct_complainant(message, own, word="message.not_forwarded", by=by, of=_code_of(forward))
        Forward.objects.filter(pk=forward.pk).update(on_behalf=False)


def say_forwarded(message: Message, *, by: User, email: str = "", name: str = "") -> None:
    """It was forwarded on behalf of a customer. Harmless to repeat. Raises Refused.

    email, name   whose words they are, where the mail did not tell"""
    with transaction.atomic():
        forward = _locked(message)
        if forward and forward.on_behalf:
            return
        if forward is None:
            if refusal := complainant_refusal(by, message):
                raise Refused(refusal)
            forward = _typed_forward(message, email, name)
        correct_complainant(
            message, forward.customer.survivor, word="message.forwarded", by=by, of=_code_of(forward)
        )
        Forward.objects.filter(pk=forward.pk).update(on_behalf=True)


def _typed_forward(message: Message, email: str, name: str) -> Forward:
    author = message.author_person
    colleague = colleague_at(author.email) if author and author.email else None
    if colleague is None:
        raise Refused(_("Only a colleague's mail can be filed on behalf of a customer."))
    if not all(email.strip().rpartition("@")) or any(sign.isspace() for sign in email.strip()):
        raise Refused(_("Type the customer's e-mail address, as in name@example.org."))
    if is_one_of_us(Address("", email.strip())):
        raise Refused(_("This address is one of ours. Type the customer's."))
    customer = Person.objects.identify(email.strip(), " ".join(name.split()))
    return Forward.objects.create(message=message, colleague=colleague, customer=customer, on_behalf=False)


def _locked(message: Message) -> Forward | None:
    rows = Forward.objects.select_for_update(of=("self",)).select_related("colleague", "desk", "customer")
    return rows.filter(message=message).first()


def _code_of(forward: Forward) -> str:
    """Who passed it on, for the ledger."""
    return f"staff:{forward.colleague_id}" if forward.colleague_id else f"desk:{forward.desk_id}"
