"""File a line of JSON: into the case it names or the thread it goes on with, else into a new case."""

import hashlib
import json
from contextlib import suppress
from datetime import datetime

from apaise.ground.accounts.models import Desk
from apaise.ground.parties.models import Person, normalise
from apaise.intake.cases.message import Message
from apaise.intake.cases.messages import File, add_customer_message
from apaise.intake.cases.models import PUBLIC, Case
from apaise.intake.cases.opening import open_case
from apaise.intake.channels import lines, speakers
from apaise.intake.channels.lines import Line
from apaise.intake.channels.mail import addresses, threading
from apaise.intake.channels.models import Arrival, file_store
from apaise.intake.channels.particulars import Details, Post
from apaise.intake.channels.settling import Outcome, quarantine, settle
from apaise.lib import clock, transcript
from apaise.lib.language.folding import folded
from apaise.lib.mime.tongue import guess
from apaise.lib.transcript import Broken, Said

# Somebody of ours took these down and says whose case it is; on the others the customer may have typed a reference.
TAKEN_DOWN = ("phone", "letter", "in_person", "partner")
MAY_BE_NAMELESS = ("phone", "in_person", "chat")


def read_arrival(arrival: Arrival) -> Line:
    """The line of this arrival. Raises BadLine."""
    return lines.read(arrival.raw_bytes(), channel=arrival.given.get("channel", ""))


def file(arrival: Arrival, line: Line) -> Outcome:
    """File what the line says. Safe to repeat; runs in the caller's transaction."""
    files = [File(**one) for one in arrival.given.get("files", [])]
    mark = fingerprint(arrival, line)
    if known := Arrival.objects.filter(fingerprint=mark).exclude(pk=arrival.pk).first():
        return settle(arrival, Arrival.State.DUPLICATE, "received_before", known.case, known.message)
    desk = arrival.desk or _desk_for(line) or Desk.objects.main()
    if desk is None:
        return quarantine(arrival, "no_desk")
    arrival.channel, arrival.desk, arrival.fingerprint = line.channel, desk, mark
    if reason := _unfit(arrival, line, files):
        return quarantine(arrival, reason)
    wanted = line.case or arrival.given.get("case", "")
    if wanted and not Case.objects.filter(reference=wanted).exists():
        return quarantine(arrival, "no_such_case")
    answered = _case_of(line, wanted)
    believed = not wanted or line.channel in TAKEN_DOWN or arrival.accepted_by is not None
    person = _known(line, answered if believed else None)
    if answered and _is_stranger(arrival, line, answered, person):
        arrival.case = answered
        return quarantine(arrival, "not_a_participant")
    person = person or _new(line)
    case = answered or _open(line, desk, person)
    message = _add(line, case, person, files, goes_on=answered is not None)
    return settle(arrival, Arrival.State.FILED, "", message.case, message, threaded=answered is not None)


def fingerprint(arrival: Arrival, line: Line) -> str:
    """What makes two lines the same message: all they say, however it is written, and their files."""
    said = json.dumps(lines.as_object(arrival.raw_bytes()), sort_keys=True)
    files = [one["sha256"] for one in arrival.given.get("files", [])]
    whole = "\0".join(["line", line.channel, arrival.given.get("case", ""), said, *files])
    return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()


def _unfit(arrival: Arrival, line: Line, files: list[File]) -> str:
    """The reason why a person must look at it first, or nothing."""
    if not (line.text or line.turns or files):
        return "empty"
    if line.id and (
        taken := Details.objects.select_related("message__case")
        .filter(channel=line.channel, external_id=line.id)
        .first()
    ):
        arrival.case = taken.message.case
        return "id_taken"
    nameless = not (line.name or line.email or line.phone or line.address or line.post)
    if nameless and not (line.case or line.thread or arrival.given.get("case")):
        return "" if line.channel in MAY_BE_NAMELESS else "no_sender"
    return ""


def _desk_for(line: Line) -> Desk | None:
    found = (addresses.desk_of(address) for address in line.to)
    return next((desk for desk in found if desk), None)


def _case_of(line: Line, wanted: str) -> Case | None:
    if wanted:
        return Case.objects.get(reference=wanted)
    if not line.thread:
        return None
    same = Details.objects.filter(channel=line.channel).select_related("message__case")
    earlier = (
        same.filter(external_id=line.thread).first() or same.filter(thread=line.thread).order_by("pk").first()
    )
    return earlier.message.case if earlier else None


# --- whose words they are --------------------------------------------------------------------------------


def _known(line: Line, answered: Case | None) -> Person | None:
    """Who it is, by a key that belongs to one person; a number is one only together with the name.

    answered   the case whose complainant goes on when nobody else is named"""
    if line.email:
        return Person.objects.at(line.email)
    if handle := _handle(line):
        return Person.objects.at(handle, "handle")
    if line.phone:
        return _by_phone_and_name(line)
    name = _name(line)  # anybody may type a reference and a name: together with them it proves nothing
    if answered and (not name or folded(name) == folded(answered.complainant.name)):
        return answered.complainant
    return None


def _by_phone_and_name(line: Line) -> Person | None:
    number = normalise("phone", line.phone)
    having = Person.objects.filter(addresses__kind="phone", addresses__value=number).distinct()
    same = {
        person.survivor
        for person in having.select_related("merged_into")[:20]
        if line.name and folded(person.name) == folded(line.name)
    }
    return same.pop() if len(same) == 1 else None


def _is_stranger(arrival: Arrival, line: Line, case: Case, person: Person | None) -> bool:
    if arrival.accepted_by is not None or line.channel in TAKEN_DOWN:
        return False
    return person is None or not threading.takes_part(case, person)


def _new(line: Line) -> Person:
    if line.email:
        person = Person.objects.identify(line.email, line.name, language=_language(line))
    elif handle := _handle(line):
        person = Person.objects.identify(handle, line.name, language=_language(line), kind="handle")
    else:
        person = Person.objects.create(name=_name(line), language=_language(line))
    ways = {"phone": line.phone, "postal": line.address}
    for kind, value in ways.items():
        if value:
            person.addresses.get_or_create(kind=kind, value=normalise(kind, value))
    return person


def _name(line: Line) -> str:
    """The name we know them by; a review is signed with one, a post with a handle."""
    return line.name or (line.post.author if line.post and not _handle(line) else "")


def _handle(line: Line) -> str:
    """network:@name. A review is signed with any name, which is nobody's alone: it is no handle."""
    if line.post is None or line.channel != "social_media":
        return ""
    return f"{line.post.network}:@{line.post.author.removeprefix('@')}"[:320]


# --- the case and its message ----------------------------------------------------------------------------


def _open(line: Line, desk: Desk, person: Person) -> Case:
    return open_case(
        person,
        desk=desk,
        channel=line.channel,
        language=_language(line) or desk.language,
        title=line.subject,
        by=person,
        sent_at=line.at,
        received_at=_reached_us(line),
    )


def _add(line: Line, case: Case, person: Person, files: list[File], *, goes_on: bool) -> Message:
    turns = line.turns or _turns_of_recording(line, files)
    roles = speakers.roles_of(
        turns, customer=person.name, agents=[str(line.details.get("agent", ""))], told=line.roles
    )
    spoken = speakers.words_of_customer(turns, roles)
    message = add_customer_message(
        case,
        person,
        channel=line.channel,
        text="\n\n".join(part for part in (line.text, speakers.words_of_all(turns)) if part),
        new_text="\n\n".join(part for part in (line.text, spoken) if part),
        subject=line.subject,
        at=_reached_us(line) or (None if goes_on else case.received_at),
        message_id=line.id if line.id.startswith("<") and line.channel == "email" else "",
        files=files,
        first=not goes_on,
        public=line.channel in PUBLIC and not (line.post and line.post.is_private),
        noted_at=clock.now() if goes_on else None,
    )
    speakers.keep_turns(message, turns, roles)
    if line.post:
        Post.objects.create(message=message, **vars(line.post))
    Details.objects.create(
        message=message,
        channel=line.channel,
        external_id=line.id,
        thread=line.thread,
        data=line.details,
    )
    return message


def _reached_us(line: Line) -> datetime | None:
    """When we had it; None is now. A letter is with us when it is received, not when it is posted."""
    return line.received_at or (None if line.channel == "letter" else line.at)


def _turns_of_recording(line: Line, files: list[File]) -> list[Said]:
    """The turns of a call whose transcript came with it as a file; a broken one stays a file."""
    if line.channel not in ("phone", "chat"):
        return []
    for one in files:
        if one.name.lower().endswith((".vtt", ".srt")):
            with suppress(Broken):
                return transcript.read(file_store().read(one.sha256)).turns
    return []


def _language(line: Line) -> str:
    words = line.text or " ".join(turn.text for turn in line.turns)
    found = line.language or guess(f"{words}\n{line.subject}")
    return found if found in ("fr", "en") else ""
