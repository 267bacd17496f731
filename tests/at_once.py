"""Run functions in threads with their own database connections, all beginning together."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from time import monotonic
from typing import Any

from django.db import connection, connections


def at_once(functions: Sequence[Callable[[], Any]], *, threads: int = 0) -> list[Any]:
    """What each returned, or the exception it raised, in order."""
    threads = threads or len(functions)
    begin = threading.Barrier(threads)
    waiting = threading.local()

    def run(function: Callable[[], Any]) -> Any:
        try:
            if not getattr(waiting, "begun", False):
                waiting.begun = True
                begin.wait(20)
            return function()
        except Exception as problem:
            return problem
        finally:
            connections.close_all()

    with ThreadPoolExecutor(threads) as pool:
        return [future.result() for future in [pool.submit(run, function) for function in functions]]


def wait_until_somebody_waits(seconds: float = 20) -> None:
    """Go on once another connection waits for a lock of ours. PostgreSQL alone can say so."""
    asked = (
        "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
    )
    deadline = monotonic() + seconds
    while monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute(asked)
            if cursor.fetchone()[0]:
                return
    raise AssertionError("nobody waits for what this transaction holds")
