"""The parts that `apaise run` starts together and `apaise web`, `worker` and `mail` start alone."""

import asyncio
import ctypes
import gc
import importlib
import logging.config
import os
import signal
import socket
import threading
import time
from typing import Any

from django.conf import settings
from django.db import connections

from apaise.__main__ import CommandError
from apaise.doors.commands.database import prepare_database

__all__ = ["demo_then_work", "mail", "preload", "prepare_database", "prepare_demo", "web", "worker"]

WEB_THREADS = 4
WEB_STARTS_SECONDS = 0.1
WEB_DRAIN_SECONDS = 6.0
_M_ARENA_MAX = -8
_STOP = (signal.SIGTERM, signal.SIGINT)


def refuse_demo_among_real_cases() -> None:
    from apaise.doors.demo.play import is_demo_or_empty

    if not is_demo_or_empty():
        raise CommandError(
            "This database has real cases; the demo would mix with them. Set APAISE_DATA to an empty folder."
        )


def prepare_demo() -> None:
    """The demo's people and desk, so that one can sign in at once."""
    from apaise.doors.demo.play import prepare

    refuse_demo_among_real_cases()
    prepare()
    connections.close_all()


def preload(*modules: str) -> None:
    """Load what the parts need before they are forked: they share it, and a restarted one is there at once."""
    for module in modules:
        importlib.import_module(module)
    _use_little_memory()


def _use_little_memory() -> None:
    # glibc gives each thread a heap of its own, never given back; two serve a handful of threads as well.
    try:
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 2)
    except (OSError, AttributeError):  # another C library: nothing to be spared
        pass


def settle() -> None:
    """Let the collector of garbage pass over all that is loaded: it stays, and looking through it took a fifth of a page.

    Young objects are looked through less often as well: a page makes some hundred thousand, and they die with it."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)


def web(listening: socket.socket) -> None:
    """Serve the pages until told to stop, in this very process: granian would add a parent that only waits."""
    settle()
    from granian import _signals
    from granian._granian import SocketHolder, WorkerSignal
    from granian.constants import Interfaces, RuntimeModes
    from granian.server import Server

    # Granian's own handlers set an Event in the thread that waits for it: a second signal at the wrong moment hangs it.
    _signals.set_sync_signals = lambda: _set_when_told_to_stop(WorkerSignal())
    server: Any = Server(
        "apaise.config.wsgi:application",
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=WEB_THREADS,
        runtime_mode=RuntimeModes.mt,
        log_enabled=False,
        backpressure=64,
    )
    server._ssp, server._sso = None, None
    server._shd = SocketHolder(os.dup(listening.fileno()), False, 1024)  # type: ignore[call-arg]
    server._spawn_worker(0, server._spawn_wsgi_worker, _pages).inner.run()


def _set_when_told_to_stop(ending: Any) -> Any:
    signal.pthread_sigmask(signal.SIG_BLOCK, _STOP)

    def wait() -> None:
        signal.sigwait(_STOP)
        time.sleep(WEB_STARTS_SECONDS)  # told while it starts, granian would not hear it
        # Once only: a second time it waits for the requests in hand, and lets none of them go on.
        ending.set()
        time.sleep(WEB_DRAIN_SECONDS)
        os._exit(0)  # a request that takes so long is lost; its change is whole or was not made

    threading.Thread(target=wait, name="ending", daemon=True).start()
    return ending


def _pages() -> Any:
    from apaise.config.wsgi import application

    logging.config.dictConfig(settings.LOGGING)  # granian has just put its own in the place of ours
    return application


def warm_up() -> None:
    """Load what the first page would load, before the fork: it is then shared and the first page is quick."""
    from django.template import engines
    from django.urls import get_resolver

    from apaise.config.wsgi import application  # noqa: F401

    get_resolver().url_patterns  # noqa: B018
    engines["jinja2"]


def worker() -> None:
    """Work the queues and keep the periodic slots until told to stop."""
    from apaise.journey.worker import work

    settle()
    stop = threading.Event()

    def rest(seconds: float) -> None:
        # No handler: one that sets the event while this thread looks at it would wait for itself.
        if signal.sigtimedwait(_STOP, seconds):
            stop.set()

    signal.pthread_sigmask(signal.SIG_BLOCK, _STOP)
    work(stop, rest)


def mail(
    listening: socket.socket, *, lmtp: socket.socket | None = None, outbox: socket.socket | None = None
) -> None:
    """Take inbound mail and fetch it from the mailboxes until told to stop; with `outbox`, be the demo's outgoing server."""
    settle()
    asyncio.run(_take_mail(listening, lmtp, outbox))


async def _take_mail(
    listening: socket.socket, lmtp: socket.socket | None, outbox: socket.socket | None
) -> None:
    from apaise.intake.channels.mail import smtp_in
    from apaise.intake.channels.mail.watching import Watching

    stop = asyncio.Event()
    for number in _STOP:
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    listeners = [await smtp_in.serve(listening, smtp_in.Desks())]
    if lmtp:
        listeners.append(await smtp_in.serve(lmtp, smtp_in.Desks(door="lmtp"), lmtp=True))
    if outbox:
        listeners.append(await smtp_in.serve(outbox, smtp_in.DemoOutbox()))
    no_more_fetching = threading.Event()
    threading.Thread(
        target=Watching(no_more_fetching).serve, name="mailboxes", daemon=True
    ).start()  # daemon: what it has in hand may be cut off at any place
    await stop.wait()
    no_more_fetching.set()
    await asyncio.gather(*(listener.end() for listener in listeners))


def demo_then_work() -> None:
    """Play the demo's six months, then be the worker: its rounds must not meet a half-told story."""
    from apaise.doors.demo.play import play

    play()
    worker()
