"""Inbound SMTP, spoken to by a real client over a real socket."""

import asyncio
import errno
import smtplib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from apaise.intake.cases.models import Case
from apaise.intake.channels import receive
from apaise.intake.channels.mail import addresses, smtp_in, smtp_session
from apaise.intake.channels.models import Arrival
from apaise.journey.models import Job
from apaise.lib.file_store import FileStore

pytestmark = pytest.mark.django_db(transaction=True)

DESK = "reclamations@exemple.test"
CLAIRE = "claire@courriel.exemple.test"
MAIL = (
    b"From: Claire <claire@courriel.exemple.test>\r\nTo: reclamations@exemple.test\r\nSubject: Colis ouvert\r\n"
    b"Message-ID: <un@courriel.exemple.test>\r\n\r\nBonjour, le colis est ouvert.\r\n"
)


class Door:
    """A listener in a thread of its own, on a port of its own."""

    def __init__(self, host: str = "127.0.0.1", **options: Any) -> None:
        self._desks = smtp_in.Desks(door="lmtp" if options.get("lmtp") else "smtp")
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listening = socket.socket(family)
        listening.bind((host, 0))
        listening.listen(128)
        self.listener = self._wait(smtp_in.serve(listening, self._desks, **options))
        self.host, self.port = host, self.listener.port

    def _wait(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(20)

    def client(self) -> smtplib.SMTP:
        client = smtplib.SMTP(self.host, self.port, local_hostname="client.exemple.test", timeout=20)
        client.ehlo()
        return client

    def raw(self) -> socket.socket:
        """A bare connection, greeted and introduced."""
        wire = socket.create_connection((self.host, self.port), timeout=20)
        assert _reply(wire).startswith(b"220 ")
        assert _say(wire, b"EHLO client.exemple.test\r\n").startswith(b"250")
        return wire

    def stop_listening(self) -> Future[None]:
        return asyncio.run_coroutine_threadsafe(self.listener.end(), self._loop)

    def shut(self) -> None:
        self._wait(self.listener.end())
        together = threading.Barrier(2)
        for done in [self._desks._threads.submit(_leave_database, together) for _ in range(2)]:
            done.result(20)
        self._desks._threads.shutdown()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(20)
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.close()


def _leave_database(together: threading.Barrier) -> None:
    together.wait(20)
    connection.close()


def _reply(wire: socket.socket) -> bytes:
    """One whole reply, however many lines it has."""
    got = b""
    while not (got.endswith(b"\n") and got.splitlines()[-1][3:4] == b" "):
        piece = wire.recv(4096)
        if not piece:
            return got
        got += piece
    return got


def _say(wire: socket.socket, words: bytes) -> bytes:
    wire.sendall(words)
    return _reply(wire)


def _to_data(wire: socket.socket) -> None:
    assert _say(wire, b"MAIL FROM:<claire@courriel.exemple.test>\r\n").startswith(b"250")
    assert _say(wire, b"RCPT TO:<reclamations@exemple.test>\r\n").startswith(b"250")
    assert _say(wire, b"DATA\r\n").startswith(b"354")


@pytest.fixture
def make_door(desk: Any) -> Iterator[Callable[..., Door]]:
    doors: list[Door] = []

    def make(*args: Any, **options: Any) -> Door:
        doors.append(Door(*args, **options))
        return doors[-1]

    yield make
    for door in doors:
        door.shut()


@pytest.fixture
def door(make_door: Callable[..., Door]) -> Door:
    return make_door()


def test_a_mail_for_our_desk_is_kept_byte_for_byte_and_queued_before_we_say_250(
    door: Door, desk: Any
) -> None:
    with door.client() as client:
        assert client.sendmail(CLAIRE, [DESK], MAIL) == {}
    arrival = Arrival.objects.get()
    assert arrival.raw_bytes() == MAIL
    assert (arrival.size, arrival.state, arrival.desk, arrival.envelope_from) == (
        len(MAIL),
        "new",
        desk,
        CLAIRE,
    )
    job = Job.objects.get(task="apaise.intake.channels.tasks.file_arrival")
    assert (job.state, job.arguments["args"]) == ("ready", [arrival.pk])


def test_it_says_what_it_can(door: Door) -> None:
    with door.client() as client:
        assert client.esmtp_features == {
            "size": "26214400",
            "8bitmime": "",
            "smtputf8": "",
            "pipelining": "",
            "help": "",
        }


@pytest.mark.parametrize(
    "address",
    [
        "somebody@elsewhere.example", "reclamations@elsewhere.example", "reclamations%elsewhere.example@exemple.test",
        "elsewhere.example!reclamations@exemple.test", "@exemple.test:somebody@elsewhere.example", "reclamations+x@exemple.test",
        '"somebody@elsewhere.example"@exemple.test', "reclamations@exemple.test.elsewhere.example",
    ],
)  # fmt: skip
def test_it_never_relays(address: str, door: Door) -> None:
    with door.client() as client:
        client.mail(CLAIRE)
        code, _said = client.rcpt(address)
        assert code in (550, 553), _said
        assert client.docmd("DATA")[0] == 503
    assert not Arrival.objects.exists()


def test_a_genuine_reply_address_is_taken_and_a_forged_one_is_not(
    door: Door, complain: Callable[..., Case]
) -> None:
    case, other = complain(), complain(email="lea@courriel.exemple.test")
    genuine = addresses.reply_address(case)
    forged = [
        genuine.replace("+r", "+r1"), genuine[: genuine.index("@") - 1] + "0" + genuine[genuine.index("@") :],
        addresses.reply_address(other).split("-")[0] + "-" + genuine.split("-")[1],
    ]  # fmt: skip
    with door.client() as client:
        client.mail("a@courriel.exemple.test")
        for address in set(forged) - {genuine}:
            assert client.rcpt(address)[0] == 550
        assert client.rcpt(genuine.upper())[0] == 250
        assert client.data(MAIL)[0] == 250
    assert Arrival.objects.get().envelope_to == genuine.upper()


def test_a_bounce_comes_with_the_null_sender(door: Door) -> None:
    with door.client() as client:
        client.sendmail("", [DESK], MAIL)
    assert Arrival.objects.get().envelope_from == ""


def test_a_hundred_recipients_and_no_more(door: Door) -> None:
    with door.client() as client:
        client.mail(CLAIRE)
        assert {client.rcpt(DESK)[0] for _ in range(100)} == {250}
        assert client.rcpt(DESK)[0] == 452
        assert client.data(MAIL)[0] == 250
    assert Arrival.objects.count() == 1


def test_a_message_too_large_is_refused_with_552_announced_or_not(make_door: Callable[..., Door]) -> None:
    door = make_door(largest=5000)
    with door.client() as client:
        assert client.mail(CLAIRE, ["size=5001"])[0] == 552
        client.mail(CLAIRE)
        client.rcpt(DESK)
        assert client.data(MAIL + b"x" * 5000)[0] == 552
        client.mail(CLAIRE)  # and the conversation goes on
        client.rcpt(DESK)
        exactly = MAIL + b"x" * (5000 - len(MAIL) - 2) + b"\r\n"
        assert client.data(exactly)[0] == 250
    assert Arrival.objects.get().raw_bytes() == exactly


def test_twenty_five_megabytes_are_taken_and_one_byte_more_is_not(door: Door) -> None:
    whole = MAIL + (b"y" * 998 + b"\r\n") * (26_214_400 // 1000 + 1)
    whole = whole[: 26_214_400 - 2] + b"\r\n"
    with door.client() as client:
        client.sendmail(CLAIRE, [DESK], whole)
        with pytest.raises(smtplib.SMTPSenderRefused) as refused:
            client.sendmail(CLAIRE, [DESK], whole + b"\r\n")
    assert refused.value.smtp_code == 552
    assert Arrival.objects.get().size == 26_214_400


def test_the_sender_is_asked_to_come_back_when_the_store_fails_and_nothing_is_half_kept(
    door: Door, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    with monkeypatch.context() as broken, door.client() as client:
        broken.setattr(smtp_in, "file_store", lambda: FileStore(tmp_path / "file" / "store"))
        with pytest.raises(smtplib.SMTPDataError) as refused:
            client.sendmail(CLAIRE, [DESK], MAIL)
        assert refused.value.smtp_code == 451
    assert not Arrival.objects.exists()
    assert not Job.objects.exists()
    with door.client() as client:
        client.sendmail(CLAIRE, [DESK], MAIL)
    assert Arrival.objects.get().raw_bytes() == MAIL


def test_what_comes_after_the_disk_is_full_is_not_taken_for_commands(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full(smtp_session.SpooledTemporaryFile):  # type: ignore[type-arg]
        def write(self, piece: Any) -> int:
            if self.tell() > 100:
                raise OSError(errno.ENOSPC, "No space left on device")
            return super().write(piece)

    monkeypatch.setattr(smtp_session, "SpooledTemporaryFile", Full)
    inside = b"MAIL FROM:<x@exemple.test>\r\nRCPT TO:<reclamations@exemple.test>\r\nDATA\r\nSubject: y\r\n"
    with closing(door.raw()) as wire:
        _to_data(wire)
        wire.sendall(MAIL + b"x\r\n" * 100 + inside + b".\r\n")
        assert _reply(wire).startswith(b"451")
        assert _say(wire, b"VRFY x\r\n").startswith(b"252")  # the next reply is to this
        monkeypatch.undo()
        _to_data(wire)
        assert _say(wire, MAIL + b".\r\n").startswith(b"250")
    assert Arrival.objects.count() == 1


def test_the_sender_is_asked_to_come_back_when_the_database_fails(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import OperationalError

    def away(*_: Any, **__: Any) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    with door.client() as client:
        client.mail(CLAIRE)
        with monkeypatch.context() as broken:
            broken.setattr(addresses, "is_ours", away)
            assert client.rcpt(DESK)[0] == 451
        assert client.rcpt(DESK)[0] == 250
        with monkeypatch.context() as broken:
            broken.setattr(receive, "insert", away)
            assert client.data(MAIL)[0] == 451
        assert not Arrival.objects.exists()
        client.sendmail(CLAIRE, [DESK], MAIL)
    assert Arrival.objects.count() == 1


def test_words_beyond_ascii_are_taken_in_addresses_and_bodies(door: Door, desk: Any) -> None:
    raw = "From: Zoé <zoé@courriel.exemple.test>\r\nSubject: Été\r\n\r\nÀ bientôt, 8 bits\r\n".encode()
    with door.client() as client:
        client.sendmail("zoé@courriel.exemple.test", [DESK], raw, mail_options=["SMTPUTF8", "BODY=8BITMIME"])
    arrival = Arrival.objects.get()
    assert (arrival.envelope_from, arrival.raw_bytes()) == ("zoé@courriel.exemple.test", raw)


def test_halves_of_characters_in_an_envelope_harm_nobody(door: Door) -> None:
    with closing(door.raw()) as wire:
        assert _say(wire, b"MAIL FROM:<cl\xe9ment@courriel.exemple.test> SMTPUTF8\r\n").startswith(b"250")
        assert _say(wire, b"RCPT TO:<r\xe9clamations@exemple.test>\r\n").startswith(b"553")
        assert _say(wire, b"RCPT TO:<reclamations@exemple.test>\r\n").startswith(b"250")
        assert _say(wire, b"DATA\r\n").startswith(b"354")
        assert _say(wire, MAIL + b".\r\n").startswith(b"250")
    assert Arrival.objects.get().envelope_from == "cl?ment@courriel.exemple.test"


def test_commands_may_come_all_at_once(door: Door) -> None:
    with closing(door.raw()) as wire:
        wire.sendall(
            b"MAIL FROM:<a@courriel.exemple.test>\r\nRCPT TO:<reclamations@exemple.test>\r\nDATA\r\n"
        )
        got = b""
        while b"354" not in got:
            got += wire.recv(4096)
        wire.sendall(
            MAIL
            + b".\r\nMAIL FROM:<b@courriel.exemple.test>\r\nRCPT TO:<reclamations@exemple.test>\r\nNOOP\r\nQUIT\r\n"
        )
        got = b""
        while piece := wire.recv(4096):
            got += piece
    assert [line[:3] for line in got.splitlines()] == [b"250", b"250", b"250", b"250", b"221"]
    assert Arrival.objects.get().raw_bytes() == MAIL


def test_lines_of_any_length_and_zero_bytes_arrive_as_they_were_sent(door: Door) -> None:
    raw = (
        MAIL
        + b"a" * 300_000
        + b"\r\n"
        + b"\x00\x01\x00\r\n"
        + b"b" * 65_536
        + b"\r\n"
        + b"c" * 65_535
        + b"\r\n..\r\n"
    )
    with closing(door.raw()) as wire:
        _to_data(wire)
        assert _say(wire, raw.replace(b"\r\n..", b"\r\n...") + b".\r\n").startswith(b"250")
    assert Arrival.objects.get().raw_bytes() == raw


@pytest.mark.parametrize(
    "end", [b"\n.\n", b"\n.\r\n", b"\r\n.\n", b"\r.\r", b"\r\n.\r", b"\r.\r\n", b"\n\x00.\r\n"],
    ids=["LF.LF", "LF.CRLF", "CRLF.LF", "CR.CR", "CRLF.CR", "CR.CRLF", "NUL"],
)  # fmt: skip
def test_an_almost_end_of_data_smuggles_no_second_message(end: bytes, door: Door) -> None:
    smuggled = b"MAIL FROM:<boss@exemple.test>\r\nRCPT TO:<reclamations@exemple.test>\r\nDATA\r\nSubject: Faux\r\n\r\nFaux"
    body = MAIL.rstrip() + end + smuggled + b"\r\n"
    with closing(door.raw()) as wire:
        _to_data(wire)
        assert _say(wire, body + b".\r\n").startswith(b"250")
        assert _say(wire, b"NOOP\r\n").startswith(b"250")
    # One message, smuggled words and all; only the dot that begins a line is taken off, as RFC 5321 §4.5.2 says.
    assert Arrival.objects.get().raw_bytes() == body.replace(b"\r\n.", b"\r\n")


def test_a_connection_lost_before_the_end_leaves_nothing(door: Door) -> None:
    with closing(door.raw()) as wire:
        _to_data(wire)
        wire.sendall(MAIL)
    with door.client() as client:  # the next conversation is as good as ever
        client.sendmail(CLAIRE, [DESK], MAIL)
    assert Arrival.objects.count() == 1


def test_who_says_nothing_is_sent_away_and_who_goes_on_slowly_is_not(make_door: Callable[..., Door]) -> None:
    door = make_door(idle_seconds=1.2)
    with closing(door.raw()) as silent, closing(door.raw()) as slow:
        _to_data(slow)
        for _ in range(5):  # in all longer than the patience for one silence
            slow.sendall(MAIL[:10] + b"\r\n")
            time.sleep(0.5)
        assert _say(slow, b".\r\n").startswith(b"250")
        assert _reply(silent) == b"421 Nothing came for too long\r\n"
        assert silent.recv(10) == b""
    assert Arrival.objects.count() == 1


def test_a_drop_at_a_time_does_not_hold_a_connection_for_ever(
    make_door: Callable[..., Door], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp_session, "MOST_SECONDS", 1)
    door = make_door(idle_seconds=5)
    with closing(door.raw()) as wire:
        _to_data(wire)
        for _ in range(40):
            try:
                wire.sendall(b"x\r\n")
            except OSError:
                break
            time.sleep(0.1)
        else:
            pytest.fail("it was never sent away")
    assert not Arrival.objects.exists()


def test_twenty_at_once_are_all_served_and_more_than_we_can_hold_come_back_later(
    make_door: Callable[..., Door], monkeypatch: pytest.MonkeyPatch
) -> None:
    door = make_door()

    def send(number: int) -> int:
        with door.client() as client:
            client.sendmail(CLAIRE, [DESK], MAIL.replace(b"<un@", b"<%d@" % number))
        return number

    with ThreadPoolExecutor(20) as senders:
        assert sorted(senders.map(send, range(20))) == list(range(20))
    assert Arrival.objects.count() == 20
    monkeypatch.setattr(smtp_session, "MOST_SESSIONS", 1)
    with closing(door.raw()), closing(socket.create_connection((door.host, door.port), timeout=20)) as second:
        assert second.recv(100).startswith(b"421 ")


def test_the_message_in_hand_is_finished_when_we_are_told_to_end(door: Door) -> None:
    with closing(door.raw()) as wire, closing(door.raw()) as idle:
        _to_data(wire)
        wire.sendall(MAIL)
        ending = door.stop_listening()
        assert _reply(idle).startswith(b"421 ")
        with pytest.raises(OSError):
            socket.create_connection((door.host, door.port), timeout=2).close()
        assert _say(wire, b".\r\n").startswith(b"250")
        ending.result(20)
    assert Arrival.objects.get().raw_bytes() == MAIL


def test_nonsense_is_answered_and_told_nothing(door: Door) -> None:
    with closing(door.raw()) as wire:
        assert _say(wire, b"VRFY reclamations@exemple.test\r\n") == b"252 Send it and see\r\n"
        assert _say(wire, b"EXPN reclamations\r\n")[:3] == b"502"
        assert _say(wire, b"RCPT TO:<reclamations@exemple.test>\r\n")[:3] == b"503"
        assert _say(wire, b"MAIL FROM:<a@b.example>" + b" " * 5000 + b"\r\n")[:3] == b"500"
        assert _say(wire, b"\xff\xfe\x00\r\n")[:3] == b"500"
        assert _say(wire, b"AUTH PLAIN AGEAYg==\r\n")[:1] == b"5"
    assert not Arrival.objects.exists()


@pytest.mark.skipif(not socket.has_ipv6, reason="no IPv6 here")
def test_it_listens_on_ipv6_when_told(make_door: Callable[..., Door]) -> None:
    try:
        door = make_door("::1")
    except OSError:
        pytest.skip("no IPv6 loopback here")
    with door.client() as client:
        client.sendmail(CLAIRE, [DESK], MAIL)
    assert Arrival.objects.count() == 1
