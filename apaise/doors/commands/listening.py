"""The sockets we listen on: opened first, so that a taken port is one plain line and a restarting part refuses nobody."""

import errno
import socket
import time
from pathlib import Path

from apaise.__main__ import CommandError

PATIENCE = 1.0  # seconds: the one before us may be ending at this moment


def listen(host: str, port: int, flag: str) -> socket.socket:
    """Listen there, on IPv4 or IPv6. Raises CommandError when it cannot be."""
    if not 0 <= port <= 65535:
        raise CommandError(f"{flag} is {port}; a port is a number from 1 to 65535.")
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return _listen(host, port)
        except OSError as problem:
            if problem.errno != errno.EADDRINUSE or time.monotonic() > until:
                raise CommandError(
                    f"Port {port} on {host} cannot be used ({problem.strerror}). Stop what uses it, or choose another with {flag}."
                ) from problem
        except UnicodeError as problem:
            raise CommandError(
                f"There is no address “{host}”. Give a name or an address of this machine."
            ) from problem
        time.sleep(0.05)


def listen_lmtp(place: str) -> socket.socket | None:
    """Listen where APAISE_LMTP says: host:port, or the path of a socket. Raises CommandError when it cannot be."""
    if not place:
        return None
    if "/" in place:
        return _listen_at_path(Path(place))
    host, colon, port = place.rpartition(":")
    if not colon or not port.isdigit():
        raise CommandError(f"APAISE_LMTP is “{place}”; it must be host:port or the path of a socket.")
    return listen(host.strip("[]") or "127.0.0.1", int(port), "APAISE_LMTP")


def _listen_at_path(path: Path) -> socket.socket:
    listening = socket.socket(socket.AF_UNIX)
    try:
        if path.is_socket():  # of an earlier run; only we listen there
            path.unlink()
        listening.bind(str(path))
        path.chmod(0o660)  # the mail server reaches it through its group
        listening.listen(1024)
    except OSError as problem:
        listening.close()
        raise CommandError(
            f"The socket {path} of APAISE_LMTP cannot be used ({problem.strerror or problem}). Choose a folder we may write to."
        ) from problem
    return listening


def _listen(host: str, port: int) -> socket.socket:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    family, kind, protocol, _name, address = found[0]
    listening = socket.socket(family, kind, protocol)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(1024)
    except OSError:
        listening.close()
        raise
    return listening


def place_of(listening: socket.socket) -> str:
    """host:port, [host]:port or a path, as one would write it."""
    if listening.family == socket.AF_UNIX:
        return str(listening.getsockname())
    host, port = listening.getsockname()[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
