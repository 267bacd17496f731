"""The way in: durable first, then read, then filed with its words and files."""

import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from apaise.ground.parties.models import Person
from apaise.intake.cases import conversation
from apaise.intake.cases.message import Message
from apaise.intake.cases.models import Case
from apaise.intake.channels import receive as inbound
from apaise.intake.channels.models import Arrival, file_store
from apaise.intake.channels.receive import keep, replay
from apaise.intake.channels.tests.arriving import get, reasons
from apaise.intake.channels.tests.letters import mail
from tests.nothing_changed import refused

pytestmark = pytest.mark.django_db


# --- durable first -------------------------------------------------------------------------------------


def test_the_raw_bytes_are_kept_before_anything_is_read(desk, noon):
    arrival = keep(
        b"\xff\x00 no mail at all", envelope_from="x@y.test", envelope_to="reclamations@exemple.test"
    )
    assert (arrival.state, arrival.received_at, arrival.size) == ("new", noon, 17)
    assert arrival.raw_bytes() == b"\xff\x00 no mail at all"
    assert not Case.objects.exists()


def test_a_disk_that_fails_says_no_to_the_sender(desk, monkeypatch):
    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with refused(OSError):
        keep(b"words")
    assert not list(Path(file_store().root).glob("draft-*"))


def test_a_stored_name_cannot_lead_outside():
    for name in ("../secret-key", "..", "a" * 63, "A" * 64, "a" * 64 + "/..", ""):
        with pytest.raises(ValueError, match="not a SHA-256"):
            file_store().read(name)


def test_the_same_bytes_are_stored_once():
    assert file_store().keep(b"same") == file_store().keep([b"sa", b"me"])


# --- filing --------------------------------------------------------------------------------------------


def test_a_mail_opens_a_case_with_its_words_and_files(desk, noon):
    outcome = get(mail("Le colis est ouvert.", subject="Colis", files=[("photo.png", b"PNG")]))
    message = outcome.case.messages.get()
    assert (outcome.outcome, outcome.case.title, outcome.case.channel) == ("opened", "Colis", "email")
    assert outcome.case.complainant.email == "claire@courriel.exemple.test"
    assert message.text.strip() == "Le colis est ouvert."
    (file,) = message.attachments.all()
    assert (file.name, file.size, file_store().read(file.sha256)) == ("photo.png", 3, b"PNG")
    assert outcome.case.sent_at == datetime(2026, 11, 25, 10, 58, tzinfo=UTC)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("Sun, 15 Nov 2026 13:00:00 +0100", datetime(2026, 11, 15, 12, 0, tzinfo=UTC)),
        ("Sun, 15 Nov 2026 11:59:00 +0100", None),
        ("Wed, 25 Nov 2026 13:00:00 +0100", None),
        ("Thu, 01 Jan 1970 00:00:00 +0000", None),
        ("yesterday", None),
        (None, None),
    ],
)
def test_a_date_that_cannot_be_believed_is_not(desk, noon, sent, kept):
    assert get(mail(date=sent)).case.sent_at == (kept or noon)


@pytest.mark.parametrize(
    ("text", "language"), [("The router never worked and nobody answers my letters.", "en"), ("", "fr")]
)
def test_a_case_speaks_the_language_of_its_first_mail(desk, text, language):
    assert get(mail(text, subject="" if text else "Panne")).case.language == language


def test_a_mail_is_filed_with_the_desk_it_was_sent_to(desk):
    from apaise.ground.accounts.setup import add_desk

    other = add_desk("sav@exemple.test")
    assert get(mail(to="SAV@exemple.test")).case.desk == other
    assert get(mail(to="x@ailleurs.test", cc="sav@exemple.test")).case.desk == other
    assert get(mail(to="x@ailleurs.test")).case.desk == desk
    assert get(mail(to="x@ailleurs.test", subject="2"), desk=other).case.desk == other


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "unreadable"),
        (b"\x00\x01\x02", "unreadable"),
        (mail(**{"from": None}), "no_sender"),
        (mail("", subject=""), "empty"),
        (mail("  \n ", subject="  "), "empty"),
    ],
)
def test_what_cannot_be_filed_waits_where_people_look(desk, mara, noon, raw, reason):
    assert get(raw) == ("quarantined", None, reason)
    arrival = Arrival.objects.get()
    assert (arrival.state, arrival.reason, arrival.owner, arrival.attend_by) == (
        "quarantined",
        reason,
        mara,
        noon + timedelta(hours=1),
    )
    assert arrival.reason_text() != reason
    assert arrival.raw_bytes() == raw
    assert not Case.objects.exists() and not Person.objects.exists()


def test_a_photo_without_a_word_is_a_complaint(desk, work):
    outcome = get(mail("", subject="", files=[("photo.png", b"PNG")]))
    assert outcome.outcome == "opened"
    work()
    assert (
        "les éléments que vous nous avez transmis" in outcome.case.messages.get(kind="acknowledgement").text
    )


def test_one_bad_mail_does_not_stop_the_next(desk, monkeypatch, caplog):
    def stumble(*args, **more):
        raise KeyError("claire@courriel.exemple.test said secret words")

    with monkeypatch.context() as broken:
        broken.setattr(inbound, "add_customer_message", stumble)
        assert get(mail("Secret words")).outcome == "quarantined"
    assert reasons() == ["failed"]
    assert not Case.objects.exists()
    assert "secret" not in caplog.text.lower() and "claire" not in caplog.text
    assert get(mail("Autre chose")).outcome == "opened"
    assert (
        replay(Arrival.objects.get(state="quarantined"), by=Case.objects.get().desk.signatory).outcome
        == "opened"
    )


def test_a_mail_the_database_refuses_twice_waits_in_quarantine(desk, monkeypatch):
    from django.db import IntegrityError

    def refuse(*args, **more):
        raise IntegrityError

    monkeypatch.setattr(inbound, "add_customer_message", refuse)
    assert get(mail()).reason == "failed"
    arrival = Arrival.objects.get()
    assert (arrival.state, arrival.case, arrival.fingerprint) == ("quarantined", None, None)
    assert not Case.objects.exists()


def test_no_desk_at_all_loses_nothing(db):
    assert get(mail()).reason == "no_desk"
    assert Arrival.objects.get().raw_bytes()


# --- machines ------------------------------------------------------------------------------------------


def test_a_machines_mail_changes_no_state_no_clock_and_is_not_acknowledged(written_to, ana, work, noon):
    case, number = written_to()
    conversation.ask(case, "Quel numéro ?", date(2026, 12, 10), by=ana)
    work()
    case.refresh_from_db()
    before = (
        Case.objects.values().get(),
        list(case.deadlines.values()),
        Message.objects.filter(direction="out").count(),
    )
    outcome = get(mail("Je suis absente.", in_reply_to=number, auto_submitted="auto-replied"))
    assert (outcome.outcome, outcome.case, outcome.reason) == ("machine", case, "out-of-office")
    work()
    assert (
        Case.objects.values().get(),
        list(case.deadlines.values()),
        Message.objects.filter(direction="out").count(),
    ) == before
    message = case.messages.order_by("pk").last()
    assert message.is_machine and message.author_person == case.complainant
    assert not case.messages.shown_to_complainant().filter(pk=message.pk).exists()


def test_a_machine_that_nobody_waits_for_opens_nothing(desk):
    outcome = get(mail("Votre ticket 123.", auto_submitted="auto-generated"))
    assert (outcome.outcome, outcome.case) == ("machine", None)
    assert not Case.objects.exists() and not Message.objects.exists() and not Person.objects.exists()


def test_our_own_acknowledgement_come_back_is_a_machines(complain, work, send):
    from apaise.intake.channels.mail.compose import mail_of

    case = complain(email="reclamations@exemple.test")  # somebody gave our own address as theirs
    work()
    raw = mail_of(case.messages.select_related("case__desk").get(kind="acknowledgement")).as_bytes()
    assert get(raw).outcome == "machine"
    assert Case.objects.count() == 1
