"""One SMTP conversation: aiosmtpd's, but for how the message itself is read.

aiosmtpd keeps the whole message in memory twice, refuses lines over 1,000 bytes (real mailers send them) and cuts
off a slow line after its command timeout even while bytes still come."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Protocol

from aiosmtpd.smtp import SMTP, Envelope

LONGEST_COMMAND = 2048
LONGEST_PIECE = 64 * 1024  # bytes read at once; a longer line comes in several pieces
IN_MEMORY = 1024 * 1024  # a larger message waits in a temporary file
MOST_SECONDS = 1800  # for one message, however steadily it trickles
MOST_SESSIONS = 100
END = b".\r\n"


class Taker(Protocol):
    """What a listener does with a message. Besides, it may have aiosmtpd's hooks such as handle_RCPT."""

    async def take(self, envelope: Envelope, message: IO[bytes]) -> str:
        """Keep the message (rewound) and return the reply; 250 only when it is durable."""

    async def handle_exception(self, problem: Exception) -> str:
        """The reply when a conversation goes wrong."""


class Conversation(SMTP):
    """Reads a message into a temporary file; ends it only at CRLF . CRLF, so that a bare LF or CR smuggles nothing."""

    line_length_limit = LONGEST_PIECE  # of the stream's buffer; commands have their own

    def __init__(self, taker: Taker, open_ones: set["Conversation"], **options: Any) -> None:
        # Of its own: aiosmtpd keeps them on the class, where one EHLO changes what another conversation may say.
        self.command_size_limits = defaultdict(lambda: LONGEST_COMMAND)
        super().__init__(taker, **options)
        self._taker, self._open_ones = taker, open_ones
        self.is_taking = False  # in the middle of a message: worth waiting for when we are told to stop

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if len(self._open_ones) >= MOST_SESSIONS and isinstance(transport, asyncio.WriteTransport):
            transport.write(b"421 Too many connections; come back in a moment\r\n")
            transport.close()
        self._open_ones.add(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._open_ones.discard(self)
        super().connection_lost(error)

    async def smtp_DATA(self, arg: str) -> None:
        if await self.check_helo_needed():
            return
        if not self.envelope or not self.envelope.rcpt_tos:
            await self.push("503 Error: need RCPT command")
            return
        if arg:
            await self.push("501 Syntax: DATA")
            return
        self.is_taking = True
        envelope = self.envelope
        try:
            await self._answer(await self._take(envelope), envelope)
        finally:
            self.is_taking = False

    async def _answer(self, reply: str, envelope: Envelope) -> None:
        await self.push(reply)

    async def _take(self, envelope: Envelope) -> str:
        await self.push("354 End data with <CR><LF>.<CR><LF>")
        with SpooledTemporaryFile(IN_MEMORY) as message:
            size, problem = await self._read_into(message)
            self._set_post_data_state()  # type: ignore[no-untyped-call]
            if problem:
                raise problem
            if self.data_size_limit and size > self.data_size_limit:
                return f"552 The message is larger than {self.data_size_limit} bytes"
            message.seek(0)
            self._reset_timeout(MOST_SECONDS)  # our own disk and database are not the client's delay
            try:
                return await self._taker.take(envelope, message)
            finally:
                self._reset_timeout()

    async def _read_into(self, message: IO[bytes]) -> tuple[int, OSError | None]:
        """Read up to the lone dot, whatever happens: what is left unread would be taken for commands.

        Returns the size and what went wrong in keeping it; what goes over the limit is read, but not kept."""
        size, at_line_start, clock = 0, True, self.loop.time
        problem: OSError | None = None
        last, end = clock(), clock() + MOST_SECONDS
        while True:
            try:
                piece = await self._reader.readuntil(b"\r\n")
            except (
                asyncio.LimitOverrunError
            ) as long:  # never ends in CR LF, and leaves at least one byte of it
                piece = await self._reader.read(long.consumed)
            if clock() - last > 1:  # it goes forward: its patience starts anew, up to a limit for the whole
                last = clock()
                self._reset_timeout(max(0.1, min(self._timeout_duration, end - last)))
            if at_line_start and piece == END:
                return size, problem
            if at_line_start and piece.startswith(b"."):
                piece = piece[1:]
            at_line_start = piece.endswith(b"\r\n")
            size += len(piece)
            if problem is None and (not self.data_size_limit or size <= self.data_size_limit):
                try:
                    message.write(piece)
                except OSError as full:
                    problem = full

    def say_goodbye(self) -> None:
        """We are going: the client keeps what it has and comes back."""
        if isinstance(self.transport, asyncio.WriteTransport):
            self.transport.write(b"421 Closing; come back in a moment\r\n")
            self.transport.close()

    def _timeout_cb(self) -> None:
        if isinstance(self.transport, asyncio.WriteTransport):
            self.transport.write(b"421 Nothing came for too long\r\n")
        super()._timeout_cb()  # type: ignore[no-untyped-call]


class LmtpConversation(Conversation):
    """The same in LMTP (RFC 2033): it begins with LHLO, and after a message each recipient has an answer of its own."""

    show_smtp_greeting = False

    async def smtp_LHLO(self, arg: str) -> None:
        await super().smtp_EHLO(arg)

    async def smtp_HELO(self, arg: str) -> None:
        await self.push("500 This is LMTP; say LHLO")

    async def smtp_EHLO(self, arg: str) -> None:
        await self.push("500 This is LMTP; say LHLO")

    async def _take(self, envelope: Envelope) -> str:
        try:
            return await super()._take(envelope)
        except OSError as problem:  # one answer alone would leave the client waiting for the others
            return str(await self._taker.handle_exception(problem))

    async def _answer(self, reply: str, envelope: Envelope) -> None:
        for _recipient in envelope.rcpt_tos:
            await self.push(reply)


def pieces(message: IO[bytes]) -> Iterator[bytes]:
    """The message from its start, a piece at a time."""
    message.seek(0)
    while piece := message.read(LONGEST_PIECE):
        yield piece


class Listener:
    """A listening socket and the conversations that came over it."""

    def __init__(self, server: asyncio.Server, open_ones: set[Conversation]) -> None:
        self._server, self._open_ones = server, open_ones

    @property
    def port(self) -> int:
        return int(self._server.sockets[0].getsockname()[1])

    async def end(self, patience: float = 5.0) -> None:
        """Take nobody new, finish the messages in hand, say goodbye to the others."""
        self._server.close()
        until = asyncio.get_running_loop().time() + patience
        while any(one.is_taking for one in self._open_ones) and asyncio.get_running_loop().time() < until:
            for one in [one for one in self._open_ones if not one.is_taking]:
                one.say_goodbye()
            await asyncio.sleep(0.02)
        for one in list(self._open_ones):
            one.say_goodbye()
        await asyncio.sleep(0)  # lets the goodbyes out


def sender_of(envelope: Envelope) -> str:
    """The envelope sender as we keep it: "" for the null sender of a bounce, nothing a database would choke on."""
    sender = (envelope.mail_from or "").strip().strip("<>")
    return "".join(sign for sign in sender.encode("utf-8", "replace").decode() if sign.isprintable())
