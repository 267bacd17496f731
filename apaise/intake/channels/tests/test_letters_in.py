"""A letter that came by post: its days, its number, its scan; its clocks start at receipt."""

from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from apaise.ground.ledger.models import Entry
from apaise.intake.cases.messages import File, Refused
from apaise.intake.cases.models import Case
from apaise.intake.channels.details import registered_key
from apaise.intake.channels.letters_in import Envelope, file_letter
from tests.nothing_changed import refused

from .by_hand import CLAIRE, LILAS, PAUL, told

pytestmark = pytest.mark.django_db
SCAN = File("lettre.pdf", "application/pdf", 9, "0" * 64)


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def test_clocks_start_at_receipt_and_the_posting_is_kept_beside(desk, ana, noon):
    envelope = Envelope(date(2026, 11, 23), date(2026, 11, 20), " 1A 234 567 8901-2 ")
    case = file_letter(told(who=PAUL), envelope, by=ana, scans=[SCAN])
    received = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)  # nine in the morning in Nantes
    assert (case.channel, case.received_at, case.written_complaint_at) == ("letter", received, received)
    assert case.sent_at == datetime(2026, 11, 20, 11, 0, tzinfo=UTC)
    assert case.deadlines.get(rule="reply_target").start_at == received
    message = case.messages.get(direction="in")
    letter = message.letter
    assert (letter.posted_on, letter.received_on) == (date(2026, 11, 20), date(2026, 11, 23))
    assert (letter.registered_number, letter.registered_key) == ("1A 234 567 8901-2", "1A23456789012")
    assert [file.name for file in message.attachments.all()] == ["lettre.pdf"]
    words = list(Entry.objects.of(case.reference).values_list("what", flat=True))
    assert words[:3] == ["case.received", "complaint.written", "contact.preferred"]
    assert "contact.human_done" not in words


def test_a_letter_received_today_is_received_now(desk, ana, noon):
    case = file_letter(told(who=PAUL), Envelope(date(2026, 11, 25), date(2026, 11, 25)), by=ana)
    assert case.received_at == case.sent_at == noon


def test_a_letter_is_acknowledged_by_letter_or_by_mail_as_they_want(desk, ana, work, noon):
    on_paper = file_letter(told(who=PAUL), Envelope(date(2026, 11, 24)), by=ana)
    by_mail = file_letter(
        told(who=CLAIRE._replace(postal=LILAS), once="2"),
        Envelope(date(2026, 11, 24)),
        by=ana,
        answer_by_letter=False,
    )
    work()
    assert on_paper.messages.get(kind="acknowledgement").state == "to_post"
    assert by_mail.messages.get(kind="acknowledgement").to_address == "claire@courriel.exemple.test"


def test_with_a_scan_the_words_may_be_typed_later(desk, ana, noon):
    with refused(Refused, match="Write what they told us"):
        file_letter(told("", who=PAUL), Envelope(date(2026, 11, 24)), by=ana)
    case = file_letter(told("", who=PAUL), Envelope(date(2026, 11, 24)), by=ana, scans=[SCAN])
    assert case.messages.get(direction="in").text == "(The letter is in the scan.)"


@pytest.mark.parametrize(
    ("envelope", "who", "said"),
    [
        (Envelope(date(2026, 11, 26)), PAUL, "cannot have come on a day"),
        (Envelope(date(2026, 11, 24), date(2026, 11, 27)), PAUL, "cannot have been posted on a day"),
        (Envelope(date(2026, 11, 23), date(2026, 11, 24)), PAUL, "before it was posted"),
        (Envelope(date(2026, 11, 23), None, "123"), PAUL, "8 to 40 letters and digits"),
        (Envelope(date(2026, 11, 23), None, "1" * 41), PAUL, "8 to 40 letters and digits"),
        (Envelope(date(2006, 11, 23)), PAUL, "three years back"),
        (Envelope(date(2026, 11, 23)), CLAIRE, "we need the postal address"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(desk, ana, noon, envelope, who, said):
    with refused(Refused, match=said):
        file_letter(told(who=who), envelope, by=ana)


def test_the_same_form_twice_is_one_case(desk, ana, noon):
    first, again = (file_letter(told(who=PAUL), Envelope(date(2026, 11, 24)), by=ana) for _ in range(2))
    assert first == again and Case.objects.count() == 1


def test_a_registered_number_is_the_same_however_it_is_spaced():
    assert registered_key("1a 234-567.8901_2") == registered_key("1A23456789012") == "1A23456789012"
