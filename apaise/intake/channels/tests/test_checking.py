"""Every file is looked at by the scanner before anybody may open it."""

from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from apaise.ground.accounts.models import Alert
from apaise.ground.ledger.models import Entry
from apaise.intake.cases.message import Attachment
from apaise.intake.cases.messages import File, add_customer_message
from apaise.intake.channels import checking, limits, looking, receive
from apaise.intake.channels.checked import PATIENCE, FileCheck
from apaise.intake.channels.checking import Safety
from apaise.intake.channels.models import file_store
from apaise.journey import rounds
from apaise.journey.reactions import react
from apaise.lib import clock
from apaise.lib.tests.fake_clamd import as_clamav, daemon, virus

NOBODY = "tcp://127.0.0.1:1"


@pytest.fixture(autouse=True)
def store_of_its_own(settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path


@pytest.fixture
def scanner(settings: Any) -> Iterator[None]:
    with daemon(as_clamav) as url:
        settings.CLAMD_URL = url
        yield


def come(complain: Any, content: bytes = b"facture") -> Attachment:
    """A file that came with words."""
    digest, size = file_store().keep(content)
    case = complain()
    message = add_customer_message(
        case,
        case.complainant,
        channel="email",
        text="Voici.",
        files=[File("f.pdf", "application/pdf", size, digest)],
    )
    return message.attachments.get()


def safety(file: Attachment) -> Safety:
    return checking.safety_of([file.sha256])[file.sha256]


def test_without_a_scanner_nothing_waits_for_one(complain: Any) -> None:
    file = come(complain)
    assert (checking.check_waiting(), checking.check(file.sha256), safety(file)) == (0, None, Safety.UNASKED)


def test_a_file_waits_until_it_was_looked_at(complain: Any, scanner: None) -> None:
    file = come(complain)
    assert safety(file) == Safety.WAITING
    [entry] = [
        entry
        for entry in Entry.objects.filter(what="message.received")
        if entry.facts["message"] == file.message_id
    ]
    react(entry.pk, "check_files")
    assert safety(file) == Safety.CLEAN
    react(entry.pk, "check_files")  # repeating is harmless
    assert FileCheck.objects.get().state == "clean"


def test_what_is_infected_is_kept_closed_and_the_administrator_is_told_once(
    complain: Any, scanner: None, settings: Any, staff: Any
) -> None:
    administrator = staff("administrator")
    file = come(complain, virus())
    rounds.sweep_unchecked()
    rounds.sweep_unchecked()
    assert safety(file) == Safety.INFECTED
    assert FileCheck.objects.get().found == "Eicar-Signature"
    assert not checking.untold()
    told = Alert.objects.filter(kind="file_infected")
    assert [alert.user for alert in told] == [administrator]
    settings.CLAMD_URL = ""  # it stays closed when the scanner is taken away
    assert safety(file) == Safety.INFECTED
    assert file_store().read(file.sha256) == virus()  # and is kept


def test_raw_mails_are_looked_at_too(desk: Any, scanner: None) -> None:
    arrival = receive.keep(b"Subject: x\r\n\r\nx")
    assert checking.check_waiting() == 1
    assert checking.safety_of([arrival.raw]) == {arrival.raw: Safety.CLEAN}


def come_one_by_one(complain: Any, many: int) -> list[Attachment]:
    return [come(complain, f"file {number}".encode()) for number in range(many)]


def looked_at(files: list[Attachment]) -> list[int]:
    return [number for number, file in enumerate(files) if safety(file) == Safety.CLEAN]


def test_a_scanner_set_late_looks_at_the_newest_first_and_then_at_all_from_the_oldest_on(
    complain: Any, scanner: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "STRETCH", 2)
    monkeypatch.setattr(looking, "OVERLAP", 0)
    files = come_one_by_one(complain, 7)
    assert [(checking.check_waiting(), looked_at(files)) for _ in range(4)] == [
        (4, [0, 1, 5, 6]),
        (2, [0, 1, 2, 3, 5, 6]),
        (1, [0, 1, 2, 3, 4, 5, 6]),
        (0, [0, 1, 2, 3, 4, 5, 6]),
    ]


def test_a_round_goes_on_where_the_last_one_stopped_and_does_no_more_than_its_share(
    complain: Any, scanner: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "AT_ONCE", 2)
    files = come_one_by_one(complain, 5)
    assert [checking.check_waiting() for _ in range(4)] == [2, 2, 1, 0]
    assert looked_at(files) == [0, 1, 2, 3, 4]


def test_a_row_changed_in_place_or_written_late_is_found_by_the_walk(
    complain: Any, scanner: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "STRETCH", 2)
    monkeypatch.setattr(looking, "OVERLAP", 0)
    files = come_one_by_one(complain, 5)
    while checking.check_waiting():
        pass
    digest, _size = file_store().keep(virus())
    Attachment.objects.filter(pk=files[0].pk).update(sha256=digest)
    assert sum(checking.check_waiting() for _ in range(4)) == 1  # three stretches and the way back
    assert FileCheck.objects.get(sha256=digest).state == "infected"


def test_files_whose_bytes_are_lost_hold_up_no_other(
    complain: Any, scanner: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "AT_ONCE", 2)
    monkeypatch.setattr(looking, "OVERLAP", 1)
    files = come_one_by_one(complain, 8)
    for file in files[:6]:
        file_store().remove(file.sha256, kept_before=float("inf"))
    for _ in range(8):
        checking.check_waiting()
    assert looked_at(files) == [6, 7]


def test_a_round_costs_as_many_questions_for_many_files_as_for_few(
    complain: Any, scanner: None, django_assert_max_num_queries: Any
) -> None:
    come_one_by_one(complain, 12)
    checking.check_waiting()
    with django_assert_max_num_queries(36):
        assert checking.check_waiting() == 0


def test_a_scanner_that_is_away_is_asked_again_and_nothing_is_called_clean(
    complain: Any, settings: Any
) -> None:
    settings.CLAMD_URL = NOBODY
    first, second = come(complain, b"one"), come(complain, b"two")
    assert checking.check_waiting() == 0
    assert FileCheck.objects.filter(state="unchecked", why="away").count() == 2
    assert [safety(first), safety(second)] == [Safety.WAITING] * 2
    with clock.at_moment(clock.now() + PATIENCE + timedelta(minutes=1)):
        assert [safety(first), safety(second)] == [Safety.UNCHECKED] * 2
        with daemon(as_clamav) as url:
            settings.CLAMD_URL = url
            assert checking.check_waiting() == 2
        assert [safety(first), safety(second)] == [Safety.CLEAN] * 2


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (b"INSTREAM size limit exceeded. ERROR\0", "too_large"),
        (b"stream: Can't open file ERROR\0", "failed"),
        (b"\xff garbage", "away"),
        (b"", "away"),
    ],
)
def test_what_could_not_be_looked_at_says_why(complain: Any, settings: Any, answer: bytes, why: str) -> None:
    file = come(complain)
    with daemon(lambda _content: answer) as url:
        settings.CLAMD_URL = url
        checking.check_waiting()
        assert FileCheck.objects.get().why == why
        assert safety(file) == (Safety.WAITING if why == "away" else Safety.UNCHECKED)


def test_a_failure_never_undoes_what_was_found(complain: Any, settings: Any, scanner: None) -> None:
    file = come(complain, virus())
    checking.check(file.sha256)
    settings.CLAMD_URL = NOBODY
    checking.check(file.sha256)
    assert safety(file) == Safety.INFECTED


def test_a_mail_keeps_what_is_over_a_limit_in_the_original_and_says_so(desk: Any, monkeypatch: Any) -> None:
    monkeypatch.setitem(limits.LIMITS, "mail", limits.Limit(20, 30, 2, ("program",)))
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "claire@courriel.exemple.test", desk.address, "Colis"
    mail.set_content("Voici mes fichiers.")
    for name, content in (
        ("grand.txt", b"x" * 21), ("un.txt", b"1" * 20), ("de-trop.txt", b"2" * 11), ("outil.exe", b"MZ\0\0"),
        ("deux.txt", b"3" * 10), ("trois.txt", b""),
    ):  # fmt: skip
        mail.add_attachment(content, maintype="image", subtype="png", filename=name)
    arrival = receive.keep(mail.as_bytes())
    outcome = receive.receive(arrival)
    files = outcome.case.messages.get().attachments.all()
    assert [(file.name, file.left_out, bool(file.sha256)) for file in files] == [
        ("grand.txt", "too_large", False),
        ("un.txt", "", True),
        ("de-trop.txt", "too_large", False),
        ("outil.exe", "unwelcome", False),
        ("deux.txt", "", True),
        ("trois.txt", "too_many", False),
    ]
    assert b"grand.txt" in file_store().read(arrival.raw)
