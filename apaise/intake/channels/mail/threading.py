"""Which case a mail answers: our signed marks, then the Message-IDs it names, then a reference in its subject."""

import re
from collections.abc import Callable, Iterable
from zoneinfo import ZoneInfo

from django.conf import settings

from apaise.ground.parties.mandates import mandates_for
from apaise.ground.parties.models import Person
from apaise.intake.cases.message import Message
from apaise.intake.cases.models import Case
from apaise.intake.cases.reference import references_in
from apaise.intake.cases.sealed import case_of_mail
from apaise.intake.channels.mail.addresses import split_token
from apaise.lib import clock
from apaise.lib.mime import Mail
from apaise.lib.prepared import Prepared

# Where a mail server writes whom it was for, when To and Cc say something else: a copy, a list, a redirection.
DELIVERED_TO = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-forwarded-to")
MOST_NAMED = 200
_ID = re.compile(r"<[^<>\s]{1,900}>")


def case_answered_by(mail: Mail, envelope_to: str = "", *, sender: str | None = None) -> Case | None:
    """The case, or None. Whether its sender may write into it is another question (is_participant).

    Marks, Message-IDs and references can be copied or used twice: a case the sender has part in comes first, whatever
    names it; among those, and among the others, the surest sign.

    sender   whose words these are, when it is not who sent them"""
    if sender is None:
        sender = mail.from_[0].address if mail.from_ else ""
    ids = _named_ids(mail)
    tokens = (split_token(address)[1] for address in _addressed(mail, envelope_to))
    marks = [*tokens, *(case_of_mail(name) for name in ids)]
    signs: tuple[Callable[[], list[Case]], ...] = (  # each is asked only when those before led nowhere
        lambda: _cases(mark for mark in marks if mark is not None),
        lambda: _by_message_id(ids),
        lambda: _by_reference(mail),
        lambda: _by_what_came_before(mail, sender),
    )
    first = None
    for look in signs:
        named = look()
        if mine := next((case for case in named if is_participant(case, sender)), None):
            return mine
        first = first or next(iter(named), None)
    return first


def _addressed(mail: Mail, envelope_to: str) -> list[str]:
    delivered = (one for name in DELIVERED_TO for one in mail.headers.all(name)[:5])
    return [envelope_to, *(to.address for to in (*mail.to, *mail.cc)), *delivered][:MOST_NAMED]


def _named_ids(mail: Mail) -> list[str]:
    """Every Message-ID it names, newest first. A program may write In-Reply-To anew, or twice, and keep References."""
    twice = (name for field in mail.headers.all("in-reply-to")[:5] for name in _ID.findall(field))
    named = [mail.in_reply_to, *twice, *reversed(mail.references)]
    return list(dict.fromkeys(name for name in named if name))[:MOST_NAMED]


def _cases(ids: Iterable[int]) -> list[Case]:
    ordered = list(dict.fromkeys(ids))
    found = Case.objects.in_bulk(ordered) if ordered else {}
    return [found[pk] for pk in ordered if pk in found]


def _by_message_id(ids: list[str]) -> list[Case]:
    if not ids:
        return []
    if len(ids) == 1:
        found = _OF_ID.all(name=ids[0])
    else:
        named = Message.objects.filter(message_id__in=ids).select_related("case")
        found = list(named.order_by("pk")[:MOST_NAMED])
    cases = (message.case for message in sorted(found, key=lambda message: ids.index(message.message_id)))
    return list({case.pk: case for case in cases}.values())


_OF_ID: Prepared[Message] = Prepared(
    lambda name: Message.objects.filter(message_id=name).select_related("case").order_by("pk")[:MOST_NAMED],
    name=str,
)


def _by_reference(mail: Mail) -> list[Case]:
    # Of a forwarded mail both count: what the customer wrote about, and what the colleague made of it.
    quoted = references_in(f"{mail.subject}\n{mail.headers.get('subject')}")[:5]
    return list(Case.objects.filter(reference__in=quoted)) if quoted else []


def _by_what_came_before(mail: Mail, sender: str) -> list[Case]:
    """The mail is older than its own answer, which overtook it and is filed: only the sender's own can say so."""
    person = Person.objects.at(sender) if mail.message_id and sender else None
    if person is None:
        return []
    same = Person.objects.same_as(person).values_list("pk", flat=True)
    later = Message.objects.filter(author_person__in=same, direction="in", in_reply_to=mail.message_id)
    return [message.case for message in later.select_related("case").order_by("pk")[:5]]


def is_participant(case: Case, address: str) -> bool:
    """Whether this address belongs to the complainant, to one of their representatives, or wrote here before."""
    person = Person.objects.at(address)
    return person is not None and takes_part(case, person)


def takes_part(case: Case, person: Person) -> bool:
    """The same for a person known by whatever address."""
    if person.is_same_as(case.complainant_id):
        return True
    same = list(Person.objects.same_as(person).values_list("pk", flat=True))
    followed = case.followed_in()  # of a merged case the messages are there
    if Message.objects.filter(case__in={case.pk, followed.pk}, author_person_id__in=same).exists():
        return True
    # A mandate counts while it lasts: a lawyer often comes in after the complaint, and may be dismissed before its end.
    today = clock.today(ZoneInfo(settings.TIME_ZONE))
    mandates = mandates_for(case.complainant, case.organisation)
    return any(mandate.person_id in same and mandate.holds_on(today) for mandate in mandates)
