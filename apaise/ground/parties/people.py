"""Change what we know of a person or an organisation. Who may is asked upstairs (cases.people): it depends on cases."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apaise.ground.ledger.record import Actor, record
from apaise.ground.parties.errors import NotKept
from apaise.ground.parties.models import Organisation, Person
from apaise.ground.parties.names import name_key, name_sound
from apaise.ground.parties.wording import ACTIVITY_NAMES, CUSTOMER_KINDS, SECTOR_NAMES

PERSON = ("name", "language", "kind", "organisation", "vip", "external_key")
ORGANISATION = ("name", "kind", "sector", "activity", "vip", "external_key")


def add_person(*, by: Actor, file: int | None = None, **said: Any) -> Person:
    """A person nobody has written as yet. Raises NotKept."""
    fields = _of_person(said)
    with transaction.atomic():
        person = Person(**fields, **_keys(fields.get("name", "")))
        _save_new(person)
        record(person, "person.created", by=by, person=person.pk, file=file)
    return person


def change_person(
    person: Person, *, by: Actor, file: int | None = None, company: str | None = None, **said: Any
) -> list[str]:
    """Set some of PERSON; returns the names of those that changed. Raises NotKept.

    company   the name of their organisation, written down if nobody has this name; "" for none"""
    fields = _of_person(said)
    with transaction.atomic():
        if company is not None:
            fields["organisation"] = _named(company, by)
        fields = _changed(person, fields)
        if not fields:
            return []
        person.hold()
        keys = _keys(fields["name"]) if "name" in fields else {}
        _update(person, {**fields, **keys})
        record(person, "person.changed", by=by, fields=sorted(fields), vip=fields.get("vip"), file=file)
    return sorted(fields)


def add_organisation(*, by: Actor, file: int | None = None, **said: Any) -> Organisation:
    """A new organisation. Raises NotKept."""
    fields = _of_organisation(said)
    if not fields.get("name"):
        raise NotKept(_("Give the organisation a name."))
    with transaction.atomic():
        made = Organisation(**fields, name_key=name_key(fields["name"]))
        _save_new(made)
        record(made, "organisation.created", by=by, organisation=made.pk, file=file)
    return made


def change_organisation(
    organisation: Organisation, *, by: Actor, file: int | None = None, **said: Any
) -> list[str]:
    """Set some of ORGANISATION; returns the names of those that changed. Raises NotKept."""
    fields = _changed(organisation, _of_organisation(said))
    if "name" in fields and not fields["name"]:
        raise NotKept(_("Give the organisation a name."))
    if not fields:
        return []
    with transaction.atomic():
        organisation.hold()
        keys = {"name_key": name_key(fields["name"])} if "name" in fields else {}
        _update(organisation, {**fields, **keys})
        record(
            organisation,
            "organisation.changed",
            by=by,
            fields=sorted(fields),
            vip=fields.get("vip"),
            file=file,
        )
    return sorted(fields)


def organisation_named(company: str) -> Organisation | None:
    """The one that a person who types this name means."""
    name = _plain(company)
    return Organisation.objects.filter(name__iexact=name).order_by("pk").first() if name else None


def _named(company: str, by: Actor) -> Organisation | None:
    name = _plain(company)
    if not name:
        return None
    return organisation_named(name) or add_organisation(by=by, name=name)


def _of_person(said: Mapping[str, Any]) -> dict[str, Any]:
    fields = {name: _plain(value) for name, value in said.items() if name in PERSON}
    if fields.get("language", "") not in ("", *dict(settings.LANGUAGES)):
        raise NotKept(_("Choose French or English."))
    if fields.get("kind", "") not in ("", *CUSTOMER_KINDS):
        raise NotKept(_("Choose the kind of customer from the list."))
    return fields


def _of_organisation(said: Mapping[str, Any]) -> dict[str, Any]:
    fields = {name: _plain(value) for name, value in said.items() if name in ORGANISATION}
    if "kind" in fields and fields["kind"] not in CUSTOMER_KINDS:
        raise NotKept(_("Choose the kind of customer from the list."))
    if "sector" in fields and fields["sector"] not in SECTOR_NAMES:
        raise NotKept(_("Choose the sector from the list."))
    if fields.get("activity", "") not in ("", *ACTIVITY_NAMES):
        raise NotKept(_("Choose the activity from the list."))
    return fields


def _plain(value: Any) -> Any:
    return " ".join(value.replace("\0", "").split())[:200] if isinstance(value, str) else value


def _changed(thing: Person | Organisation, fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if getattr(thing, name) != value}


def _keys(name: str) -> dict[str, str]:
    return {"name_key": name_key(name), "name_sound": name_sound(name)}


def _update(thing: Any, fields: Mapping[str, Any]) -> None:
    try:
        with transaction.atomic():
            type(thing).objects.filter(pk=thing.pk).update(**fields)
    except IntegrityError as taken:
        raise _key_taken() from taken
    for name, value in fields.items():
        setattr(thing, name, value)


def _save_new(thing: Person | Organisation) -> None:
    thing.external_key = thing.external_key[:80]
    try:
        with transaction.atomic():
            thing.save(force_insert=True)
    except IntegrityError as taken:
        raise _key_taken() from taken


def _key_taken() -> NotKept:
    return NotKept(_("Another customer has this number already. Look them up, or correct the number."))
