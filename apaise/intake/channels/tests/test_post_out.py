"""Our own letters: only what a person posted is sent; the PDF is whole, tagged, and takes words as words."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation

from apaise.ground.ledger.models import Entry
from apaise.handling.resolution.answer import answer
from apaise.handling.routing.assignment import assign
from apaise.intake.cases import conversation, ending
from apaise.intake.cases.guards import Finding
from apaise.intake.cases.message import Message
from apaise.intake.cases.messages import File, Refused
from apaise.intake.cases.models import Case
from apaise.intake.cases.qualification import qualify
from apaise.intake.channels.details import Posting
from apaise.intake.channels.letters_in import Envelope, file_letter
from apaise.intake.channels.mail import gate
from apaise.intake.channels.models import file_store
from apaise.intake.channels.post import out
from apaise.intake.channels.post.letter_pdf import pdf_of, said
from apaise.lib import clock
from tests.nothing_changed import nothing_changed, refused

from .by_hand import LILAS, PAUL, told

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 25)


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def on_paper(desk, ana, work, noon):
    """A letter was received, Ana has it, its acknowledgement waits to be posted."""
    case = file_letter(told(who=PAUL), Envelope(TODAY, date(2026, 11, 23)), by=ana)
    assign(case, ana, by=ana)
    work()
    return Case.objects.get(pk=case.pk)


def words_of(case):
    return list(Entry.objects.of(case.reference).values_list("what", flat=True))


def test_a_letter_waits_for_a_person_and_its_clock_runs(on_paper, ana, noon):
    letter = on_paper.messages.get(kind="acknowledgement")
    assert (letter.state, letter.message_id, letter.to_address) == ("to_post", "", f"Paul Papier\n{LILAS}")
    assert "ack.sent" not in words_of(on_paper)
    assert on_paper.deadlines.get(rule="ack").state == "running"
    assert letter not in on_paper.messages.shown_to_complainant()
    assert list(out.to_post(ana)) == [letter]
    with nothing_changed():
        gate.deliver(letter.pk)


def test_posted_is_sent_as_the_gate_would_have_it(on_paper, bo, noon):
    letter = on_paper.messages.get(kind="acknowledgement")
    proof = File("depot.pdf", "application/pdf", 3, "1" * 64)
    with clock.at_moment(noon + timedelta(hours=4)):
        posting = out.mark_posted(letter, TODAY, by=bo, registered_number="1A 234 567 8901 2", proof=proof)
    letter.refresh_from_db()
    assert (letter.state, letter.sent_at) == ("sent", noon + timedelta(hours=4))
    assert (posting.posted_by, posting.posted_on, posting.registered_key) == (bo, TODAY, "1A23456789012")
    assert (posting.proof_name, posting.proof) == ("depot.pdf", "1" * 64)
    entry = Entry.objects.of(on_paper.reference).get(what="ack.sent")
    assert (entry.by, entry.facts["channel"]) == (bo.actor_code, "letter")
    assert on_paper.deadlines.get(rule="ack").state == "stopped"
    assert list(out.to_post(bo)) == []


def test_a_letter_posted_yesterday_counts_from_yesterday(on_paper, ana, noon):
    letter = on_paper.messages.get(kind="acknowledgement")
    with clock.at_moment(noon + timedelta(days=2)):
        out.mark_posted(letter, date(2026, 11, 26), by=ana)
    assert Message.objects.get(pk=letter.pk).sent_at == datetime(2026, 11, 26, 11, 0, tzinfo=UTC)


def test_what_was_posted_is_kept_as_it_was_printed(on_paper, ana, noon):
    letter = on_paper.messages.get(kind="acknowledgement")
    printed = out.printed(letter)
    posting = out.mark_posted(letter, TODAY, by=ana)
    assert file_store().read(posting.pdf) == printed == out.printed(letter)


@pytest.mark.parametrize(
    ("on", "number", "said"),
    [
        (date(2026, 11, 26), "", "has not come yet"),
        (date(2026, 11, 24), "", "not written yet"),
        (TODAY, "12", "8 to 40 letters and digits"),
    ],
)
def test_a_day_or_a_number_that_cannot_be_is_refused(on_paper, ana, on, number, said):
    with refused(Refused, match=said):
        out.mark_posted(on_paper.messages.get(kind="acknowledgement"), on, by=ana, registered_number=number)


def test_only_who_works_on_the_case_notes_it_and_only_once(on_paper, ana, eve, noon):
    letter = on_paper.messages.get(kind="acknowledgement")
    with refused(Refused, match="another team"):
        out.mark_posted(letter, TODAY, by=eve)
    twin = Message.objects.get(pk=letter.pk)
    out.mark_posted(letter, TODAY, by=ana)
    with refused(Refused, match="does not wait"):  # the other of two who clicked at once
        out.mark_posted(twin, TODAY, by=ana)
    assert Posting.objects.count() == 1


def test_every_message_to_them_is_a_letter_and_the_final_reply_counts_once_posted(on_paper, ana, noon):
    case = on_paper
    qualify(
        case,
        grievances=["Personne n'est venu."],
        cause="service.missed_visit",
        criticality="C3",
        restatement="Si je comprends bien, personne n'est venu ?",
        by=ana,
    )
    conversation.reply(case, "Nous cherchons.", by=ana)
    answer(
        case,
        findings={1: Finding("upheld", "L'adresse était fausse.")},
        outcome="accepted",
        found_cause="service.missed_visit",
        scope="isolated",
        by=ana,
        text="Merci de nous l'avoir signalé. Je vous présente nos excuses : l'adresse donnée au technicien était fausse. "
        "Il passera le jeudi 26 novembre entre 9 h et 11 h, et je vous appelle le soir même. Ana",
    )
    kinds = ["acknowledgement", "restatement", "reply", "final_reply"]
    assert [letter.kind for letter in out.to_post(ana)] == kinds
    case.refresh_from_db()
    assert (case.state, case.final_reply_at) == ("answered", None)
    with refused(Refused, match="has not left yet"):
        ending.reopen(case, by=ana, why="new_fact")
    for letter in out.to_post(ana):
        out.mark_posted(letter, TODAY, by=ana)
    case.refresh_from_db()
    assert case.final_reply_at == noon
    left = ("ack.sent", "restatement.sent", "final_reply.sent", "decision.communicated")
    assert [words_of(case).count(word) for word in left] == [1, 1, 1, 1]


# --- the PDF ------------------------------------------------------------------------------------------------


def test_the_letter_says_who_writes_to_whom_about_what(on_paper, desk, noon):
    desk.postal_address = "12 quai de la Fosse\n44000 Nantes"
    desk.save()
    letter = Message.objects.select_related("case__desk", "case__complainant").get(kind="acknowledgement")
    words = said(letter)
    assert words["recipient"] == ["Paul Papier", *LILAS.splitlines()]
    assert words["sender"][:3] == ["Tramontel, réclamations", "12 quai de la Fosse", "44000 Nantes"]
    assert words["place-and-date"] == "Le 25\xa0novembre 2026"
    assert words["facts"][1][1] == "23\xa0novembre 2026"
    assert words["facts"][0][1] == on_paper.reference and words["language"] == "fr"
    assert "/t/" in words["link"] and words["qr"].startswith("<svg")
    assert words["signature"] == []  # the acknowledgement ends with its signatory


def test_the_letter_is_a_tagged_pdf_in_its_language(on_paper, noon):
    pdf = pdf_of(on_paper.messages.get(kind="acknowledgement"))
    assert pdf.startswith(b"%PDF-")
    assert b"/Marked true" in pdf and re.search(rb"/Lang ?\(fr", pdf) and b"pdfuaid" in pdf


def test_the_same_letter_is_the_same_file_each_time(on_paper, noon):
    letter = on_paper.messages.get(kind="acknowledgement")
    first = pdf_of(letter)
    with clock.at_moment(noon + timedelta(days=9)):
        assert pdf_of(Message.objects.get(pk=letter.pk)) == first


def test_what_people_typed_is_never_read_as_source(on_paper, ana, noon):
    hostile = '#panic("no") #read("/etc/passwd") $x$ *b* @ref <label> \\ " \u202e {{x}} ' + "a" * 400
    conversation.reply(on_paper, hostile + "\n\n= Title\n- list\n/ term: x\n" + "é œ € « » 日本 😀", by=ana)
    letter = on_paper.messages.get(kind="reply")
    letter.to_address = '#include "x"\n' + hostile
    assert pdf_of(letter).startswith(b"%PDF-")
    assert said(letter)["signature"] == ["Ana Handler", "conseillère"]
