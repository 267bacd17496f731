"""Memory of all processes after they have worked: pages asked for, mails taken, filed and acknowledged."""

import os
import smtplib
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime

from apaise.doors.bench.bulk.load import MANAGER, references
from apaise.doors.bench.letters import DESK, letters
from apaise.doors.bench.pages import sign_in
from apaise.doors.bench.report import Line
from apaise.doors.bench.running import Running, can_measure_memory, running
from apaise.ground.accounts.models import User
from apaise.intake.channels.models import Arrival
from apaise.journey.models import Job

PAGES, MAILS, AT_ONCE = 200, 100, 4
SETTLE_SECONDS = 60.0


def measure(
    cases: int, today: date, at: datetime, *, pages: int = PAGES, mails: int = MAILS
) -> Iterator[Line]:
    what = "memory after load (PSS)"
    if not can_measure_memory():
        yield Line("memory.web_and_worker", what, cases, not_measured="not measured: this needs Linux")
        return
    cookie = sign_in(User.objects.get(email=MANAGER))
    with running(os.environ) as made:
        _read(made, cookie, cases, today, pages)
        _write(made, at, mails)
        settled = _has_settled()
        supervisor, web, worker, mail = made.pss()
    figures = {
        "mib": supervisor + web + worker,
        "web": web,
        "worker": worker,
        "supervisor": supervisor,
        "mail": mail,
        "pages": pages,
        "mails": mails,
        "jobs_left": settled,
    }
    yield Line("memory.web_and_worker", what, cases, figures)


def _read(made: Running, cookie: str, cases: int, today: date, pages: int) -> None:
    known = references(range(1, min(cases, pages) + 1), cases, today)
    addresses = [f"/desk/cases/{reference}" for reference in known] + ["/desk/cases?view=team"] * pages
    with ThreadPoolExecutor(AT_ONCE) as readers:
        list(readers.map(lambda address: made.get(address, cookie), addresses[: 2 * pages]))


def _write(made: Running, at: datetime, mails: int) -> None:
    host, _, port = made.smtp.rpartition(":")
    with smtplib.SMTP(host, int(port), timeout=30) as client:
        for letter in letters(mails, f"memory{Arrival.objects.count()}", at):
            client.sendmail("c@courriel.exemple.test", [DESK], letter.raw)


def _has_settled() -> int:
    """Wait until the worker has filed and acknowledged; how many tasks were left when patience ended."""
    until = time.monotonic() + SETTLE_SECONDS
    while True:
        left = Job.objects.filter(queue="default", state__in=[Job.State.READY, Job.State.RUNNING]).count()
        if not left or time.monotonic() > until:
            return left
        time.sleep(0.2)
