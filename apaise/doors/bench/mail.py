"""Mail in: filed by `channels.receive` in this process, and taken over a real SMTP connection and then filed by the queue."""

import multiprocessing
import smtplib
import socket
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from functools import partial

from django.db import connections

from apaise.doors.bench.letters import DESK, Letter, letters
from apaise.doors.bench.measure import timed
from apaise.doors.bench.report import Line
from apaise.doors.bench.running import of_children
from apaise.doors.commands import parts
from apaise.intake.channels import receive
from apaise.intake.channels.models import Arrival
from apaise.journey import queue

MANY = 400


def measure(cases: int, at: datetime, *, many: int = MANY) -> Iterator[Line]:
    run = f"r{Arrival.objects.count()}"  # other mails each time, or all would be duplicates
    yield from _received(cases, list(letters(many, f"{run}a", at)))
    yield from _over_smtp(cases, list(letters(max(1, many // 2), f"{run}b", at)))


def _received(cases: int, sent: list[Letter]) -> Iterator[Line]:
    queue.run_all()
    warm = list(letters(1, f"warm{Arrival.objects.count()}", datetime.fromisoformat("2026-01-01T00:00:00Z")))
    _file(warm[0], [])
    became: list[str] = []
    times = timed(partial(_file, letter, became) for letter in sent)
    size = sum(len(letter.raw) for letter in sent) / len(sent)
    yield Line.of("mail.received", "mail filed, acknowledgement queued", times, cases, bytes=size, wrong=_wrong(sent, became))  # fmt: skip
    yield _queue_line("mail.queued", "what follows a mail: acknowledgement written, handler told", cases, len(sent))  # fmt: skip


def _file(letter: Letter, became: list[str]) -> None:
    became.append(receive.receive(receive.keep(letter.raw, envelope_to=DESK)).outcome)


def _queue_line(key: str, what: str, cases: int, mails: int) -> Line:
    ran = []
    times = timed([lambda: ran.append(queue.run_all(("default",)))])
    each = {"n": mails, "median_ms": times.median / mails, "cpu_ms": times.cpu / mails, "jobs": ran[0]}
    return Line(key, what, cases, {**each, "per_second": mails * 1000 / sum(times.walls)})


def _wrong(sent: list[Letter], became: list[str]) -> int:
    """How many mails became something else than they should, by kind."""
    wanted, got = Counter(letter.outcome for letter in sent), Counter(became)
    return sum(((wanted - got) + (got - wanted)).values())


# --- over the network ---------------------------------------------------------------------------------------


def _over_smtp(cases: int, sent: list[Letter]) -> Iterator[Line]:
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    connections.close_all()  # a fork must not share one
    server = multiprocessing.get_context("fork").Process(target=parts.mail, args=(listening,), daemon=True)
    before = of_children()
    server.start()
    listening.close()
    try:
        with smtplib.SMTP("127.0.0.1", port, timeout=30) as client:
            send = partial(client.sendmail, "c@courriel.exemple.test", [DESK])
            times = timed(partial(send, letter.raw) for letter in sent)
    finally:
        server.terminate()
        server.join(10)
    taking = (of_children() - before) / len(sent)
    yield Line.of("mail.taken", "mail taken by SMTP, durable before 250", times, cases, server_cpu_ms=taking)
    filing = _queue_line("mail.filing", "", cases, len(sent))
    first = min(len(sent), Arrival.objects.count())
    became = [_outcome(one) for one in Arrival.objects.order_by("-pk")[:first]]
    figures = dict(filing.figures)
    figures["cpu_ms"] += taking
    figures["wrong"] = _wrong_states(sent, became)
    whole = "mail by SMTP: taken, filed and acknowledged, all processes"
    del figures["median_ms"]
    yield Line("mail.smtp", whole, cases, figures)


def _outcome(arrival: Arrival) -> str:
    return str(arrival.state)


def _wrong_states(sent: list[Letter], became: list[str]) -> int:
    states = {"opened": "filed", "threaded": "filed", "duplicate": "duplicate", "machine": "machine"}
    wanted, got = Counter(states[letter.outcome] for letter in sent), Counter(became)
    return sum(((wanted - got) + (got - wanted)).values())
