"""Mail handed over by LMTP: the mail server in front hears about each recipient."""

import smtplib
import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from apaise.__main__ import CommandError
from apaise.doors.commands.listening import listen_lmtp, place_of
from apaise.ground.accounts.setup import add_desk
from apaise.intake.cases.models import Case
from apaise.intake.channels.mail.mailboxes import MailDoor
from apaise.intake.channels.models import Arrival
from apaise.lib.file_store import FileStore

from .test_smtp_in import CLAIRE, DESK, MAIL, Door

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def lmtp(desk: Any) -> Iterator[Door]:
    door = Door(lmtp=True)
    yield door
    door.shut()


def client_of(door: Door) -> smtplib.LMTP:
    return smtplib.LMTP(door.host, door.port, local_hostname="mx.exemple.test", timeout=20)


def answers(door: Door, *recipients: str) -> list[bytes]:
    """What is said to each recipient that was let in, after the message."""
    with client_of(door) as client:
        client.ehlo_or_helo_if_needed()
        assert client.mail(CLAIRE)[0] == 250
        let_in = [client.rcpt(recipient)[0] for recipient in recipients].count(250)
        client.putcmd("DATA")
        assert client.getreply()[0] == 354
        client.send(MAIL + b".\r\n")
        said = [b"%d %s" % client.getreply() for _ in range(let_in)]
        assert client.noop()[0] == 250  # nothing more is said, and the conversation goes on
    return said


def test_a_mail_by_lmtp_becomes_a_case(lmtp: Door, work: Callable[[], int]) -> None:
    with client_of(lmtp) as client:
        assert client.sendmail(CLAIRE, [DESK], MAIL) == {}
    work()
    assert Case.objects.get().title == "Colis ouvert"
    assert list(MailDoor.objects.values_list("code", flat=True)) == ["lmtp"]


def test_each_recipient_has_an_answer_of_its_own(lmtp: Door, work: Callable[[], int]) -> None:
    add_desk("sav@exemple.test")
    said = answers(lmtp, DESK, "inconnu@ailleurs.exemple.test", "sav@exemple.test")
    assert said == [b"250 Received", b"250 Received"]
    work()
    assert Case.objects.count() == 1


def test_what_cannot_be_kept_is_answered_to_each_recipient_as_well(
    lmtp: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    add_desk("sav@exemple.test")
    monkeypatch.setattr(FileStore, "keep", full)
    assert [said[:4] for said in answers(lmtp, DESK, "sav@exemple.test")] == [b"451 ", b"451 "]
    assert not Arrival.objects.exists()


def test_lmtp_begins_with_lhlo_only(lmtp: Door) -> None:
    with closing(socket.create_connection((lmtp.host, lmtp.port), timeout=20)) as wire:
        lines = wire.makefile("rb")
        assert lines.readline().startswith(b"220 ")
        for said, answer in [
            (b"EHLO a\r\n", b"500 "),
            (b"HELO a\r\n", b"500 "),
            (b"MAIL FROM:<a@b.test>\r\n", b"503 "),
        ]:
            wire.sendall(said)
            assert lines.readline().startswith(answer)


def test_the_place_of_lmtp_is_a_port_or_a_path(tmp_path: Path) -> None:
    path = tmp_path / "lmtp"
    for _run in range(2):  # the socket of an earlier run does not keep us out
        listening = listen_lmtp(str(path))
        assert listening
        assert place_of(listening) == str(path)
        assert path.stat().st_mode & 0o777 == 0o660
        listening.close()
    by_port = listen_lmtp("127.0.0.1:0")
    assert by_port
    by_port.close()
    assert listen_lmtp("") is None


@pytest.mark.parametrize("place", ["lmtp", "127.0.0.1:", "127.0.0.1:99999", "/nowhere/at/all"])
def test_a_place_that_cannot_be_is_one_line(place: str) -> None:
    with pytest.raises(CommandError) as refusal:
        listen_lmtp(place)
    assert "\n" not in str(refusal.value)


def test_a_file_that_is_no_socket_is_left_alone(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("kept")
    with pytest.raises(CommandError):
        listen_lmtp(str(precious))
    assert precious.read_text() == "kept"
