"""Connections that break, servers that answer anything, mails that poison: nothing is lost, nothing is doubled."""

import errno
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from apaise.intake.cases.models import Case
from apaise.intake.channels.mail import connect, watching
from apaise.intake.channels.mail.mailboxes import Fetched, Mailbox
from apaise.intake.channels.mail.trouble import Trouble
from apaise.intake.channels.mail.watching import fetch_once
from apaise.intake.channels.models import Arrival
from apaise.lib import clock
from apaise.lib.file_store import FileStore
from tests.chaos import Chaos, Mood
from tests.dovecot import Dovecot

pytestmark = [pytest.mark.imap, pytest.mark.django_db, pytest.mark.xdist_group("dovecot")]
Describe = Callable[..., Mailbox]
Letter = Callable[..., bytes]
TEN = [f"Panne {number}" for number in range(10)]


def fetch(mailbox: Mailbox) -> str:
    """Fetch; the code of the trouble, or ""."""
    mailbox.refresh_from_db()
    try:
        fetch_once(mailbox)
    except Trouble as trouble:
        return trouble.code
    return ""


def titles() -> list[str]:
    return sorted(Case.objects.values_list("title", flat=True))


def refused(tag: bytes) -> bytes:
    return tag + b" NO internal error\r\n"


def bad(tag: bytes) -> bytes:
    return tag + b" BAD what\r\n"


def nothing(tag: bytes) -> bytes:
    return tag + b" OK done\r\n"


def test_a_connection_cut_anywhere_loses_nothing_and_doubles_nothing(
    dovecot: Dovecot, chaos: Chaos, describe: Describe, letter: Letter, work: Callable[[], int]
) -> None:
    mailbox = describe(chaos.port)
    dovecot.deliver(*(letter(title) for title in TEN))
    chaos.moods = [Mood(cut_after=bytes_) for bytes_ in range(0, 6000, 293)]
    tries = 0
    while fetch(mailbox):
        tries += 1
        Fetched.objects.update(try_after=None)  # as if the pause were over
        assert tries <= 40
    assert tries > 5
    work()
    assert titles() == TEN
    assert Arrival.objects.count() == 10
    assert set(map(frozenset, dovecot.flags().values())) == {frozenset({b"\\Seen"})}


def test_garbled_answers_are_a_trouble_and_no_more(
    dovecot: Dovecot, chaos: Chaos, describe: Describe, letter: Letter, work: Callable[[], int]
) -> None:
    mailbox = describe(chaos.port)
    dovecot.deliver(*(letter(title) for title in TEN))
    chaos.moods = [Mood(garble_from=bytes_) for bytes_ in (0, 40, 300, 1000, 1300)]
    codes = [fetch(mailbox) for _ in range(5)]
    assert set(codes) <= {"garbled", "dropped", "server_refused", "silent", "login_refused", "no_folder"}
    Fetched.objects.update(try_after=None)
    chaos.always = Mood(dribble=7)
    assert fetch(mailbox) == ""
    work()
    assert set(TEN) <= set(titles())


def test_a_server_that_falls_silent_is_given_up_after_a_while(
    dovecot: Dovecot, chaos: Chaos, describe: Describe, letter: Letter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connect, "CONNECT_SECONDS", 0.3)
    mailbox = describe(chaos.port)
    for silent_after in (0, 500):
        chaos.moods = [Mood(silent_after=silent_after)]
        with pytest.raises(Trouble) as trouble:
            connect.try_out(mailbox)
        assert trouble.value.code == "silent"


def test_a_server_that_says_goodbye_is_come_back_to(
    dovecot: Dovecot, chaos: Chaos, describe: Describe, letter: Letter
) -> None:
    mailbox = describe(chaos.port)
    dovecot.deliver(letter("Colis ouvert"))
    chaos.moods = [Mood(answers={b"UID SEARCH": lambda tag: b"* BYE restarting\r\n"})]
    assert fetch(mailbox) == "dropped"
    mailbox.refresh_from_db()
    assert (mailbox.trouble, mailbox.lease_by) == ("dropped", "")
    assert fetch(mailbox) == ""
    mailbox.refresh_from_db()
    assert (mailbox.trouble, mailbox.trouble_since) == ("", None)


@pytest.mark.parametrize("spoken", [refused, bad, nothing, None])
def test_a_mail_the_server_does_not_hand_over_is_shown_to_people_and_holds_up_no_other(
    spoken: Any, dovecot: Dovecot, chaos: Chaos, describe: Describe, letter: Letter, work: Callable[[], int]
) -> None:
    mailbox = describe(chaos.port)
    dovecot.deliver(letter("Avant"), letter("Poison"), letter("Après"))
    poison = sorted(dovecot.flags())[1]
    chaos.always = Mood(answers={rb"UID FETCH %d \(BODY.PEEK" % poison: spoken or (lambda tag: None)})
    for _ in range(4):
        fetch(mailbox)
        Fetched.objects.update(try_after=clock.now() - timedelta(seconds=1))
    work()
    assert titles() == ["Après", "Avant"]
    waiting = Arrival.objects.in_quarantine().get()
    assert (waiting.reason, waiting.desk) == ("not_fetched", mailbox.desk)
    assert "does not hand it over" in waiting.reason_text()
    chaos.always = Mood()
    assert fetch(mailbox) == ""
    work()
    assert titles() == ["Après", "Avant", "Poison"]
    assert not Arrival.objects.in_quarantine().exists()
    assert not Fetched.objects.exclude(state="kept").exists()


def test_a_size_asked_for_in_vain_keeps_nothing_back(
    dovecot: Dovecot, chaos: Chaos, describe: Describe, letter: Letter, work: Callable[[], int]
) -> None:
    chaos.always = Mood(answers={rb"RFC822.SIZE": refused})
    dovecot.deliver(letter("Avant"), letter("Après"))
    assert fetch(describe(chaos.port)) == ""
    work()
    assert titles() == ["Après", "Avant"]


def test_peers_9_one_malformed_mail_never_stops_the_inbox(
    dovecot: Dovecot, describe: Describe, letter: Letter, work: Callable[[], int], golden: Path
) -> None:
    """zammad 1877, 2754, 345 and osTicket 6710: one bad message, and nothing came in any more."""
    hostile = [file.read_bytes() for file in sorted(golden.glob("*.eml")) if file.stat().st_size]
    more = [
        b"\xff\xfe\x00" * 50,
        b"\r\n" * 40,
        b"From:\r\n" * 2000 + b"\r\n",
        b"Content-Type: multipart/mixed\r\n\r\nx",
    ]
    mailbox = describe(dovecot.port)
    dovecot.deliver(letter("Avant"), *hostile, *more, letter("Après"))
    assert fetch(mailbox) == ""
    work()
    assert {"Avant", "Après"} <= set(titles())
    assert not Arrival.objects.filter(state=Arrival.State.NEW).exists()
    assert Fetched.objects.filter(state="kept", is_marked=True).count() == len(hostile) + len(more) + 2
    assert Arrival.objects.in_quarantine().count() > 2


def test_peers_11_the_same_mail_is_never_imported_again_and_again(
    dovecot: Dovecot, chaos: Chaos, describe: Describe, letter: Letter, work: Callable[[], int]
) -> None:
    """osTicket 494 and freescout 2104: the server did not keep the mark, and each minute the mail was new."""
    chaos.always = Mood(answers={rb"UID STORE": refused})
    mailbox = describe(chaos.port)
    dovecot.deliver(letter("Colis ouvert"))
    assert [fetch(mailbox) for _ in range(3)] == ["cannot_mark"] * 3
    work()
    assert titles() == ["Colis ouvert"]
    assert Arrival.objects.count() == 1
    dovecot.deliver(letter("Facture double"))  # and what is new comes in all the same
    assert fetch(mailbox) == "cannot_mark"
    work()
    assert titles() == ["Colis ouvert", "Facture double"]
    chaos.always = Mood()
    assert fetch(mailbox) == ""
    assert set(map(frozenset, dovecot.flags().values())) == {frozenset({b"\\Seen"})}


def test_the_same_mail_in_two_mailboxes_is_one_case(
    dovecot: Dovecot, describe: Describe, letter: Letter, work: Callable[[], int]
) -> None:
    with dovecot.client() as client:
        if not client.folder_exists("Copies"):
            client.create_folder("Copies")
    dovecot.deliver(letter("Colis ouvert"))
    dovecot.deliver(letter("Colis ouvert", head="Received: from a by b\r\n"), folder="Copies")
    fetch(describe(dovecot.port))
    fetch(describe(dovecot.port, folder="Copies"))
    work()
    assert titles() == ["Colis ouvert"]
    assert sorted(Arrival.objects.values_list("state", flat=True)) == ["duplicate", "filed"]


def test_with_a_full_disk_the_mail_stays_on_its_server_unmarked(
    dovecot: Dovecot, describe: Describe, letter: Letter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    mailbox = describe(dovecot.port)
    dovecot.deliver(letter("Colis ouvert"))
    with monkeypatch.context() as patched:
        patched.setattr(FileStore, "keep", full)
        assert fetch(mailbox) == "no_room"
    assert not Arrival.objects.exists()
    assert not Fetched.objects.exists()
    assert list(dovecot.flags().values()) == [set()]
    assert fetch(mailbox) == ""
    assert Arrival.objects.count() == 1


def test_the_pauses_grow_and_are_longer_where_a_person_must_mend_something() -> None:
    pauses = [watching.pause_after(failures) for failures in range(12)]
    assert 4 <= pauses[0] <= 6
    assert 720 <= pauses[11] <= 1080
    assert watching.pause_after(0, to_mend=True) >= 48
