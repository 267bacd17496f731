"""Which case a mail answers: our signed token, then the Message-IDs it names, then a reference in its subject."""

from zoneinfo import ZoneInfo

from django.conf import settings

from apaise.ground.parties.mandates import mandates_for
from apaise.ground.parties.models import Person
from apaise.intake.cases.message import Message
from apaise.intake.cases.models import Case
from apaise.intake.cases.reference import references_in
from apaise.intake.channels.mail.addresses import split_token
from apaise.lib import clock
from apaise.lib.mime import Mail


def case_answered_by(mail: Mail, envelope_to: str = "") -> Case | None:
    """The case, or None. Whether its sender may write into it is another question (is_participant).

    Message-IDs and references can be copied or used twice: a case the sender has part in comes first."""
    if case := _by_token(mail, envelope_to):
        return case
    named = [*_by_message_id(mail), *_by_reference(mail)]
    sender = mail.from_[0].address if mail.from_ else ""
    return next((case for case in named if is_participant(case, sender)), named[0] if named else None)


def _by_token(mail: Mail, envelope_to: str) -> Case | None:
    for address in (envelope_to, *(to.address for to in (*mail.to, *mail.cc))):
        _, case_id = split_token(address)
        if case_id and (case := Case.objects.filter(pk=case_id).first()):
            return case
    return None


def _by_message_id(mail: Mail) -> list[Case]:
    named = [mail.in_reply_to, *reversed(mail.references)]
    ids = list(dict.fromkeys(name for name in named if name))[:50]
    if not ids:
        return []
    found = Message.objects.filter(message_id__in=ids).select_related("case").order_by("pk")[:200]
    cases = (message.case for message in sorted(found, key=lambda message: ids.index(message.message_id)))
    return list({case.pk: case for case in cases}.values())


def _by_reference(mail: Mail) -> list[Case]:
    quoted = references_in(mail.subject)[:5]
    return list(Case.objects.filter(reference__in=quoted)) if quoted else []


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
