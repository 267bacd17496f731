"""Mail servers that go silent or hang up in the worst moment: nothing is lost, nothing leaves twice."""

import socket
import threading

import pytest

from apaise.intake.channels.mail import gate
from apaise.intake.channels.mail.tests.servers import read, row, tried

pytestmark = pytest.mark.django_db


class Script:
    """A server that says these lines, one for each command, and then does as told: silence or hanging up.

    ends   silent: keeps the line open and says nothing; hangs_up: closes it
    reads  how much of the words it takes before it ends"""

    def __init__(self, said, ends, reads=0):
        self.said, self.ends, self.reads = said, ends, reads
        self.heard, self.over = [], threading.Event()
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    @property
    def url(self):
        return f"smtp://127.0.0.1:{self.listening.getsockname()[1]}"

    def _serve(self):
        line, _address = self.listening.accept()
        with line, line.makefile("rb") as commands:
            line.sendall(b"220 mx\r\n")
            for said in self.said:
                self.heard.append(commands.readline())
                line.sendall(said + b"\r\n")
            commands.read(self.reads)
            if self.ends == "silent":
                self.over.wait(20)

    def close(self):
        self.over.set()
        self.thread.join(20)
        self.listening.close()


@pytest.fixture
def script(settings, monkeypatch):
    monkeypatch.setattr(gate, "PATIENCE", 0.3)
    monkeypatch.setattr(gate._connected, "__defaults__", (0.3,))
    made = []

    def start(*said, ends, reads=0):
        made.append(Script(said, ends, reads))
        settings.SMTP_URL = made[-1].url
        return made[-1]

    yield start
    for one in made:
        one.close()


ENDS = pytest.mark.parametrize("ends", ["silent", "hangs_up"])
POLITE = (b"250 mx", b"250 OK", b"250 OK")  # to EHLO, MAIL and RCPT


@ENDS
@pytest.mark.parametrize("after", [0, 1, 2, 3], ids=["EHLO", "MAIL", "RCPT", "DATA"])
def test_a_server_that_ends_before_the_words_gets_the_mail_later(queued, script, carrier, ends, after):
    script(*POLITE[:after], ends=ends)
    message = queued()
    assert tried(message).startswith("mail server: ")
    assert (row(message).state, row(message).problem) == ("queued", "away")
    server = carrier()
    assert tried(message) == "sent"
    assert len(server.taken) == 1


@ENDS
def test_a_server_that_ends_after_all_words_leaves_it_uncertain(queued, script, ends):
    server = script(*POLITE, b"354 Go", ends=ends, reads=1)
    message = queued()
    assert tried(message) == "uncertain"
    assert server.heard[3] == b"DATA\r\n"
    assert tried(message) == "uncertain"  # and it is not sent again by itself


def test_a_server_that_answers_nonsense_to_the_words_leaves_it_uncertain(queued, script):
    script(*POLITE, b"354 Go", ends="hangs_up", reads=40)
    assert tried(queued()) == "uncertain"


@pytest.mark.parametrize(("answer", "said"), [(b"451 Later", "mail server said 451"), (b"554 No", "failed")])
def test_a_server_that_wants_no_words_has_none(queued, script, answer, said):
    server = script(*POLITE, answer, b"250 OK", b"221 Bye", ends="hangs_up")
    message = queued()
    assert tried(message) == said
    assert not any(line.startswith(b"From:") for line in server.heard)
    assert row(message).state == ("queued" if answer.startswith(b"4") else "failed")


def test_a_mail_cut_off_in_its_middle_has_not_left(queued, carrier, monkeypatch):
    """No server delivers words without their end: it is sent again, once."""
    server, message = carrier(), queued()

    def cut(connection, raw):
        connection.docmd("DATA")
        connection.send(raw[: len(raw) // 2])
        connection.close()  # a server in the midst of a mail would let the goodbye wait
        raise ConnectionResetError

    with monkeypatch.context() as broken:
        broken.setattr(gate, "_begin_words", cut)
        assert tried(message) == "mail server: ConnectionResetError"
    assert (server.taken, row(message).state) == ([], "queued")
    assert tried(message) == "sent"
    assert len(server.taken) == 1
    assert "Bonjour" in read(server.taken[0][2]).get_body(("plain",)).get_content()
