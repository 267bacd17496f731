"""Mails like those a desk receives, 24 kB on average, each with what must become of it."""

import base64
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from random import Random
from typing import NamedTuple

from apaise.doors.bench.bulk import words

GROUP = 20  # of twenty: fourteen open a case, four answer one, one comes twice, one is a machine's
ANSWERS, AGAIN, MACHINE = (14, 15, 16, 17), 18, 19
WITH_FILE = 4  # each fourth has a photo of some 40 kB
DESK = "reclamations@exemple.test"


class Letter(NamedTuple):
    """The raw mail, and the outcome that filing it must have."""

    raw: bytes
    outcome: str


def letters(many: int, run: str, at: datetime) -> Iterator[Letter]:
    """The same mails for the same `run` and moment; another run is other mails from other people."""
    for number in range(many):
        group, place = divmod(number, GROUP)
        if place in ANSWERS:
            first = group * GROUP + place - ANSWERS[0]
            yield Letter(_mail(number, run, at, answers=first), "threaded")
        elif place == AGAIN:
            yield Letter(_mail(group * GROUP, run, at), "duplicate")
        elif place == MACHINE:
            yield Letter(_mail(number, run, at, machine=True), "machine")
        else:
            yield Letter(_mail(number, run, at), "opened")


def _mail(number: int, run: str, at: datetime, *, answers: int | None = None, machine: bool = False) -> bytes:
    chance = Random(f"{run}/{number}")  # noqa: S311  (no secret: the same mails each time)
    writer = number if answers is None else answers
    said = words.CUSTOMER["fr" if writer % 6 else "en"]
    paragraphs = [" ".join(chance.choices(said, k=5)) for _ in range(6)]
    if answers is not None:
        paragraphs += [f"> {chance.choice(words.OURS['fr'])}" for _ in range(30)]
    head = [
        *_travelled(at),
        f"From: {words.FIRST[writer % len(words.FIRST)]} {words.LAST[writer % len(words.LAST)]} <c{writer}.{run}@courriel.exemple.test>",
        f"To: Service réclamations <{DESK}>",
        f"Subject: {chance.choice(words.SUBJECTS['fr'])} {writer}",
        f"Date: {format_datetime(at.astimezone(UTC) - timedelta(minutes=1))}",
        f"Message-ID: <{number}.{run}@courriel.exemple.test>",
        "MIME-Version: 1.0",
        'Content-Type: multipart/mixed; boundary="outer"',
    ]
    if answers is not None:
        head.append(f"In-Reply-To: <{answers}.{run}@courriel.exemple.test>")
    if machine:
        head.append("Auto-Submitted: auto-replied")
    body = [*_bodies("\n\n".join(paragraphs)), *(_photo(chance) if number % WITH_FILE == 1 else ())]
    return "\r\n".join([*head, "", *body, "--outer--", ""]).encode()


def _travelled(at: datetime) -> list[str]:
    came = format_datetime(at.astimezone(UTC))
    hop = "Received: from relay{0}.exemple.test (relay{0}.exemple.test [192.0.2.{0}])\r\n by mx.exemple.test with ESMTPS; {1}"
    return [hop.format(number, came) for number in range(4)]


def _bodies(text: str) -> list[str]:
    html = "".join(f'<p style="margin:0 0 12px;font-family:Arial">{one}</p>\n' for one in text.split("\n\n"))
    return [
        "--outer",
        'Content-Type: multipart/alternative; boundary="inner"',
        "",
        *("--inner", 'Content-Type: text/plain; charset="utf-8"', "Content-Transfer-Encoding: 8bit", ""),
        text,
        *("--inner", 'Content-Type: text/html; charset="utf-8"', "Content-Transfer-Encoding: base64", ""),
        base64.encodebytes(f"<html><body>{html}</body></html>".encode()).decode(),
        "--inner--",
    ]


def _photo(chance: Random) -> list[str]:
    return [
        "--outer",
        'Content-Type: image/jpeg; name="photo.jpg"',
        'Content-Disposition: attachment; filename="photo.jpg"',
        "Content-Transfer-Encoding: base64",
        "",
        base64.encodebytes(b"\xff\xd8\xff\xe0" + chance.randbytes(40_000)).decode(),
    ]
