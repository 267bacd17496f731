"""File the transcript of a call: its turns into the case it names, else into a new case of the phone channel."""

import hashlib
import re
from datetime import datetime
from typing import NamedTuple

from apaise.ground.accounts.models import Desk
from apaise.ground.parties.models import Person, normalise
from apaise.intake.cases.message import Message
from apaise.intake.cases.messages import File, add_customer_message
from apaise.intake.cases.models import Case
from apaise.intake.cases.opening import open_case
from apaise.intake.cases.reference import references_in
from apaise.intake.channels import line_values, speakers
from apaise.intake.channels.models import Arrival
from apaise.intake.channels.settling import Outcome, quarantine, settle
from apaise.intake.channels.unread import BadLine, BadTranscript
from apaise.lib import clock, transcript
from apaise.lib.mime import clean_name
from apaise.lib.mime.tongue import guess
from apaise.lib.transcript import Broken, Transcript

TYPES = {"vtt": "text/vtt", "srt": "application/x-subrip", "txt": "text/plain"}


class Read(NamedTuple):
    """A transcript and what kind of file it is."""

    transcript: Transcript
    content_type: str


def read_arrival(arrival: Arrival) -> Read:
    """The turns of this arrival. Raises BadTranscript."""
    raw = arrival.raw_bytes()
    try:
        return Read(
            transcript.read(raw), TYPES.get(transcript.form_of(transcript.decoded(raw)), "text/plain")
        )
    except Broken as problem:
        raise BadTranscript(problem.code, problem.line) from None


def file(arrival: Arrival, read: Read) -> Outcome:
    """File the conversation. Safe to repeat; runs in the caller's transaction."""
    notes = read.transcript.notes
    mark = _fingerprint(read.transcript)
    if known := Arrival.objects.filter(fingerprint=mark).exclude(pk=arrival.pk).first():
        return settle(arrival, Arrival.State.DUPLICATE, "received_before", known.case, known.message)
    desk = arrival.desk or Desk.objects.main()
    if desk is None:
        return quarantine(arrival, "no_desk")
    arrival.desk, arrival.fingerprint = desk, mark
    wanted = _reference(arrival, notes)
    answered = Case.objects.filter(reference=wanted).first() if wanted else None
    if wanted and answered is None:
        return quarantine(arrival, "no_such_case")
    case = answered or _open(arrival, read.transcript, desk)
    message = _add(arrival, read, case, goes_on=answered is not None)
    return settle(arrival, Arrival.State.FILED, "", message.case, message, threaded=answered is not None)


def _reference(arrival: Arrival, notes: dict[str, str]) -> str:
    """Asked for at the command line, else noted in the file, else part of its name."""
    name = re.sub(r"[_ ]", " ", arrival.given.get("name", ""))
    quoted = [*references_in(notes.get("case", "")), *references_in(name)]
    return arrival.given.get("case") or (quoted[0] if quoted else "")


def _fingerprint(spoken: Transcript) -> str:
    said = [f"{turn.start_ms}|{turn.speaker}|{turn.text}" for turn in spoken.turns]
    return hashlib.sha256("\0".join(["transcript", *said]).encode("utf-8", "surrogatepass")).hexdigest()


def _open(arrival: Arrival, spoken: Transcript, desk: Desk) -> Case:
    person = _caller(spoken)
    received = _held_at(spoken) or arrival.received_at
    return open_case(
        person,
        desk=desk,
        channel=arrival.channel,
        language=_language(spoken) or desk.language,
        by=person,
        received_at=received,
    )


def _caller(spoken: Transcript) -> Person:
    """Who called, as the notes say. Without an e-mail address nobody known is meant: a person may join the two."""
    notes = spoken.notes
    name = notes.get("customer", "")[:200]
    if re.fullmatch(r"[^\s@]+@[^\s@]+", email := notes.get("email", "")):
        return Person.objects.identify(email, name, language=_language(spoken))
    person = Person.objects.create(name=name, language=_language(spoken))
    if any(sign.isdigit() for sign in notes.get("phone", "")):
        person.addresses.create(kind="phone", value=normalise("phone", notes["phone"][:40]))
    return person


def _add(arrival: Arrival, read: Read, case: Case, *, goes_on: bool) -> Message:
    turns, notes = read.transcript.turns, read.transcript.notes
    roles = speakers.roles_of(turns, customer=case.complainant.name, agents=[notes.get("agent", "")])
    enclosed = File(
        clean_name(arrival.given.get("name") or "transcript"), read.content_type, arrival.size, arrival.raw
    )
    message = add_customer_message(
        case,
        case.complainant,
        channel=arrival.channel,
        text=speakers.words_of_all(turns),
        new_text=speakers.words_of_customer(turns, roles),
        at=_held_at(read.transcript) or arrival.received_at,
        files=[enclosed],
        first=not goes_on,
        noted_at=clock.now() if goes_on else None,
    )
    speakers.keep_turns(message, turns, roles)
    return message


def _held_at(spoken: Transcript) -> datetime | None:
    """When the call was held, if its notes say so in a way that can be."""
    try:
        return line_values.read_moment(said, "at") if (said := spoken.notes.get("at", "")) else None
    except BadLine:
        return None


def _language(spoken: Transcript) -> str:
    found = guess(" ".join(turn.text for turn in spoken.turns))
    return found if found in ("fr", "en") else ""
