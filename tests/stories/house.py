"""A whole Apaise in real processes, for the crash tests: started, killed, started again, and looked at from outside."""

import asyncio
import os
import random
import re
import signal
import smtplib
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope

DESK = "reclamations@exemple.test"
ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 40.0  # seconds; each wait ends as soon as there is something to see
T = TypeVar("T")

# Byte code kept between the starts: without it each start compiles a thousand files again.
_BYTE_CODE = Path(tempfile.gettempdir()) / f"apaise-byte-code-{os.getuid()}"


def wait_for(look: Callable[[], T], why: str | Callable[[], str], seconds: float = PATIENCE) -> T:
    """The first true answer of `look`, asked again and again for a bounded time."""
    until = time.monotonic() + seconds
    while not (seen := look()):
        assert time.monotonic() < until, why() if callable(why) else why
        time.sleep(0.02)
    return seen


def environment(data: Path, **more: str) -> dict[str, str]:
    """The variables of a process of ours: none of the tester's own settings."""
    ours = re.compile(r"APAISE_|SMTP_URL|DATABASE_URL|DJANGO_|PYTHONDONTWRITEBYTECODE|PYTHONPYCACHEPREFIX")
    kept = {name: value for name, value in os.environ.items() if not ours.match(name)}
    return (
        kept
        | {
            "APAISE_DATA": str(data),
            "APAISE_DESKS": DESK,
            "PYTHONPYCACHEPREFIX": str(_BYTE_CODE),
            "PYTHONPATH": str(ROOT),
        }
        | more
    )


def command(data: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run one command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "apaise", *arguments],
        env=environment(data, **more),
        capture_output=True,
        text=True,
        timeout=60,
        cwd=data.parent,
    )


class Sink(Controller):
    """The world's mail server: takes what we send and counts it by Message-ID; with `slowly`, after up to so many seconds."""

    def __init__(self, port: int = 0, *, slowly: float = 0.0) -> None:
        self.got: Counter[str] = Counter()
        self.letters: list[EmailMessage] = []
        self._slowly = slowly
        super().__init__(self, hostname="127.0.0.1", port=port or _free_port())

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:
        found = re.search(
            rb"^Message-ID:\s*(\S+)", envelope.original_content or b"", re.IGNORECASE | re.MULTILINE
        )
        if self._slowly:
            await asyncio.sleep(random.uniform(0, self._slowly))
        self.got[found[1].decode() if found else "none"] += 1
        self.letters.append(
            message_from_bytes(envelope.original_content or b"", policy=policy.default)  # type: ignore[arg-type]
        )
        return "250 OK"

    def stop(self, no_assert: bool | None = None) -> None:
        """Stop listening; harmless when it has stopped."""
        if not self.loop.is_closed():
            super().stop(no_assert=True)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class House:
    """`apaise run` on one data folder."""

    def __init__(self, data: Path, *, smtp_url: str = "", database_url: str = "") -> None:
        self.data = data
        data.mkdir(parents=True, exist_ok=True)
        self.settings = {"SMTP_URL": smtp_url} | ({"DATABASE_URL": database_url} if database_url else {})
        self.errors = data.parent / f"{data.name}.errors"
        self.process: subprocess.Popen[bytes] | None = None
        self.port = self.smtp_port = 0

    def start(self, *arguments: str, **settings: str) -> float:
        """Start everything on free ports; returns once it greets: the seconds that took."""
        began = time.monotonic()
        greeting = self.data.parent / f"{self.data.name}.greeting"
        with greeting.open("wb") as out, self.errors.open("ab") as err:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "apaise", "run", "--port", "0", "--smtp-port", "0", *arguments],
                env=environment(self.data, **(self.settings | settings)),
                stdout=out,
                stderr=err,
                start_new_session=True,
                cwd=self.data.parent,
            )
        process = self.process
        wait_for(lambda: "Ctrl+C" in greeting.read_text() or process.poll() is not None, "it did not greet")
        assert process.poll() is None, self.errors.read_text()
        said = greeting.read_text()
        self.port, self.smtp_port = (int(found) for found in re.findall(r":(\d+)$", said, re.MULTILINE))
        return time.monotonic() - began

    def pids(self) -> list[int]:
        """Every process of the group that is not a zombie."""
        assert self.process
        return [pid for pid, group, state in _processes() if group == self.process.pid and state not in "ZX"]

    def kill(self) -> None:
        """SIGKILL to every process, as near to a power cut as one gets without cutting power."""
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(10)
            wait_for(lambda: not self.pids(), "a process survived SIGKILL")

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to end; returns its exit status."""
        assert self.process
        self.process.send_signal(number)
        return self.process.wait(20)

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def healthy(self) -> bool:
        try:
            with urllib.request.urlopen(self.url("/healthz"), timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def send(
        self,
        subject: str,
        *,
        sender: str = "claire@courriel.exemple.test",
        text: str = "Personne n'est venu le 12.",
    ) -> None:
        """A real mail by SMTP; returns after the 250."""
        with smtplib.SMTP("127.0.0.1", self.smtp_port, timeout=20) as client:
            client.sendmail(sender, [DESK], mail(subject, sender=sender, text=text))

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What the database says, asked from outside."""
        if url := self.settings.get("DATABASE_URL"):
            import psycopg

            with psycopg.connect(url, autocommit=True) as connection:
                return list(connection.execute(sql.encode()).fetchall())
        import pysqlite3

        with closing(pysqlite3.connect(self.data / "apaise.sqlite3", timeout=20)) as connection:
            return list(connection.execute(sql).fetchall())

    def change(self, sql: str) -> None:
        """What somebody with the database in hand could do to it."""
        if url := self.settings.get("DATABASE_URL"):
            import psycopg

            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute(sql.encode())
            return
        import pysqlite3

        with closing(pysqlite3.connect(self.data / "apaise.sqlite3", timeout=20)) as opened:
            opened.execute(sql)
            opened.commit()

    def cases(self, subject: str) -> list[tuple[int, str]]:
        return self.rows(f"SELECT id, reference FROM cases_case WHERE title = '{subject}'")

    def acknowledgements(self, subject: str) -> list[tuple[str, str, str]]:
        """(state, Message-ID, problem) of each acknowledgement of the case with this subject."""
        return self.rows(
            "SELECT m.state, m.message_id, m.problem FROM cases_message m JOIN cases_case c ON c.id = m.case_id "
            f"WHERE m.kind = 'acknowledgement' AND c.title = '{subject}'"
        )

    def unfinished(self) -> int:
        """Jobs of the journey that are not done; the periodic rounds come and go."""
        sql = "SELECT count(*) FROM journey_job WHERE state <> 'done' AND task NOT LIKE 'apaise.journey.rounds.%'"
        return int(self.rows(sql)[0][0])

    def settled(self, subject: str) -> bool:
        """The case is there and its acknowledgement will not move by itself any more."""
        states = {state for state, _number, _problem in self.acknowledgements(subject)}
        return bool(states) and states <= {"sent", "uncertain"} and not self.unfinished()


def mail(
    subject: str, *, sender: str = "claire@courriel.exemple.test", text: str = "Personne n'est venu le 12."
) -> bytes:
    number = re.sub(r"\W+", "-", subject)
    return (
        f"From: Claire Fontanel <{sender}>\r\nTo: {DESK}\r\nSubject: {subject}\r\nMessage-ID: <{number}@courriel.exemple.test>\r\n"
        f"Date: Mon, 2 Nov 2026 09:00:00 +0100\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nBonjour,\r\n\r\n{text}\r\n"
    ).encode()


def _processes() -> Iterator[tuple[int, int, str]]:
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                state, _parent, group, *_ = (folder / "stat").read_text().rpartition(")")[2].split()
            except (OSError, ValueError):
                continue
            yield int(folder.name), int(group), state


@contextmanager
def postgres_database(server: str, name: str, *, like: str = "") -> Iterator[str]:
    """A fresh database of this name for as long as it is needed, empty or a copy of `like`; gives its URL."""
    import psycopg

    parts = urlsplit(server)

    def say(sql: str) -> None:
        with psycopg.connect(
            parts._replace(path="/postgres").geturl(), autocommit=True, connect_timeout=5
        ) as connection:
            connection.execute(sql.encode())

    say(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    say(f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{like}"' if like else ""))
    try:
        yield parts._replace(path=f"/{name}").geturl()
    finally:
        say(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


class Tally:
    """What came of the rounds of a crash test."""

    def __init__(self) -> None:
        self.rounds: list[dict[str, Any]] = []

    def add(self, **said: Any) -> None:
        self.rounds.append(said)

    def count(self, name: str, value: Any = True) -> int:
        return sum(1 for one in self.rounds if one.get(name) == value)


def kill_rounds(
    house: House, sink: Sink, delays: list[float], *, tell: Callable[[dict[str, Any]], None] = lambda _: None
) -> Tally:
    """For each delay: send a mail, kill everything that long after its 250, start again, and look.

    A negative delay kills once more, that long after the new start, before the look."""
    tally = Tally()
    house.start()
    for number, delay in enumerate(delays, start=1):
        subject = f"Coupure {number}"
        house.send(
            subject, sender=f"claire-{number}@courriel.exemple.test"
        )  # few mails a day go to one address
        time.sleep(abs(delay))
        house.kill()
        if delay < 0:
            house.start()
            time.sleep(-delay)
            house.kill()
        started = house.start()
        began = time.monotonic()
        wait_for(
            lambda: house.settled(subject),
            lambda: f"{subject} did not settle: {house.acknowledgements(subject)}",
        )
        settled = time.monotonic() - began
        known = house.acknowledgements(subject)
        tally.add(
            round=number,
            delay=delay,
            cases=len(house.cases(subject)),
            acknowledgements=len(known),
            state=known[0][0],
            left=sink.got[known[0][1]],
            started=started,
            settled=settled,
        )
        tell(tally.rounds[-1])
    return tally
