"""File what lies in files, as `apaise ingest` does: made durable, noted as arrived, filed. Safe to stop and to repeat."""

import mimetypes
from pathlib import Path
from typing import Any, NamedTuple

from django.utils import translation

from apaise.intake.cases.messages import File
from apaise.intake.channels import lines, receive
from apaise.intake.channels.limits import LIMITS
from apaise.intake.channels.models import Arrival, file_store
from apaise.intake.channels.settling import Outcome
from apaise.intake.channels.sources import Piece
from apaise.intake.channels.unread import BadLine, BadTranscript
from apaise.lib.file_kind import examine
from apaise.lib.mime import Unreadable, clean_name

USUAL = {"mail": "email", "transcript": "phone"}
FORMS = {"line": Arrival.Form.LINE, "transcript": Arrival.Form.TRANSCRIPT}
SPOKEN = ("phone", "chat", "in_person")
UNREAD = ("bad_line", "bad_transcript")


class Result(NamedTuple):
    """What became of one message: a line of the report."""

    path: str
    outcome: str  # opened, threaded, duplicate, machine, quarantined, error
    case: str | None
    reason: str | None
    is_trouble: bool = False  # somebody must mend the source


class Unusable(Exception):
    """It cannot be taken as it stands; nothing of it was kept. The text says what to do."""


def ingest(piece: Piece, *, channel: str = "", case: str = "") -> Result:
    """File one message.

    channel   of lines that name none, and of mails and transcripts that came another way than usual
    case      the reference of the case it belongs to"""
    if piece.problem:
        return Result(piece.path, "error", None, piece.problem, is_trouble=True)
    try:
        arrival = _arrival(piece, channel, case)
    except Unusable as problem:
        return Result(piece.path, "error", None, str(problem), is_trouble=True)
    if isinstance(arrival, Outcome):
        outcome = arrival
    else:
        outcome = receive.receive(arrival)
    reference = outcome.case.reference if outcome.case else None
    if outcome.outcome == "quarantined" and outcome.reason in UNREAD:
        return Result(piece.path, outcome.outcome, reference, _told(piece), is_trouble=True)
    return Result(piece.path, outcome.outcome, reference, outcome.reason or None)


def _arrival(piece: Piece, channel: str, case: str) -> Arrival | Outcome:
    digest = receive.digest_of(piece.raw)
    if known := receive.seen_before(digest):  # nothing is written for what was seen before
        return Outcome("duplicate", known.case, "received_before")
    if begun := Arrival.objects.filter(raw=digest, state=Arrival.State.NEW).first():
        return begun
    if piece.kind == "transcript" and channel and channel not in SPOKEN:
        raise Unusable(f"a transcript is of {', '.join(SPOKEN)}, not of {channel}")
    if case and piece.kind not in FORMS:
        raise Unusable("--case is for transcripts and lines of JSON; a mail says itself what it answers")
    given: dict[str, Any] = {"channel": channel, "case": case}
    if piece.kind == "line":
        given["files"] = [one._asdict() for one in _enclosed(piece)]
    elif piece.kind == "transcript":
        given["name"] = Path(piece.path).name
    form = FORMS.get(piece.kind, Arrival.Form.MAIL)
    given = {key: value for key, value in given.items() if value} if piece.kind in FORMS else {}
    # The channel of a line is known once it is read; until then it stands under the commonest of its kind.
    return receive.keep(piece.raw, channel=channel or USUAL.get(piece.kind, "email"), form=form, given=given)


def _enclosed(piece: Piece) -> list[File]:
    """The files a line names, kept. All or none. Raises Unusable."""
    try:
        names = lines.files_of(lines.as_object(piece.raw))
    except BadLine:
        return []  # the line itself is bad, and will be said to be
    folder = Path(piece.path.rpartition("#")[0]).parent.resolve()
    found = [_inside(folder, name, piece) for name in names]
    return [_kept(file) for file in found]


def _inside(folder: Path, name: str, piece: Piece) -> Path:
    try:
        file = (folder / name).resolve()
        inside = file.is_relative_to(folder) and not Path(name).is_absolute()
        there = inside and file.is_file()
    except (OSError, ValueError):
        inside, there = True, False
    if not inside:
        raise Unusable(
            f"{_place(piece)}: “{clean_name(name)}” lies outside the folder; files are named from there"
        )
    if not there:
        raise Unusable(
            f"{_place(piece)}: there is no file “{clean_name(name)}” beside it; add it and run again"
        )
    if file.stat().st_size > LIMITS["line"].file:
        raise Unusable(f"{_place(piece)}: “{clean_name(name)}” is larger than 50 MB")
    return file


def _kept(file: Path) -> File:
    with file.open("rb") as opened:
        digest, size = file_store().keep(iter(lambda: opened.read(1024 * 1024), b""))
        kind = examine(opened, mimetypes.guess_type(file.name)[0] or "", file.name)
    return File(clean_name(file.name), kind[:120], size, digest)


def _place(piece: Piece) -> str:
    file, _sign, number = piece.path.rpartition("#")
    return f"{Path(file).name} line {number}"


def _told(piece: Piece) -> str:
    """File, line and what is wrong, for whoever mends the file."""
    arrival = Arrival.objects.filter(raw=receive.digest_of(piece.raw)).order_by("-pk")[0]
    said = why_unread(arrival)
    return f"{_place(piece)}: {said}" if piece.kind == "line" else f"{Path(piece.path).name}: {said}"


def why_unread(arrival: Arrival, language: str = "en") -> str:
    """What is wrong with an arrival that cannot be read, found by trying again; "" when it can be now."""
    try:
        receive.FORMS[arrival.form].read(arrival)
    except (BadLine, BadTranscript) as problem:
        with translation.override(language):
            return problem.said()
    except Unreadable as problem:
        return problem.reason
    return ""
