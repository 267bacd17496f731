"""The journal on a real IMAP server: a mail cut off after its words is looked for there, and found or not."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest

from apaise.ground.ledger.models import Entry
from apaise.intake.cases.message import Message
from apaise.intake.channels.mail import journal
from apaise.intake.channels.mail.tests.servers import Carrier, row, tried, words_of
from apaise.journey.rounds import sweep_uncertain
from tests.chaos import Chaos, Mood
from tests.dovecot import PASSWORD, USER, Dovecot
from tests.nothing_changed import nothing_changed

pytestmark = [pytest.mark.imap, pytest.mark.django_db, pytest.mark.xdist_group("dovecot")]
JOURNAL = "journal@exemple.test"
FOLDER = 'Envoyés à vérifier & "autres"'


def url(port: int, *, scheme: str = "imap", host: str = "127.0.0.1", folder: str = "INBOX") -> str:
    return f"{scheme}://{quote(USER)}:{quote(PASSWORD)}@{host}:{port}/{quote(folder)}"


@pytest.fixture
def box(dovecot: Dovecot, settings: Any) -> Dovecot:
    """The journal's mailbox, empty."""
    settings.JOURNAL_ADDRESS, settings.JOURNAL_IMAP_URL = JOURNAL, url(dovecot.port)
    return dovecot


@pytest.fixture
def cut_off(queued: Callable[..., Message], carrier: Callable[..., Carrier]) -> Callable[..., Any]:
    """A reply whose server took all its words and hung up: (message, what the server holds for the journal)."""

    def make(**words: Any) -> tuple[Message, bytes]:
        server = carrier(cut="DATA")
        message = queued(**words)
        assert tried(message) == "uncertain"
        ((_sender, recipients, raw),) = server.taken
        assert JOURNAL in recipients
        return row(message), raw

    return make


def test_a_mail_cut_off_after_its_words_and_found_in_the_journal_has_left(
    cut_off: Callable[..., Any], box: Dovecot
) -> None:
    message, copy = cut_off()
    box.deliver(copy)
    sweep_uncertain()
    assert row(message).state == "sent"
    assert words_of(message)[-3:] == ["message.uncertain", "message.sent", "contact.human_done"]
    assert list(box.flags().values()) == [set()]  # only looked at
    with nothing_changed():
        sweep_uncertain()


def test_one_that_does_not_lie_there_stays_with_people(cut_off: Callable[..., Any], box: Dovecot) -> None:
    lost, _copy = cut_off()
    kept, copy = cut_off(email="denis@courriel.exemple.test")
    box.deliver(copy)
    assert journal.settle_uncertain() == 1
    assert (row(lost).state, row(kept).state) == ("uncertain", "sent")
    with nothing_changed():
        assert journal.settle_uncertain() == 0
    assert not Entry.objects.of(lost.case.reference).filter(what="message.sent").exists()
    box.deliver(copy.replace(kept.message_id.encode(), lost.message_id.encode()))  # it took its time
    assert journal.settle_uncertain() == 1
    assert row(lost).state == "sent"


def test_what_only_quotes_its_number_is_no_proof(cut_off: Callable[..., Any], box: Dovecot) -> None:
    message, copy = cut_off()
    head, _blank, _body = copy.partition(b"\r\n\r\n")
    number = message.message_id.encode()
    assert number in head
    bounce = b"From: x@y.test\r\nMessage-ID: <b@y.test>\r\nReferences: " + number + b"\r\n\r\n" + number
    box.deliver(bounce)
    with nothing_changed():
        assert journal.settle_uncertain() == 0
    assert row(message).state == "uncertain"


def test_the_journal_may_be_a_folder_of_any_name(
    cut_off: Callable[..., Any], box: Dovecot, settings: Any
) -> None:
    settings.JOURNAL_IMAP_URL = url(box.port, folder=FOLDER)
    with box.client() as client:
        if not client.folder_exists(FOLDER):
            client.create_folder(FOLDER)
    message, copy = cut_off()
    box.deliver(copy, folder=FOLDER)
    assert journal.settle_uncertain() == 1
    assert row(message).state == "sent"


def test_its_certificate_is_looked_at(
    cut_off: Callable[..., Any], box: Dovecot, settings: Any, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    settings.JOURNAL_IMAP_URL = url(box.tls_port, scheme="imaps", host="localhost")
    message, copy = cut_off()
    box.deliver(copy)
    with nothing_changed():
        assert journal.settle_uncertain() == 0
    assert "the journal cannot be read: certificate" in caplog.text
    monkeypatch.setenv("SSL_CERT_FILE", str(box.certificate))
    assert journal.settle_uncertain() == 1
    assert row(message).state == "sent"


def test_a_journal_cut_off_anywhere_settles_nothing_wrongly_and_is_asked_again(
    cut_off: Callable[..., Any], box: Dovecot, chaos: Chaos, settings: Any
) -> None:
    settings.JOURNAL_IMAP_URL = url(chaos.port)
    lost, _copy = cut_off()
    kept, copy = cut_off(email="denis@courriel.exemple.test")
    box.deliver(copy)
    chaos.moods = [Mood(cut_after=bytes_) for bytes_ in range(0, 900, 97)]
    settled = [journal.settle_uncertain() for _ in range(len(chaos.moods) + 1)]
    assert sum(settled) == 1 and settled[0] == 0
    assert (row(lost).state, row(kept).state) == ("uncertain", "sent")
