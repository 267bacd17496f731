"""What the tests of the gate need: real servers on this machine, and a reply on its way."""

import asyncio
import socket
import threading

import pytest
from aiosmtpd.smtp import SMTP

from apaise.handling.routing.assignment import assign
from apaise.intake.cases import conversation
from apaise.intake.channels.mail.tests.servers import Carrier


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


@pytest.fixture
def closed_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
