"""The worker: one thread per queue, and the periodic slots."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.db import Error, close_old_connections, connection

from apaise.journey import queue
from apaise.journey.periodic import PERIODIC
from apaise.lib import clock
from apaise.lib.trouble import where

log = logging.getLogger("apaise.worker")
IDLE_SECONDS = 0.2
TICK_SECONDS = 5.0
AFTER_TROUBLE_SECONDS = 2.0
DRAIN_SECONDS = 5.0  # a mail server that does not answer must not keep us from ending


def work(
    stop: threading.Event,
    rest: Callable[[float], object] | None = None,
    queues: tuple[str, ...] = ("default", "mail"),
) -> None:
    """Work until `stop` is set. The mail queue has a thread of its own: a slow mail server delays only mail.

    rest   passes the seconds between two looks at the clock; it may set `stop`"""
    rest = rest or stop.wait
    hands = [_Hand(name, stop) for name in queues]
    threads = [threading.Thread(target=hand.serve, name=f"queue-{hand.queue}", daemon=True) for hand in hands]
    _unless_in_trouble(
        "scheduler", queue.free_abandoned
    )  # what a killed worker had in hand is not kept waiting
    for thread in threads:
        thread.start()
    while not stop.is_set():
        _unless_in_trouble("scheduler", lambda: _keep_time(hands))
        rest(TICK_SECONDS)
    until = time.monotonic() + DRAIN_SECONDS
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))
    connection.close()


class _Hand:
    """One thread that takes jobs from one queue."""

    def __init__(self, name: str, stop: threading.Event) -> None:
        self.queue, self._stop = name, stop
        self.holds: frozenset[int] = (
            frozenset()
        )  # read by the scheduler's thread, which keeps their lease alive

    def serve(self) -> None:
        while not self._stop.is_set():
            ran = _unless_in_trouble(f"queue {self.queue}", self._some_jobs)
            if not ran:
                self._stop.wait(IDLE_SECONDS if ran is not None else AFTER_TROUBLE_SECONDS)
        connection.close()

    def _some_jobs(self) -> int:
        jobs = queue.claim(self.queue, queue.this_worker())
        try:
            for number, job in enumerate(jobs):
                self.holds = frozenset(other.pk for other in jobs[number:])
                if self._stop.is_set():
                    queue.give_back(jobs[number:])
                    break
                queue.run(job)
        finally:
            self.holds = frozenset()
        return len(jobs)


def _unless_in_trouble(who: str, act: Callable[[], int]) -> int | None:
    """Do it; None if it went wrong, which is logged. A thread that ended would silence its queue without a word."""
    try:
        return act()
    except Error as problem:  # the database is away or busy: say so, wait, go on
        log.error("%s: the database did not answer (%s); trying again", who, type(problem).__name__)
    except Exception as problem:
        log.error("%s: %s; going on", who, where(problem))
    close_old_connections()
    return None


def _keep_time(hands: list[_Hand]) -> int:
    queue.renew([job for hand in hands for job in hand.holds])
    queue.free_abandoned()
    return put_due_slots(clock.now())


def put_due_slots(now: datetime) -> int:
    """Queue each periodic task once per slot, however many schedulers run. Returns how many were new."""
    new = 0
    for task, every in PERIODIC.items():
        key = f"{task}@{slot(now, every)}"
        if key in _put:
            continue
        new += queue.put(task, key=key) is not None
        _put[key] = True
        while len(_put) > 200:
            _put.pop(next(iter(_put)))
    return new


_put: dict[str, bool] = {}  # slots this process has put already: saves a write, the unique key decides


def slot(now: datetime, every: timedelta) -> int:
    """The number of the slot `now` falls into."""
    return int((now - datetime(2020, 1, 1, tzinfo=UTC)) / every)
