"""A daemon that speaks as ClamAV does, on loopback, and says what the test wants."""

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

Said = Callable[[bytes], bytes]


@contextmanager
def daemon(says: Said, *, at: Path | None = None, hears: bool = True) -> Iterator[str]:
    """Takes files one connection after the other and says of each what `says` makes of its bytes."""
    listening = socket.socket(socket.AF_UNIX if at else socket.AF_INET, socket.SOCK_STREAM)
    listening.bind(str(at) if at else ("127.0.0.1", 0))
    listening.listen()
    url = f"unix://{at}" if at else f"tcp://127.0.0.1:{listening.getsockname()[1]}"

    def serve() -> None:
        while True:
            try:
                to, _from = listening.accept()
            except OSError:
                return
            with to:
                try:
                    to.sendall(says(_heard(to) if hears else b""))
                except OSError:
                    continue

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield url
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(5)


def _heard(to: socket.socket) -> bytes:
    with to.makefile("rb") as line:
        command = b""
        while not command.endswith(b"\0"):
            command += line.read(1)
        if command != b"zINSTREAM\0":
            return command
        whole = b""
        while length := struct.unpack("!L", line.read(4))[0]:
            whole += line.read(length)
        return whole


def virus() -> bytes:
    # The harmless test file of the trade, put together here so that no scanner takes this test for it.
    return b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS" + b"-TEST-FILE!$H+H*"


def as_clamav(content: bytes) -> bytes:
    if content == b"zPING\0":
        return b"PONG\0"
    return b"stream: Eicar-Signature FOUND\0" if content == virus() else b"stream: OK\0"
