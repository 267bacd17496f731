"""The public web form: a complaint typed on our page, without account."""

import hashlib
import json
from collections.abc import Sequence
from typing import NamedTuple

from django.db import IntegrityError, transaction

from apaise.ground.accounts.models import Desk
from apaise.ground.parties.models import Person, normalise
from apaise.intake.cases.message import Message
from apaise.intake.cases.messages import File, add_customer_message
from apaise.intake.cases.models import Case
from apaise.intake.cases.opening import open_case
from apaise.intake.channels.models import Arrival, file_store


class Filled(NamedTuple):
    """What somebody typed. `once` is the form's own number: sent twice, it is one complaint."""

    once: str
    name: str
    email: str
    phone: str
    subject: str
    story: str
    wish: str
    language: str


def receive_form(filled: Filled, *, desk: Desk, files: Sequence[File] = ()) -> Case:
    """File a complaint from the web form. Safe to repeat: the same form twice is one case."""
    raw = json.dumps(filled._asdict(), ensure_ascii=False, sort_keys=True).encode()
    mark = hashlib.sha256(f"web_form:{filled.once}".encode()).hexdigest()
    if known := _filed_before(mark):
        return known
    digest, size = file_store().keep(raw)  # before the transaction: a slow disk must not hold the write lock
    try:
        return _file(filled, mark, digest, size, desk=desk, files=files)
    except IntegrityError:  # a second click at the same moment: the other one has filed it
        if known := _filed_before(mark):
            return known
        raise


def _filed_before(mark: str) -> Case | None:
    known = Arrival.objects.select_related("case").filter(fingerprint=mark).first()
    return known.case if known else None


def _file(filled: Filled, mark: str, digest: str, size: int, *, desk: Desk, files: Sequence[File]) -> Case:
    with transaction.atomic():
        person = _person(filled)
        case = open_case(
            person, desk=desk, channel="web_form", language=filled.language, title=filled.subject, by=person
        )
        message = add_customer_message(
            case,
            person,
            channel="web_form",
            text=_words(filled),
            subject=filled.subject,
            files=files,
            first=True,
        )
        Arrival.objects.create(
            channel="web_form",
            raw=digest,
            size=size,
            desk=desk,
            state=Arrival.State.FILED,
            fingerprint=mark,
            message=message,
            case=case,
        )
    return case


def receive_addition(case: Case, person: Person, text: str, *, files: Sequence[File] = ()) -> Message:
    """What a complainant adds on the tracking page."""
    return add_customer_message(case, person, channel="web_form", text=text, files=files)


def _person(filled: Filled) -> Person:
    # A name or number typed into a public form is never added to somebody we already know by their address.
    if filled.email and (known := Person.objects.at(filled.email)):
        return known
    if filled.email:
        person = Person.objects.identify(filled.email, filled.name, language=filled.language)
    else:
        person = Person.objects.create(name=filled.name[:200], language=filled.language)
    if filled.phone:
        person.addresses.get_or_create(kind="phone", value=normalise("phone", filled.phone))
    return person


def _words(filled: Filled) -> str:
    return f"{filled.story.strip()}\n\n{filled.wish.strip()}".strip()
