"""Between the gate and a real mail server stands a line that breaks, falls silent, or answers in the server's place."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from apaise.intake.cases.message import Message
from apaise.intake.channels.mail import gate
from apaise.intake.channels.mail.tests.servers import Carrier, read, row, tried
from tests.chaos import Chaos, Mood

pytestmark = pytest.mark.django_db
SAID_IN_ALL = 330  # bytes; a whole conversation has fewer
ALONG_THE_WAY = [0, 20, 60, 120, *range(150, 240, 8)]  # the answers to the words lie close together


@pytest.fixture
def server(carrier: Callable[..., Carrier]) -> Carrier:
    return carrier()


@pytest.fixture
def line(server: Carrier, settings: Any) -> Iterator[Chaos]:
    proxy = Chaos(server.port)
    settings.SMTP_URL = f"smtp://127.0.0.1:{proxy.port}"
    yield proxy
    proxy.close()


@pytest.fixture
def write(queued: Callable[..., Message]) -> Callable[[int], Message]:
    return lambda number: queued(email=f"claire-{number}@courriel.exemple.test")


def times_taken(server: Carrier, message: Message) -> int:
    return [read(raw)["Message-ID"] for _sender, _to, raw in server.taken].count(row(message).message_id)


@contextmanager
def little_patience() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(gate._connected, "__defaults__", (0.15,))
        yield


def check(server: Carrier, line: Chaos, tries: list[tuple[Message, Mood]]) -> set[str]:
    """Whatever the line does: said to be sent means taken once, to be tried again means not taken. Returns the states."""
    states = {}
    for message, mood in tries:
        line.moods = [mood]
        with little_patience():
            tried(message)
        states[message] = row(message).state
        assert states[message] in ("queued", "sent", "uncertain"), mood
    for message, mood in tries:
        tried(message)  # the line is good again: what waited leaves, what is uncertain does not
        after = row(message).state
        assert after == ("uncertain" if states[message] == "uncertain" else "sent"), mood
        assert times_taken(server, message) <= 1, mood
        assert after == "uncertain" or times_taken(server, message) == 1, mood
    return set(states.values())


def test_a_line_cut_anywhere_doubles_nothing_and_loses_nothing_unseen(
    server: Carrier, line: Chaos, write: Callable[[int], Message]
) -> None:
    tries = [(write(bytes_), Mood(cut_after=bytes_)) for bytes_ in range(0, SAID_IN_ALL, 13)]
    assert check(server, line, tries) >= {"queued", "uncertain"}


def test_a_line_that_falls_silent_anywhere_is_given_up_and_doubles_nothing(
    server: Carrier, line: Chaos, write: Callable[[int], Message]
) -> None:
    tries = [(write(bytes_), Mood(silent_after=bytes_)) for bytes_ in ALONG_THE_WAY]
    assert check(server, line, tries) >= {"queued", "uncertain"}


def test_answers_that_come_drop_by_drop_are_understood(
    server: Carrier, line: Chaos, write: Callable[[int], Message]
) -> None:
    message = write(1)
    line.moods = [Mood(dribble=1)]
    assert tried(message) == "sent"
    assert times_taken(server, message) == 1


@pytest.mark.parametrize("where", [rb"^Subject:", rb"^Message-ID:", rb"^--.*--\r\n"])
def test_words_cut_off_on_their_way_are_uncertain_and_no_server_delivers_half_of_them(
    where: bytes, server: Carrier, line: Chaos, write: Callable[[int], Message]
) -> None:
    message = write(1)
    line.moods = [Mood(answers={where: lambda _tag: None})]
    with little_patience():
        assert tried(message) == "uncertain"  # all of them had left us: whether the end arrived nobody told
    assert tried(message) == "uncertain"
    assert server.taken == []


COMMANDS = {"EHLO": rb"^(?i:ehlo|helo)", "MAIL": rb"^(?i:mail)", "RCPT": rb"^(?i:rcpt)", "DATA": rb"^(?i:data)", "end": rb"^\.\r\n"}  # fmt: skip


@pytest.mark.parametrize("code", [421, 451, 550, 554])
@pytest.mark.parametrize("command", COMMANDS)
def test_a_refusal_at_any_command_is_for_later_or_for_good_and_never_half_sent(
    command: str, code: int, server: Carrier, line: Chaos, write: Callable[[int], Message]
) -> None:
    message = write(1)
    line.moods = [Mood(answers={COMMANDS[command]: lambda _tag: b"%d No\r\n" % code})]
    with little_patience():  # a server that waits for the end of the words does not answer our QUIT
        tried(message)
    # What is refused before a recipient is named is a matter of our own settings: the mail waits for them.
    for_good = code >= 500 and command in ("RCPT", "DATA", "end")
    assert row(message).state == ("failed" if for_good else "queued")
    assert server.taken == []
    assert tried(message) == ("failed" if for_good else "sent")
    assert times_taken(server, message) == (0 if for_good else 1)
