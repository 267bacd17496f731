"""Run everything on this machine: pages, worker, scheduler and inbound mail, on one database."""

import argparse
import fcntl
import os
import socket
import time
from pathlib import Path

from apaise.__main__ import CommandError
from apaise.doors.commands.listening import PATIENCE, listen, listen_lmtp, place_of

NEEDS_DJANGO = False  # the settings must be made from the options first


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--demo", action="store_true", help="fill an empty database with a lively company and known sign-ins"
    )
    parser.add_argument(
        "--host", default="127.0.0.1", help="address the pages listen on (default: this machine only)"
    )
    parser.add_argument(
        "--port", type=int, default=8000, help="port of the pages (default 8000; 0: any free one)"
    )
    parser.add_argument(
        "--smtp-host",
        default="127.0.0.1",
        help="address inbound mail listens on (default: this machine only)",
    )
    parser.add_argument(
        "--smtp-port", type=int, default=2525, help="port of inbound mail (default 2525; 0: any free one)"
    )


def run(options: argparse.Namespace) -> int:
    pages = listen(options.host, options.port, "--port")
    post = listen(options.smtp_host, options.smtp_port, "--smtp-port")
    outbox = (
        listen("127.0.0.1", options.smtp_port and options.smtp_port + 1, "--smtp-port")
        if options.demo
        else None
    )
    _set_environment(pages, outbox)
    from apaise.config.start import start_django

    start_django()
    from django.conf import settings

    _be_alone_in(settings.DATA)
    lmtp = listen_lmtp(settings.LMTP)
    from apaise.doors.commands import parts

    parts.prepare_database()
    if options.demo:
        parts.prepare_demo()
    parts.preload(
        "apaise.journey.worker",
        "apaise.intake.channels.mail.smtp_in",
        "apaise.intake.channels.mail.watching",
        "granian.server",
    )
    parts.warm_up()
    from apaise.doors.commands.supervisor import supervise

    children = {
        "web": lambda: parts.web(pages),
        "worker": parts.demo_then_work if options.demo else parts.worker,
        "mail": lambda: parts.mail(post, lmtp=lmtp, outbox=outbox),
    }
    return supervise(children, greet=lambda: print(_greeting(post, demo=options.demo), flush=True))


def _set_environment(pages: socket.socket, outbox: socket.socket | None) -> None:
    os.environ.setdefault("APAISE_URL", f"http://localhost:{pages.getsockname()[1]}")
    if outbox:
        os.environ["APAISE_DEMO"] = "yes"
        os.environ.setdefault("SMTP_URL", f"smtp://{place_of(outbox)}")
        os.environ.setdefault("APAISE_DESKS", "reclamations@exemple.test")


def _be_alone_in(folder: Path) -> None:
    """Hold the data folder for as long as this process or a child of it lives. Raises CommandError if another has it."""
    try:
        handle = os.open(folder / "running.lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as problem:
        raise CommandError(
            f"The data folder {folder} cannot be used ({problem.strerror}). Make it writable, or set APAISE_DATA to another folder."
        ) from problem
    until = time.monotonic() + PATIENCE
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except OSError as problem:
            if time.monotonic() > until:
                holder = os.pread(handle, 20, 0).decode("ascii", "replace").strip() or "unknown"
                raise CommandError(
                    f"Apaise already runs on {folder} (process {holder}). Stop it first, or set APAISE_DATA to another folder."
                ) from problem
        time.sleep(0.05)
    os.ftruncate(handle, 0)
    os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)


def _greeting(post: socket.socket, *, demo: bool) -> str:
    lines = [f"Apaise is at {os.environ['APAISE_URL']}", f"Mail comes in on {place_of(post)}"]
    if demo:
        lines.append(
            "Demo: sign in at /sign-in as ines.carlier@exemple.test with the password “apaise-demo-2026”."
        )
    lines.append("Stop with Ctrl+C.")
    return "\n".join(lines)
