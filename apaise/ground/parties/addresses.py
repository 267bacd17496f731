"""Add, correct, prefer and end the addresses of a person."""

import re
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apaise.ground.ledger.record import Actor, record
from apaise.ground.parties.errors import NotKept
from apaise.ground.parties.models import Address, Person, compared_by, normalise
from apaise.lib import clock


def add_address(person: Person, kind: str, value: str, *, by: Actor, file: int | None = None) -> Address:
    """One more way to reach them; one they have already is returned as it is. Raises NotKept."""
    kept = fit(kind, value)
    known = next((way for way in person.ways() if (way.kind, way.value) == (kind, kept)), None)
    if known:
        return known
    key, postcode = compared_by(kind, kept)
    with transaction.atomic():
        person.hold()
        try:
            with transaction.atomic():
                made = person.addresses.create(kind=kind, value=kept, key=key, postcode=postcode)
        except IntegrityError as taken:
            raise _taken(kept) from taken
        record(person, "person.address_added", by=by, kind=kind, address=made.pk, file=file)
    return made


def correct_address(address: Address, value: str, *, by: Actor) -> None:
    """It was written wrongly: what it says changes, whose it is does not. Raises NotKept."""
    kept = fit(address.kind, value)
    if kept == address.value:
        return
    key, postcode = compared_by(address.kind, kept)
    try:
        _change(address, "corrected", by=by, value=kept, key=key, postcode=postcode, **_RECEIVES)
    except IntegrityError as taken:
        raise _taken(kept) from taken


def prefer_address(address: Address, *, by: Actor) -> None:
    """Use this one first from now on, among all of its kind. Raises NotKept for one that is no longer valid."""
    if address.ended_on:
        raise NotKept(_("This address is no longer valid. Say that it is valid again, then prefer it."))
    if address.preferred:
        return
    with transaction.atomic():
        address.person.hold()
        same = Person.objects.same_as(address.person).values("pk")
        Address.objects.filter(person_id__in=same, kind=address.kind, preferred=True).update(preferred=False)
        _change(address, "preferred", by=by, preferred=True)


def end_address(address: Address, *, by: Actor) -> None:
    """No longer valid: kept, so that old mails still find their person, and never written to."""
    if not address.ended_on:
        today = clock.today(ZoneInfo(settings.TIME_ZONE))
        _change(address, "ended", by=by, ended_on=today, preferred=False)


def restore_address(address: Address, *, by: Actor) -> None:
    """Valid after all."""
    if address.ended_on:
        _change(address, "restored", by=by, ended_on=None)


def note_returned(address: Address, why: str, *, for_good: bool, by: Actor) -> None:
    """A mail to it came back. For good: nothing is sent there by itself any more; for now: counted.

    why   a code of lib/mime/reports.py"""
    if for_good:
        _change(address, "returned", by=by, returned_at=clock.now(), returned_why=why)
    else:
        soft = min(address.soft_returns + 1, 32_767)
        _change(address, "returned_for_now", by=by, soft_returns=soft)


def trust_address(address: Address, *, by: Actor) -> None:
    """It receives mail after all."""
    if address.returned_at or address.soft_returns:
        _change(address, "trusted", by=by, **_RECEIVES)


_RECEIVES: dict[str, object] = {"returned_at": None, "returned_why": "", "soft_returns": 0}


def fit(kind: str, value: str) -> str:
    """The address as it is kept. Raises NotKept with what is wrong with it."""
    kept = normalise(kind, value.replace("\0", ""))
    if kind == "email":
        try:
            validate_email(kept)
        except ValidationError as problem:
            raise NotKept(
                _("This is no e-mail address. Check for a missing @ or a letter too many.")
            ) from problem
    elif kind == "phone":
        if not 6 <= len(re.sub(r"\D", "", kept)) <= 15:
            raise NotKept(_("A phone number has 6 to 15 digits."))
    elif kind == "postal":
        if not kept:
            raise NotKept(_("Write the postal address."))
    else:
        raise NotKept(_("Choose e-mail, phone or post."))
    return kept


def _change(address: Address, how: str, *, by: Actor, **fields: object) -> None:
    with transaction.atomic():
        address.person.hold()
        Address.objects.filter(pk=address.pk).update(**fields)
        record(address.person, "person.address_changed", by=by, address=address.pk, how=how)
    for name, value in fields.items():
        setattr(address, name, value)


def _taken(value: str) -> NotKept:
    owner = Person.objects.at(value)
    if owner is None:
        return NotKept(_("This e-mail address was just given to somebody. Reload the page and look."))
    return NotKept(
        _(
            "This e-mail address belongs to person no. %(number)s. If they are one and the same, merge them; else check the address."
        )
        % {"number": owner.pk}
    )
