"""The chain: what it takes, that it cannot be changed through the models, and who is told."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from apaise.ground.ledger import record as writing
from apaise.ground.ledger.models import START, AppendOnly, Entry, Head, seal_of
from apaise.ground.ledger.record import NotForTheLedger, System, record, record_all
from apaise.ground.ledger.verify import verify

pytestmark = pytest.mark.django_db
BY = System("test")


@pytest.fixture
def listeners(monkeypatch):
    """What the one listener heard, instead of the journey."""
    heard = []
    monkeypatch.setattr(writing, "_listener", heard.append)
    return heard


@pytest.fixture(autouse=True)
def _nobody_listens(monkeypatch):
    monkeypatch.setattr(writing, "_listener", None)


def test_each_entry_follows_the_one_before(noon):
    first, second = record_all(
        "R-2026-00001", [("case.received", {"channel": "email"}), ("note.added", {"note": 4})], by=BY
    )
    assert (first.id, first.seq, first.previous) == ("R-2026-00001/1", 1, START)
    assert (second.id, second.seq, second.previous) == ("R-2026-00001/2", 2, first.hash)
    assert (second.what, second.by, second.at, second.facts) == (
        "note.added",
        "system:test",
        noon,
        {"note": 4},
    )
    head = Head.objects.get(chain="R-2026-00001")
    assert (head.seq, head.hash) == (2, second.hash)
    assert head.is_genuine()
    assert list(verify()) == []


def test_chains_are_independent(noon):
    record("R-2026-00001", "case.received", by=BY)
    entry = record("R-2026-00002", "case.received", by=BY)
    assert (entry.seq, entry.previous) == (1, START)


def test_an_entry_is_read_back_as_it_was_hashed(noon):
    moment = datetime(2026, 11, 25, 12, 0, 0, 123456, tzinfo=timezone(timedelta(hours=1)))
    written = record("R-2026-00001", "deadline.started", by=BY, at=moment, due=moment, rule="ack")
    entry = Entry.objects.get(pk=written.pk)
    assert entry.at == datetime(2026, 11, 25, 11, 0, 0, 123456, tzinfo=UTC)
    assert entry.facts == {"due": "2026-11-25T11:00:00.123456+00:00", "rule": "ack"}
    assert entry.computed_hash() == entry.hash == written.hash


def test_codes_numbers_dates_and_amounts_are_kept_in_one_spelling(noon):
    entry = record(
        "R-2026-00001",
        "note.added",
        by=BY,
        note=7,
        again=True,
        amount=Decimal("12.50"),
        answer_by=date(2026, 12, 1),
        left_out=None,
        rules=["ack", "reply_target"],
    )
    assert (
        entry.facts_json
        == '{"again":true,"amount":"12.50","answer_by":"2026-12-01","note":7,"rules":["ack","reply_target"]}'
    )


@pytest.mark.parametrize(
    "fact",
    [
        "Personne n'est venu",
        "claire@courriel.exemple.test",
        "deux mots",
        "ligne\nsuivante",
        "été",
        "x" * 121,
        1.5,
        {"words": "x"},
        ["ack", "deux mots"],
        b"bytes",
        object(),
    ],
)
def test_a_customers_words_do_not_enter_the_ledger(fact, noon):
    with pytest.raises(NotForTheLedger):
        record("R-2026-00001", "note.added", by=BY, note=fact)
    assert not Entry.objects.exists()
    assert not Head.objects.exists()


def test_the_refusal_does_not_repeat_the_words():
    with pytest.raises(NotForTheLedger) as refusal:
        record("R-2026-00001", "note.added", by=BY, note="Personne n'est venu")
    assert "venu" not in str(refusal.value)


def test_a_word_outside_the_closed_list_is_refused():
    with pytest.raises(ValueError, match="is not a ledger word"):
        record("R-2026-00001", "case.improved", by=BY)
    assert not Entry.objects.exists()


def test_a_naive_moment_does_not_slip_in_as_another_one(noon):
    entry = record("R-2026-00001", "case.received", by=BY)
    assert entry.at.tzinfo is not None


def test_the_record_falls_with_the_change_it_stands_beside():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record("R-2026-00001", "case.received", by=BY)
        raise ZeroDivisionError
    assert not Entry.objects.exists()
    assert not Head.objects.exists()


def test_two_entries_cannot_take_one_place():
    entry = record("R-2026-00001", "case.received", by=BY)
    twin = Entry(
        id="R-2026-00001/1b",
        chain="R-2026-00001",
        seq=1,
        what="case.closed",
        at=entry.at,
        by="staff:1",
        facts_json="{}",
        previous=START,
        hash="0" * 64,
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()
    assert Entry.objects.count() == 1


def test_entries_cannot_be_changed_or_deleted_through_the_models():
    entry = record("R-2026-00001", "case.received", by=BY)
    entry.what = "case.closed"
    again = Entry(
        id=entry.id,
        chain=entry.chain,
        seq=1,
        what="case.closed",
        at=entry.at,
        by="staff:1",
        facts_json="{}",
        previous=START,
        hash="0" * 64,
    )
    for attempt in (
        entry.save,
        entry.delete,
        Entry.objects.all().delete,
        lambda: Entry.objects.filter(pk=entry.pk).update(what="case.closed"),
        lambda: Entry.objects.bulk_update([entry], ["what"]),
        lambda: Entry.objects.update_or_create(pk=entry.pk, defaults={"what": "case.closed"}),
        lambda: Entry.objects.bulk_create(
            [again], update_conflicts=True, update_fields=["what"], unique_fields=["id"]
        ),
    ):
        with pytest.raises(AppendOnly), transaction.atomic():
            attempt()
    with pytest.raises(IntegrityError), transaction.atomic():
        again.save()  # a new object with the number of an old entry
    assert Entry.objects.get().what == "case.received"
    assert list(verify()) == []


def test_the_listener_hears_each_entry_in_order_inside_the_transaction(listeners):
    record_all("R-2026-00001", [("case.received", {}), ("complaint.written", {})], by=BY)
    assert [entry.what for entry in listeners] == ["case.received", "complaint.written"]


def test_what_the_listener_cannot_do_undoes_the_entry(monkeypatch):
    def refuse(entry):
        raise RuntimeError

    monkeypatch.setattr(writing, "_listener", refuse)
    with pytest.raises(RuntimeError), transaction.atomic():
        record("R-2026-00001", "case.received", by=BY)
    assert not Entry.objects.exists()


def test_a_seal_needs_the_secret_key(settings):
    record("R-2026-00001", "case.received", by=BY)
    settings.SECRET_KEY = "another key"
    assert [(fault.entry, "secret key" in fault.reason) for fault in verify()] == [("R-2026-00001/1", True)]
    settings.SECRET_KEY_FALLBACKS = ["a key for tests only"]
    assert list(verify()) == []


def test_the_seal_covers_chain_length_and_hash():
    seals = {
        seal_of("a", 1, "x"),
        seal_of("b", 1, "x"),
        seal_of("a", 2, "x"),
        seal_of("a", 1, "y"),
        seal_of("a", 1, "x", "other"),
    }
    assert len(seals) == 5
