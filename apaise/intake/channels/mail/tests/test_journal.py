"""The journal: a blind copy of each mail, by which one that may not have left settles itself."""

from datetime import timedelta

import pytest

from apaise.ground.ledger.models import Entry
from apaise.intake.channels.mail import journal
from apaise.intake.channels.mail.tests.mailbox import serving
from apaise.intake.channels.mail.tests.servers import read, row, tried, words_of
from apaise.journey.rounds import sweep_uncertain
from apaise.lib import clock
from tests.nothing_changed import nothing_changed

pytestmark = pytest.mark.django_db
JOURNAL = "journal@exemple.test"


@pytest.fixture
def mailbox(settings):
    settings.JOURNAL_ADDRESS = JOURNAL
    with serving() as box:
        settings.JOURNAL_IMAP_URL = box.url
        yield box


@pytest.fixture
def uncertain(queued, carrier):
    """A reply whose server took the words and hung up."""

    def make(**words):
        carrier(cut="DATA")
        message = queued(**words)
        assert tried(message) == "uncertain"
        return row(message)

    return make


def test_each_mail_goes_to_the_journal_too_and_nobody_sees_it(queued, carrier, settings):
    settings.JOURNAL_ADDRESS = JOURNAL
    server = carrier()
    assert tried(queued()) == "sent"
    ((_sender, recipients, raw),) = server.taken
    assert recipients == ["claire@courriel.exemple.test", JOURNAL]
    assert JOURNAL.encode() not in raw
    assert read(raw)["Bcc"] is None


def test_a_journal_that_is_refused_holds_no_mail_back(queued, carrier, settings, caplog):
    settings.JOURNAL_ADDRESS = JOURNAL
    server = carrier()
    server.answers["refuses"] = {JOURNAL: "550 No such box"}
    assert tried(queued()) == "sent"
    assert server.taken[0][1] == ["claire@courriel.exemple.test"]
    assert "journal" in caplog.text


def test_what_lies_in_the_journal_has_left(uncertain, mailbox, ana):
    message = uncertain()
    mailbox.holds.add(message.message_id)
    sweep_uncertain()
    assert row(message).state == "sent"
    assert words_of(message)[-3:] == ["message.uncertain", "message.sent", "contact.human_done"]
    with nothing_changed():
        sweep_uncertain()


def test_what_does_not_lie_there_stays_with_people_and_is_never_sent_again(uncertain, mailbox):
    message = uncertain()
    mailbox.holds.add("<apaise.of-another@exemple.test>")
    for _round in range(3):
        with nothing_changed():
            sweep_uncertain()
    assert row(message).state == "uncertain"
    assert Entry.objects.of(message.case.reference).filter(what="message.uncertain").count() == 1


def test_of_several_only_those_found_are_settled_in_one_conversation(uncertain, mailbox):
    one, other = uncertain(), uncertain(email="denis@courriel.exemple.test")
    mailbox.holds.add(other.message_id)
    assert journal.settle_uncertain() == 1
    assert (row(one).state, row(other).state) == ("uncertain", "sent")
    assert sum(command.upper().startswith(b"LOGIN") for command in mailbox.heard) == 1


def test_after_some_days_it_is_up_to_people_alone(uncertain, mailbox, noon):
    message = uncertain()
    mailbox.holds.add(message.message_id)
    with clock.at_moment(noon + timedelta(days=6)):
        assert journal.settle_uncertain() == 0
    assert mailbox.heard == []


def test_with_nothing_uncertain_the_mailbox_is_left_alone(queued, mailbox):
    queued()
    assert journal.settle_uncertain() == 0
    assert mailbox.heard == []


@pytest.mark.parametrize("breaks", [b"LOGIN", b"EXAMINE", b"SEARCH"])
def test_a_mailbox_that_breaks_changes_nothing_and_is_asked_again(breaks, uncertain, settings, caplog):
    message = uncertain()
    with serving(breaks=breaks) as box:
        settings.JOURNAL_IMAP_URL = box.url
        with nothing_changed():
            assert journal.settle_uncertain() == 0
    assert "the journal cannot be read" in caplog.text
    with serving() as box:
        settings.JOURNAL_IMAP_URL = box.url
        box.holds.add(message.message_id)
        assert journal.settle_uncertain() == 1


def test_a_mailbox_that_is_away_or_has_another_password_changes_nothing(uncertain, settings, closed_port):
    uncertain()
    with serving() as box:
        for url in (
            f"imap://127.0.0.1:{closed_port}",
            box.url.replace("s%40cret", "wrong"),
            box.url.replace("INBOX", "Elsewhere"),
        ):
            settings.JOURNAL_IMAP_URL = url
            with nothing_changed():
                assert journal.settle_uncertain() == 0
