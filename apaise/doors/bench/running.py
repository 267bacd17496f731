"""Run `apaise run` as a person would, and ask it over the network."""

import http.client
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

PATIENCE = 60.0  # seconds until a start is given up


class DidNotStart(Exception):
    """The product did not show its first page."""


@dataclass(frozen=True)
class Running:
    """A running installation."""

    pid: int
    host: str  # host:port of the pages
    smtp: str  # host:port of inbound mail
    seconds: float  # from the command to the first page

    def get(self, path: str, cookie: str = "") -> int:
        """Ask for a page; returns how many bytes it has. Raises DidNotStart unless it is 200."""
        connection = http.client.HTTPConnection(self.host, timeout=30)
        try:
            connection.request("GET", path, headers={"Cookie": cookie} if cookie else {})
            answer = connection.getresponse()
            body = answer.read()
            if answer.status != 200:
                raise DidNotStart(f"{path} answered {answer.status}.")
            return len(body)
        finally:
            connection.close()

    def processes(self) -> list[int]:
        """The supervisor, then web, worker and mail in the order they were started."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text(encoding="ascii")
        return [self.pid, *sorted(int(pid) for pid in children.split())]

    def pss(self) -> list[float]:
        """Memory of each process in MiB: its own, and its share of what several use."""
        return [_pss(pid) for pid in self.processes()]


@contextmanager
def running(environment: Mapping[str, str]) -> Iterator[Running]:
    """`apaise run` on any free ports, ended afterwards. Raises DidNotStart."""
    started = time.perf_counter()
    command = [sys.executable, "-m", "apaise", "run", "--port", "0", "--smtp-port", "0"]
    process = subprocess.Popen(command, env=dict(environment), stdout=subprocess.PIPE, text=True)  # noqa: S603
    try:
        assert process.stdout is not None
        host, smtp = _greeted(process.stdout)
        made = Running(process.pid, host, smtp, 0.0)
        _wait_for_first_page(made, until=started + PATIENCE)
        yield Running(process.pid, host, smtp, time.perf_counter() - started)
    finally:
        process.terminate()
        process.wait(30)
        if process.stdout:
            process.stdout.close()


def _greeted(out: IO[str]) -> tuple[str, str]:
    host = smtp = ""
    for line in out:
        if line.startswith("Apaise is at"):
            host = urlsplit(line.split()[-1]).netloc
        elif line.startswith("Mail comes in on"):
            smtp = line.split()[-1]
        if host and smtp:
            return host, smtp
    raise DidNotStart("`apaise run` ended before it said where it is.")


def _wait_for_first_page(made: Running, until: float) -> None:
    while True:
        try:
            made.get("/")
            return
        except OSError:
            if time.perf_counter() > until:
                raise DidNotStart("`apaise run` showed no page in time.") from None
            time.sleep(0.005)


def _pss(pid: int) -> float:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0


def of_children() -> float:
    """Processor time of ended child processes so far, in milliseconds."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (used.ru_utime + used.ru_stime)


def can_measure_memory() -> bool:
    return os.access("/proc/self/smaps_rollup", os.R_OK)
