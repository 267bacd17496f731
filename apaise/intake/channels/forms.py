"""The public web form: a complaint typed on our page, without account."""

import hashlib
import json
import secrets
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
from apaise.intake.channels.settling import Outcome, quarantine, settle
from apaise.lib import clock
from apaise.lib.mime import Unreadable


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


def receive_form(
    filled: Filled, *, desk: Desk, files: Sequence[File] = (), signs: Sequence[str] = ()
) -> Case | None:
    """File a complaint from the web form. Safe to repeat: the same form twice is one case.

    signs   why a person should look first (suspicion.py); then it waits in quarantine, whole, and None is returned"""
    mark = _mark(filled)
    raw = json.dumps(filled._asdict(), ensure_ascii=False, sort_keys=True).encode()
    digest, size = file_store().keep(raw)  # before the transaction: a slow disk must not hold the write lock
    if known := Arrival.objects.select_related("case").filter(fingerprint=mark).first():
        if known.raw == digest:
            return known.case
        # The same number with other words is another form: what somebody says is never thrown away, nor led to a stranger's case.
        return receive_form(
            filled._replace(once=secrets.token_urlsafe(18)), desk=desk, files=files, signs=signs
        )
    arrival = Arrival(
        channel="web_form",
        form=Arrival.Form.WEB_FORM,
        raw=digest,
        size=size,
        desk=desk,
        fingerprint=mark,
        received_at=clock.now(),
        given={"files": [file._asdict() for file in files], "signs": list(signs)},
    )
    try:
        with transaction.atomic():
            return quarantine(arrival, "form_suspect").case if signs else file_form(arrival, filled).case
    except IntegrityError:  # a second click at the same moment: the other one has filed it
        if known := Arrival.objects.select_related("case").filter(fingerprint=mark).first():
            return known.case
        raise


def read_form(arrival: Arrival) -> Filled:
    """What was typed, from the bytes that were kept. Raises Unreadable."""
    try:
        return Filled(**json.loads(arrival.raw_bytes()))
    except (ValueError, TypeError) as problem:
        raise Unreadable("no_form", "it is no form of ours") from problem


def file_form(arrival: Arrival, filled: Filled) -> Outcome:
    """Open the case: at once, or when a person lets in what looked like a machine's."""
    desk = arrival.desk or Desk.objects.main()
    if desk is None:
        return quarantine(arrival, "no_desk")
    arrival.fingerprint = _mark(filled)
    case, message = _open(filled, desk, [File(**file) for file in arrival.given.get("files", ())], arrival)
    return settle(arrival, Arrival.State.FILED, "", case, message)


def _mark(filled: Filled) -> str:
    return hashlib.sha256(f"web_form:{filled.once}".encode()).hexdigest()


def _open(filled: Filled, desk: Desk, files: Sequence[File], arrival: Arrival) -> tuple[Case, Message]:
    with transaction.atomic():
        person = _person(filled)
        case = open_case(
            person,
            desk=desk,
            channel="web_form",
            language=filled.language,
            title=filled.subject,
            by=person,
            received_at=arrival.received_at,
        )
        message = add_customer_message(
            case,
            person,
            channel="web_form",
            text=_words(filled),
            subject=filled.subject,
            files=files,
            at=arrival.received_at,
            first=True,
        )
    return case, message


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
