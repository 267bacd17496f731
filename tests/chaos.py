"""A TCP proxy that behaves badly on purpose: it cuts, falls silent, dribbles, garbles, or answers in the server's place."""

import re
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

Answer = Callable[[bytes], bytes | None]  # the command's tag -> what to say in the server's place; None cuts


@dataclass
class Mood:
    """What is done to a connection. Numbers count bytes from the server."""

    cut_after: int | None = None
    silent_after: int | None = None
    garble_from: int | None = None
    dribble: int | None = None  # so many bytes at a time
    answers: dict[bytes, Answer] = field(default_factory=dict)  # pattern of a command -> answer


GOOD = Mood()


class Chaos:
    """Stands between a client and 127.0.0.1:`target`. `moods` are for the next connections, one each; then it is good."""

    def __init__(self, target: int) -> None:
        self._target = target
        self.moods: list[Mood] = []
        self.always: Mood = GOOD
        self.connections = 0
        self._open: list[socket.socket] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)  # a close alone lets one more in
        self._listening.close()
        self.cut_all()

    def cut_all(self) -> None:
        """Everything that is connected now is cut off."""
        for wire in self._open:
            _end(wire)
        self._open.clear()

    def _accept(self) -> None:
        while True:
            try:
                client, _address = self._listening.accept()
            except OSError:
                return
            self.connections += 1
            mood = self.moods.pop(0) if self.moods else self.always
            try:
                server = socket.create_connection(("127.0.0.1", self._target))
            except OSError:
                client.close()
                continue
            self._open += [client, server]
            threading.Thread(target=_down, args=(server, client, mood), daemon=True).start()
            threading.Thread(target=_up, args=(client, server, mood), daemon=True).start()


def _down(server: socket.socket, client: socket.socket, mood: Mood) -> None:
    passed = 0
    with suppress(OSError):
        while piece := server.recv(mood.dribble or 65536):
            piece, passed = _spoilt(piece, passed, mood)
            if piece:
                client.sendall(piece)
            if mood.cut_after is not None and passed >= mood.cut_after:
                break
    _end(client)
    _end(server)


def _spoilt(piece: bytes, passed: int, mood: Mood) -> tuple[bytes, int]:
    after = passed + len(piece)
    if mood.cut_after is not None and after > mood.cut_after:
        piece, after = piece[: mood.cut_after - passed], mood.cut_after
    if mood.silent_after is not None and after > mood.silent_after:
        piece = piece[: max(0, mood.silent_after - passed)]
    if mood.garble_from is not None and after > mood.garble_from:
        clean = max(0, mood.garble_from - passed)
        piece = piece[:clean] + bytes(sign ^ 0x15 if sign > 32 else sign for sign in piece[clean:])
    return piece, after


def _up(client: socket.socket, server: socket.socket, mood: Mood) -> None:
    with suppress(OSError), client.makefile("rb") as lines:
        for line in lines:
            spoken = next((answer for what, answer in mood.answers.items() if re.search(what, line)), None)
            if spoken is None:
                server.sendall(line)
            elif (said := spoken(line.split(b" ", 1)[0])) is None:
                break
            else:
                client.sendall(said)
    _end(client)
    _end(server)


def _end(wire: socket.socket) -> None:
    with suppress(OSError):
        wire.shutdown(socket.SHUT_RDWR)
    wire.close()
