"""Inbound SMTP: takes mail for our desks and our reply tokens only, and says 250 when the bytes are durable."""

import asyncio
import logging
import socket
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any

from aiosmtpd.smtp import Envelope, Session
from django.db import connection, transaction

from apaise.intake.cases.message import Message
from apaise.intake.channels import receive, tasks
from apaise.intake.channels.mail import addresses, doors
from apaise.intake.channels.mail.smtp_session import (
    Conversation,
    Listener,
    LmtpConversation,
    Taker,
    pieces,
    sender_of,
)
from apaise.intake.channels.models import OutboxMail, file_store
from apaise.lib import crash
from apaise.lib.mime import read
from apaise.lib.trouble import where

log = logging.getLogger("apaise.smtp")
LARGEST = 25 * 1024 * 1024  # announced by SIZE; larger is refused with 552
MOST_RECIPIENTS = 100
IDLE_SECONDS = 300  # RFC 5321 §4.5.3.2.7: how long a server waits for the next command, at least
LATER = "451 We could not store the message; try again in a moment"


class Desks:
    """Takes mail for our desks. Database work runs in threads that keep their connection."""

    def __init__(self, threads: int = 2, *, door: str = "smtp") -> None:
        self._threads, self._door = ThreadPoolExecutor(threads, thread_name_prefix=door), door

    async def handle_EHLO(
        self,
        conversation: Conversation,
        session: Session,
        envelope: Envelope,
        hostname: str,
        answers: list[str],
    ) -> list[str]:
        session.host_name = hostname
        return [*answers[:-1], "250-PIPELINING", answers[-1]]

    async def handle_RCPT(
        self,
        conversation: Conversation,
        session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 Too many recipients"
        if not address.isprintable():  # nor are halves of UTF-8
            return "553 No such address can be"
        try:
            ours = await self._in_thread(addresses.is_ours, address)
        except Exception as problem:
            log.error("recipient could not be checked: %s", where(problem))
            return "451 Try again in a moment"
        if not ours:
            return "550 No such desk here; we do not relay"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_VRFY(
        self, conversation: Conversation, session: Session, envelope: Envelope, address: str
    ) -> str:
        return "252 Send it and see"

    async def handle_exception(self, problem: Exception) -> str:
        log.error("a conversation went wrong: %s", where(problem))
        return "451 Something went wrong; try again in a moment"

    async def take(self, envelope: Envelope, message: IO[bytes]) -> str:
        try:
            await self._in_thread(
                _keep, pieces(message), sender_of(envelope), _most_telling(envelope.rcpt_tos), self._door
            )
        except Exception as problem:  # disk full, database away: the sender keeps it and comes back
            log.error("a mail could not be kept, the sender was asked to retry: %s", where(problem))
            return LATER
        crash.point("before-250")
        return "250 Received"

    async def _in_thread(self, function: Any, *args: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(
            self._threads, _with_fresh_connection, function, *args
        )


def _with_fresh_connection(function: Any, *args: Any) -> Any:
    connection.close_if_unusable_or_obsolete()
    return function(*args)


def _keep(raw: Iterable[bytes], mail_from: str, rcpt_to: str, door: str) -> None:
    digest, size = file_store().keep(raw)  # before the transaction: a slow disk must not hold the write lock
    crash.point("after-raw-store")
    with transaction.atomic():
        arrival = receive.note_arrival(
            digest, size, envelope_from=mail_from, envelope_to=rcpt_to, desk=addresses.desk_of(rcpt_to)
        )
        tasks.file_arrival.enqueue(arrival.pk)
        crash.point("after-arrival-row")
    doors.heard(door)


def _most_telling(recipients: list[str]) -> str:
    """The recipient that carries a token, else the first."""
    return next((to for to in recipients if "+" in to), recipients[0] if recipients else "")


class DemoOutbox:
    """The demo's own mail server for outgoing mail: takes everything, delivers nowhere, shows it on a page."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="outbox")

    async def take(self, envelope: Envelope, message: IO[bytes]) -> str:
        await asyncio.get_running_loop().run_in_executor(
            self._threads, _keep_in_outbox, message.read(), sender_of(envelope), envelope.rcpt_tos[0]
        )
        return "250 Kept in the outbox"

    async def handle_exception(self, problem: Exception) -> str:
        log.error("a mail could not be put into the outbox: %s", where(problem))
        return LATER


def _keep_in_outbox(raw: bytes, mail_from: str, rcpt_to: str) -> None:
    digest, _size = file_store().keep(raw)
    mail = read(raw)
    message = Message.objects.filter(direction="out", message_id=mail.message_id or "-").first()
    OutboxMail.objects.create(
        envelope_from=mail_from, envelope_to=rcpt_to, raw=digest, subject=mail.subject[:400], message=message
    )


async def serve(
    listening: socket.socket,
    taker: Taker,
    *,
    largest: int = LARGEST,
    idle_seconds: float = IDLE_SECONDS,
    lmtp: bool = False,
) -> Listener:
    """Take mail over this socket, which listens already."""
    open_ones: set[Conversation] = set()
    host = socket.gethostname()  # given: aiosmtpd would ask the network for it, at each connection

    def conversation() -> Conversation:
        return (LmtpConversation if lmtp else Conversation)(
            taker, open_ones, data_size_limit=largest, enable_SMTPUTF8=True, hostname=host, ident="Apaise",
            timeout=idle_seconds,
        )  # fmt: skip

    listening.setblocking(False)
    return Listener(await asyncio.get_running_loop().create_server(conversation, sock=listening), open_ones)
