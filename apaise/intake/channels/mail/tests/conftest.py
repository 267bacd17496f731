"""What this room's tests need: real servers on this machine, a reply on its way, a Dovecot and a mailbox of ours on it."""

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP

from apaise.ground.accounts.models import Desk
from apaise.handling.routing.assignment import assign
from apaise.intake.cases import conversation
from apaise.intake.channels.mail import doors, oauth
from apaise.intake.channels.mail.mailboxes import Mailbox
from apaise.intake.channels.mail.tests.provider import Provider
from apaise.intake.channels.mail.tests.servers import Carrier
from tests.chaos import Chaos
from tests.dovecot import PASSWORD, USER, Dovecot, running


@pytest.fixture
def carrier(settings):
    """Start a server that answers so, and let the gate use it: carrier(RCPT="550 No such person")."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    started = []

    def start(options=None, **answers):
        made = Carrier(**answers)
        serving = loop.create_server(
            lambda: SMTP(made, hostname="mx.exemple.test", **(options or {})), "127.0.0.1", 0
        )
        server = asyncio.run_coroutine_threadsafe(_begun(serving), loop).result(20)
        started.append(server)
        made.port = server.sockets[0].getsockname()[1]
        settings.SMTP_URL = f"smtp://127.0.0.1:{made.port}"
        return made

    yield start
    for server in started:
        loop.call_soon_threadsafe(server.close)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(20)
    loop.close()


async def _begun(serving):
    return await serving


@pytest.fixture
def queued(complain, ana):
    """A case held by Ana, with a reply of hers in the queue."""

    def make(text="Bonjour, je m'occupe de vous.", files=(), **words):
        case = complain(**words)
        assign(case, ana, by=ana)
        return conversation.reply(case, text, by=ana, files=tuple(files))

    return make


@pytest.fixture(scope="session")
def _one_provider() -> Iterator[Provider]:
    server = Provider()
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def provider(_one_provider: Provider) -> Provider:
    """It knows nobody yet and was asked nothing."""
    _one_provider.forget()
    return _one_provider


@pytest.fixture
def closed_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    doors._noted.clear()
    oauth._known.clear()


@pytest.fixture(scope="session")
def _one_dovecot() -> Iterator[Dovecot]:
    with running() as server:
        yield server


@pytest.fixture
def dovecot(_one_dovecot: Dovecot) -> Dovecot:
    """The server, its mailbox empty."""
    with _one_dovecot.client() as client:
        for folder in [name for _flags, _sign, name in client.list_folders()]:
            client.select_folder(folder)
            if uids := client.search(["ALL"]):
                client.delete_messages(uids)
                client.expunge(uids)
    return _one_dovecot


@pytest.fixture
def chaos(dovecot: Dovecot) -> Iterator[Chaos]:
    proxy = Chaos(dovecot.port)
    yield proxy
    proxy.close()


@pytest.fixture
def describe(desk: Desk) -> Callable[..., Mailbox]:
    """Describe a mailbox on this machine: describe(port, after="move", …)."""

    def make(port: int, **more: Any) -> Mailbox:
        fields = {"host": "127.0.0.1", "security": "plain", "user": USER, "name": "Réclamations"}
        mailbox = Mailbox(desk=desk, port=port, **{**fields, **more})
        mailbox.seal("password", PASSWORD)
        mailbox.save()
        return mailbox

    return make


@pytest.fixture
def letter() -> Callable[..., bytes]:
    """A complaint as a mail: letter("Colis ouvert")."""

    def make(
        subject: str = "Colis ouvert", *, text: str = "Bonjour, le colis est ouvert.", head: str = ""
    ) -> bytes:
        number = "".join(sign for sign in subject.lower() if sign.isalnum())
        return (
            f"From: Claire Fontanel <claire@courriel.exemple.test>\r\nTo: {USER}\r\nSubject: {subject}\r\n{head}"
            f"Message-ID: <{number}@courriel.exemple.test>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
        ).encode()

    return make


@pytest.fixture
def golden() -> Path:
    return Path(__file__).resolve().parents[5] / "tests" / "mail"
