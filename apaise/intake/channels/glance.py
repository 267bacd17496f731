"""What a person sees at a glance of an arrival in quarantine, whatever its form."""

from contextlib import suppress
from typing import NamedTuple

from apaise.intake.channels import forms, line_filing, transcripts
from apaise.intake.channels.models import Arrival
from apaise.intake.channels.speakers import words_of_all
from apaise.intake.channels.unread import BadLine, BadTranscript
from apaise.lib.mime import Unreadable, read
from apaise.lib.transcript import decoded

WORDS, SUBJECT = 300, 160
LARGEST = 50 * 1024 * 1024  # what is larger is not read again for a look
NAMES = {
    Arrival.Form.MAIL: ("eml", "message/rfc822"),
    Arrival.Form.LINE: ("json", "application/json"),
    Arrival.Form.TRANSCRIPT: ("txt", "text/plain"),
    Arrival.Form.WEB_FORM: ("json", "application/json"),
}


class Glance(NamedTuple):
    """Who, what about, the first words, and what is wrong with it in the reader's language."""

    sender: str
    subject: str
    words: str
    wrong: str = ""


def glance(arrival: Arrival) -> Glance:
    """Look at it once more. Never fails."""
    if arrival.size > LARGEST:
        return Glance(arrival.envelope_from, "", "")
    with suppress(OSError, Unreadable):
        try:
            return _LOOKS[Arrival.Form(arrival.form)](arrival)
        except (BadLine, BadTranscript) as problem:
            return Glance("", arrival.given.get("name", ""), _start_of(arrival), problem.said())
    return Glance(arrival.envelope_from, "", "")


def original_name(arrival: Arrival, stem: str) -> tuple[str, str]:
    """(file name, type) of the original as a download."""
    ending, content_type = NAMES[Arrival.Form(arrival.form)]
    return arrival.given.get("name") or f"{stem}.{ending}", content_type


def _of_mail(arrival: Arrival) -> Glance:
    mail = read(arrival.raw_bytes())
    sender = mail.from_[0].address if mail.from_ else arrival.envelope_from
    return Glance(sender, mail.subject[:SUBJECT], mail.new_text[:WORDS])


def _of_line(arrival: Arrival) -> Glance:
    line = line_filing.read_arrival(arrival)
    sender = line.email or line.name or line.phone or (line.post.author if line.post else "")
    words = line.text or words_of_all(line.turns)
    return Glance(sender, line.subject[:SUBJECT], words[:WORDS])


def _of_form(arrival: Arrival) -> Glance:
    filled = forms.read_form(arrival)
    return Glance(filled.email or filled.phone or filled.name, filled.subject[:SUBJECT], filled.story[:WORDS])


def _of_transcript(arrival: Arrival) -> Glance:
    spoken = transcripts.read_arrival(arrival).transcript
    sender = spoken.notes.get("customer", "")
    return Glance(sender, arrival.given.get("name", ""), words_of_all(spoken.turns)[:WORDS])


def _start_of(arrival: Arrival) -> str:
    return decoded(arrival.raw_bytes()[: 4 * WORDS])[:WORDS]


_LOOKS = {
    Arrival.Form.MAIL: _of_mail,
    Arrival.Form.LINE: _of_line,
    Arrival.Form.TRANSCRIPT: _of_transcript,
    Arrival.Form.WEB_FORM: _of_form,
}
