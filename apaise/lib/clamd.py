"""Ask a ClamAV daemon about a file, in its own words (INSTREAM, clamd(8)): a few lines of socket, each with a time limit."""

import socket
import struct
from collections.abc import Callable
from contextlib import closing
from time import monotonic
from typing import BinaryIO, Literal, NamedTuple
from urllib.parse import urlsplit

CHUNK = 64 * 1024
CONNECT, WHOLE = 5.0, 120.0  # seconds: to be let in, and for one file with its answer
LONGEST_ANSWER = 4_096
PORT = 3310


class Away(Exception):
    """Nobody answers as ClamAV does; the text says what was met, for an administrator."""


class Verdict(NamedTuple):
    """What the daemon said of one file."""

    said: Literal["clean", "infected", "too_large", "failed"]
    name: str = ""  # of what was found


class Address(NamedTuple):
    """A host and port, or the path of a socket with port 0."""

    host: str
    port: int


def address(url: str) -> Address:
    """tcp://host:3310 or unix:///run/clamav/clamd.ctl. Raises ValueError for anything else."""
    parts = urlsplit(url)
    if parts.scheme == "unix" and parts.path.startswith("/") and not parts.netloc:
        return Address(parts.path, 0)
    if parts.scheme == "tcp" and parts.hostname and parts.port != 0 and parts.path in ("", "/"):
        return Address(parts.hostname, parts.port or PORT)
    raise ValueError(url)


def check(url: str, file: BinaryIO, *, seconds: float = WHOLE) -> Verdict:
    """Have the file read from where it stands to its end. Raises Away, also when the time is over."""
    ends = monotonic() + seconds

    def send(to: socket.socket) -> None:
        to.sendall(b"zINSTREAM\0")
        while chunk := file.read(CHUNK):
            to.settimeout(_left(ends))
            to.sendall(struct.pack("!L", len(chunk)) + chunk)
        to.sendall(struct.pack("!L", 0))

    return _verdict(_ask(url, send, ends))


def ping(url: str, *, seconds: float = CONNECT) -> None:
    """Raises Away unless the daemon answers."""
    answer = _ask(url, lambda to: to.sendall(b"zPING\0"), monotonic() + seconds)
    if answer != "PONG":
        raise Away("it answers, but not as ClamAV does")


def _ask(url: str, send: Callable[[socket.socket], None], ends: float) -> str:
    try:
        with closing(_connect(address(url))) as to:
            to.settimeout(_left(ends))
            try:
                send(to)
            except (BrokenPipeError, ConnectionResetError):
                pass  # it hangs up on what is too large, having said so: the answer is still to be read
            return _answer(to, ends)
    except TimeoutError as problem:
        raise Away("it did not answer in time") from problem
    except OSError as problem:
        raise Away(problem.strerror or type(problem).__name__) from problem


def _connect(where: Address) -> socket.socket:
    if where.port:
        return socket.create_connection((where.host, where.port), CONNECT)
    to = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    to.settimeout(CONNECT)
    try:
        to.connect(where.host)
    except OSError:
        to.close()
        raise
    return to


def _answer(to: socket.socket, ends: float) -> str:
    said = b""
    while b"\0" not in said and len(said) <= LONGEST_ANSWER:
        to.settimeout(_left(ends))
        if not (more := to.recv(LONGEST_ANSWER)):
            break
        said += more
    if not said.strip(b"\0 \r\n"):
        raise Away("it hung up without a word")
    return said.partition(b"\0")[0].decode("utf-8", "replace").strip()


def _left(ends: float) -> float:
    if (left := ends - monotonic()) <= 0:
        raise TimeoutError
    return left


def _verdict(answer: str) -> Verdict:
    words = answer.removeprefix("stream:").strip()
    if words == "OK":
        return Verdict("clean")
    if words.endswith(" FOUND"):
        return Verdict("infected", words.removesuffix(" FOUND").strip()[:120])
    if "size limit exceeded" in words:
        return Verdict("too_large")
    if words.endswith("ERROR"):
        return Verdict("failed")
    raise Away("it answers, but not as ClamAV does")
