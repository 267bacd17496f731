"""Who speaks for whom: under which document, for how long, what they may be told and do."""

from datetime import date
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from apaise.ground.ledger.record import Actor, record
from apaise.ground.parties.errors import NotKept
from apaise.ground.parties.models import Organisation, Person, Representative
from apaise.ground.parties.wording import QUALITIES
from apaise.lib import clock


class Document(Protocol):
    """A file already in the store."""

    @property
    def name(self) -> str: ...
    @property
    def content_type(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def sha256(self) -> str: ...


def add_mandate(
    person: Person,
    represented: Person | Organisation,
    *,
    quality: str,
    told: str,
    may_decide: bool,
    may_be_paid: bool,
    from_day: date | None,
    to_day: date | None,
    document: Document | None,
    by: Actor,
) -> Representative:
    """`person` speaks for `represented` from now on. Raises NotKept."""
    _check(person, represented, quality, told, from_day, to_day)
    whose = (
        {"organisation": represented}
        if isinstance(represented, Organisation)
        else {"represents": represented}
    )
    kept = (
        {
            "document_sha256": document.sha256,
            "document_name": document.name[:200],
            "document_type": document.content_type[:120],
            "document_size": document.size,
        }
        if document
        else {}
    )
    with transaction.atomic():
        represented.hold()
        made = Representative.objects.create(
            person=person, quality=quality, told=told, may_decide=may_decide, may_be_paid=may_be_paid,
            from_day=from_day, to_day=to_day, **whose, **kept,
        )  # fmt: skip
        record(
            represented, "mandate.added", by=by, mandate=made.pk, person=person.pk, quality=quality, told=told,
            may_decide=may_decide, may_be_paid=may_be_paid, until=to_day, document=made.document_sha256[:16] or None,
        )  # fmt: skip
    return made


def add_mandate_by_email(
    email: str, name: str, represented: Person | Organisation, *, by: Actor, **terms: Any
) -> Representative:
    """The same for whoever has this e-mail address, written down if nobody has. Raises NotKept."""
    with transaction.atomic():
        return add_mandate(Person.objects.identify(email, name), represented, by=by, **terms)


def end_mandate(mandate: Representative, *, by: Actor) -> None:
    """It no longer holds from tomorrow on: today's words may still be theirs. Harmless to repeat."""
    today = clock.today(ZoneInfo(settings.TIME_ZONE))
    if mandate.to_day and mandate.to_day <= today:
        return
    represented = mandate.represents or mandate.organisation
    assert represented is not None
    with transaction.atomic():
        represented.hold()
        Representative.objects.filter(pk=mandate.pk).update(to_day=today)
        record(represented, "mandate.ended", by=by, mandate=mandate.pk, until=today)
    mandate.to_day = today


def mandates_for(person: Person | None, organisation: Organisation | None) -> list[Representative]:
    """Everybody who speaks for them, merged people included; those whose mandate has ended last."""
    whose = Q(pk=None)
    if person:
        root = person.merged_into_id or person.pk
        whose |= Q(represents_id=root) | Q(represents__merged_into_id=root)
    if organisation:
        whose |= Q(organisation=organisation)
    found = Representative.objects.filter(whose).select_related("person__merged_into")
    today = clock.today(ZoneInfo(settings.TIME_ZONE))
    return sorted(found, key=lambda mandate: (not mandate.holds_on(today), mandate.pk))


def _check(
    person: Person,
    represented: Person | Organisation,
    quality: str,
    told: str,
    from_day: date | None,
    to_day: date | None,
) -> None:
    if quality not in QUALITIES:
        raise NotKept(_("Say in what quality they speak: lawyer, relative, association…"))
    if told not in Representative.Told.values:
        raise NotKept(_("Say what this person may be told."))
    if isinstance(represented, Person) and person.is_same_as(represented.pk):
        raise NotKept(_("Nobody needs a mandate to speak for themselves. Choose another person."))
    if from_day and to_day and to_day < from_day:
        raise NotKept(_("The mandate ends before it begins. Check the dates."))
