"""`verify` names the first bad entry, whatever was done to the tables behind our back."""

import argparse
import json
from datetime import timedelta

import pytest
from django.db import connection

from apaise.__main__ import CommandError
from apaise.doors.commands import verify as command
from apaise.ground.ledger import record as writing
from apaise.ground.ledger.models import Entry, Head, seal_of
from apaise.ground.ledger.record import System, record_all
from apaise.ground.ledger.verify import Fault, chains, verify

pytestmark = pytest.mark.django_db
CHAIN, LENGTH = "R-2026-00007", 40
TEXT_COLUMNS = ["id", "chain", "what", "by", "facts", "previous", "hash"]


@pytest.fixture
def chain(noon, monkeypatch):
    """Forty entries of one case, and three of another that stays as it is."""
    monkeypatch.setattr(writing, "_listener", None)
    for number in range(LENGTH):
        at = noon + timedelta(minutes=number, microseconds=number % 3)
        record_all(
            CHAIN, [("message.received", {"message": number, "channel": "email"})], by=System("test"), at=at
        )
    record_all("R-2026-00008", [("case.received", {}), ("note.added", {"note": 1})], by=System("test"))
    assert list(verify()) == []
    return CHAIN


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else None


def raw(seq, column):
    """What the column holds, as bytes."""
    cast = (
        "CAST(CAST(%s AS TEXT) AS BLOB)" if connection.vendor == "sqlite" else "convert_to(%s::text, 'UTF8')"
    )
    return bytes(
        sql(
            f"SELECT {cast.replace('%s', chr(34) + column + chr(34))} FROM ledger_entry WHERE chain = %s AND seq = %s",
            CHAIN,
            seq,
        )[0][0]
    )


def entries_named():
    return [fault.entry for fault in verify()]


def taken(row_id):
    """Another row has this number: the database refuses the change itself."""
    return Entry.objects.filter(pk=row_id.decode(errors="replace")).exists()


def flips(content):
    """The content with each byte changed: its lowest bit, and its highest, which makes it no text at all."""
    for place in range(len(content)):
        for bit in (0x01, 0x80):
            yield content[:place] + bytes([content[place] ^ bit]) + content[place + 1 :]


@pytest.mark.skipif(
    "connection.vendor != 'sqlite'", reason="PostgreSQL refuses bytes that are no text; see the next test"
)
@pytest.mark.parametrize("column", [*TEXT_COLUMNS, "at"])
def test_every_byte_of_every_column_of_every_row_counts_on_sqlite(chain, column):
    # All bytes of three rows, and every thirteenth of each other row, beginning at another one each time.
    for seq in range(1, LENGTH + 1):
        kept = raw(seq, column)
        changes = list(flips(kept)) if seq in (1, 17, LENGTH) else list(flips(kept))[seq % 13 :: 13]
        rowid = sql("SELECT rowid FROM ledger_entry WHERE chain = %s AND seq = %s", CHAIN, seq)[0][0]
        for change in changes:
            if column == "id" and taken(change):
                continue
            sql(f'UPDATE ledger_entry SET "{column}" = CAST(%s AS TEXT) WHERE rowid = %s', change, rowid)
            named = entries_named()
            assert f"{CHAIN}/{seq}" in named, (column, seq, kept, change, named)
        sql(f'UPDATE ledger_entry SET "{column}" = CAST(%s AS TEXT) WHERE rowid = %s', kept, rowid)
    assert entries_named() == []


@pytest.mark.parametrize("column", TEXT_COLUMNS)
def test_every_letter_of_every_column_of_every_row_counts(chain, column):
    for seq in range(1, LENGTH + 1):
        key = raw(seq, "hash").decode() if column != "hash" else None
        kept = raw(seq, column).decode()
        for place in range(seq % 11, len(kept), 11):
            change = kept[:place] + chr(ord(kept[place]) ^ 1) + kept[place + 1 :]
            if column == "id" and taken(change.encode()):
                continue
            where, value = ("hash = %s", key) if key else ("id = %s", f"{CHAIN}/{seq}")
            sql(f'UPDATE ledger_entry SET "{column}" = %s WHERE {where}', change, value)
            assert f"{CHAIN}/{seq}" in entries_named(), (column, seq, change)
            sql(f'UPDATE ledger_entry SET "{column}" = %s WHERE {where}', kept, value)
    assert entries_named() == []


def test_a_moved_moment_and_a_moved_place_are_named(chain):
    for seq in (1, 20, LENGTH):
        entry = Entry.objects.get(pk=f"{CHAIN}/{seq}")
        sql(
            "UPDATE ledger_entry SET at = %s WHERE id = %s",
            connection.ops.adapt_datetimefield_value(entry.at + timedelta(microseconds=1)),
            entry.id,
        )
        assert entries_named() == [entry.id]
        sql(
            "UPDATE ledger_entry SET at = %s WHERE id = %s",
            connection.ops.adapt_datetimefield_value(entry.at),
            entry.id,
        )
        sql("UPDATE ledger_entry SET seq = %s WHERE id = %s", 1000 + seq, entry.id)
        assert entries_named() == [entry.id]
        sql("UPDATE ledger_entry SET seq = %s WHERE id = %s", seq, entry.id)
    assert entries_named() == []


def test_an_entry_whose_hash_was_computed_again_breaks_the_one_after_it(chain):
    entry = Entry.objects.get(pk=f"{CHAIN}/12")
    entry.facts_json = '{"channel":"phone","message":11}'
    sql(
        "UPDATE ledger_entry SET facts = %s, hash = %s WHERE id = %s",
        entry.facts_json,
        entry.computed_hash(),
        entry.id,
    )
    assert list(verify()) == [Fault(CHAIN, f"{CHAIN}/13", "it does not follow the entry before it")]


def test_the_last_entry_computed_again_does_not_match_the_seal(chain):
    entry = Entry.objects.get(pk=f"{CHAIN}/{LENGTH}")
    entry.by = "staff:1"
    sql(
        "UPDATE ledger_entry SET by = %s, hash = %s WHERE id = %s", "staff:1", entry.computed_hash(), entry.id
    )
    assert list(verify()) == [
        Fault(CHAIN, entry.id, "the last entry is not the one the head was sealed with")
    ]


def test_a_whole_chain_computed_again_lacks_the_seal(chain):
    previous = "0" * 64
    for entry in list(Entry.objects.of(CHAIN)):
        entry.by, entry.previous = "staff:1", previous
        previous = entry.computed_hash()
        sql(
            "UPDATE ledger_entry SET by = %s, previous = %s, hash = %s WHERE id = %s",
            entry.by,
            entry.previous,
            previous,
            entry.id,
        )
    sql(
        "UPDATE ledger_head SET hash = %s, seal = %s WHERE chain = %s",
        previous,
        seal_of(CHAIN, LENGTH, previous, "guessed"),
        CHAIN,
    )
    (fault,) = verify()
    assert (fault.entry, "secret key" in fault.reason) == (f"{CHAIN}/{LENGTH}", True)


@pytest.mark.parametrize("seq", [1, 2, 20, LENGTH])
def test_a_deleted_entry_is_named(chain, seq):
    sql("DELETE FROM ledger_entry WHERE id = %s", f"{CHAIN}/{seq}")
    assert entries_named() == [f"{CHAIN}/{seq}"]


def test_a_cut_tail_is_named(chain):
    sql("DELETE FROM ledger_entry WHERE chain = %s AND seq > 30", CHAIN)
    assert list(verify()) == [
        Fault(CHAIN, f"{CHAIN}/31", "the chain ends at 30, but its head says 40 entries")
    ]


def test_a_cut_tail_with_a_shortened_head_is_named(chain):
    sql("DELETE FROM ledger_entry WHERE chain = %s AND seq > 30", CHAIN)
    last = Entry.objects.get(pk=f"{CHAIN}/30")
    sql("UPDATE ledger_head SET seq = 30, hash = %s WHERE chain = %s", last.hash, CHAIN)
    assert entries_named() == [f"{CHAIN}/30"]


def test_exchanged_entries_are_named(chain):
    for old, new in ((5, 900), (6, 5), (900, 6)):
        sql("UPDATE ledger_entry SET seq = %s WHERE chain = %s AND seq = %s", new, CHAIN, old)
    assert entries_named() == [f"{CHAIN}/5"]


def test_an_inserted_entry_is_named(chain):
    entry = Entry(
        id=f"{CHAIN}/41",
        chain=CHAIN,
        seq=41,
        what="case.closed",
        at=Entry.objects.get(pk=f"{CHAIN}/40").at,
        by="staff:1",
        facts_json="{}",
        previous=Entry.objects.get(pk=f"{CHAIN}/40").hash,
    )
    entry.hash = entry.computed_hash()
    entry.save()
    assert entries_named() == [f"{CHAIN}/41"]


def test_an_entry_moved_to_another_chain_is_named_in_both(chain):
    sql("UPDATE ledger_entry SET chain = 'R-2026-00008', seq = 3 WHERE id = %s", f"{CHAIN}/40")
    assert entries_named() == [f"{CHAIN}/40", "R-2026-00008/3"]


@pytest.mark.parametrize(
    ("column", "value", "named"),
    [
        ("seq", 39, 40),
        ("seq", 41, 41),
        ("seq", 0, 40),
        ("hash", "0" * 64, 40),
        ("seal", "0" * 64, 40),
        ("seal", "é" * 40, 40),
        ("seal", "", 40),
    ],
)
def test_a_changed_head_is_named(chain, column, value, named):
    sql(f"UPDATE ledger_head SET {column} = %s WHERE chain = %s", value, CHAIN)
    assert entries_named() == [f"{CHAIN}/{named}"]


def test_a_removed_or_renamed_head_is_named(chain):
    sql("UPDATE ledger_head SET chain = 'R-2026-09999' WHERE chain = %s", CHAIN)
    assert entries_named() == [f"{CHAIN}/40", "R-2026-09999/1"]
    sql("DELETE FROM ledger_head WHERE chain = 'R-2026-09999'")
    assert entries_named() == [f"{CHAIN}/40"]


def test_a_chain_of_nothing_but_a_head_is_named(chain):
    sql("DELETE FROM ledger_entry WHERE chain = %s", CHAIN)
    assert entries_named() == [f"{CHAIN}/1"]


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL refuses these values itself")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_entry SET facts = CAST(facts AS BLOB) WHERE id = %s",
        "UPDATE ledger_entry SET facts = 7 WHERE id = %s",
        "UPDATE ledger_entry SET facts = X'00' WHERE id = %s",
        "UPDATE ledger_entry SET at = 'yesterday' WHERE id = %s",
        "UPDATE ledger_entry SET at = 12 WHERE id = %s",
        "UPDATE ledger_entry SET at = replace(at, ' ', 'T') WHERE id = %s",
        "UPDATE ledger_entry SET seq = 'nine' WHERE id = %s",
        "UPDATE ledger_entry SET chain = X'FF' WHERE id = %s",
        "UPDATE ledger_entry SET chain = CAST(X'FF41' AS TEXT) WHERE id = %s",
    ],
)
def test_values_of_another_type_are_named_and_stop_nothing(chain, statement):
    sql(statement, f"{CHAIN}/9")
    assert f"{CHAIN}/9" in entries_named()


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL refuses these values itself")
@pytest.mark.parametrize("column", ["chain", "hash", "seal", "seq"])
def test_a_head_that_is_no_text_is_named(chain, column):
    sql(f"UPDATE ledger_head SET {column} = CAST(X'FF4142' AS TEXT) WHERE chain = %s", CHAIN)
    assert next(fault.chain for fault in verify()) == CHAIN


def test_verify_reads_text_as_text_again_afterwards(chain):
    list(verify())
    assert Entry.objects.first().chain == CHAIN


def test_only_the_chains_asked_for_are_checked(chain):
    sql("DELETE FROM ledger_entry WHERE id = %s", f"{CHAIN}/1")
    assert list(verify(["R-2026-00008"])) == []
    assert chains() == [CHAIN, "R-2026-00008"]


# --- the command ---------------------------------------------------------------------------------------


def run(*cases, **options):
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return command.run(parser.parse_args([*cases, *options.get("flags", [])]))


def test_the_command_says_that_all_is_well(complain, capsys):
    case = complain()
    assert run() == 0
    assert capsys.readouterr().out == "1 chains checked, 0 bad.\n"
    assert run(case.reference.lower()) == 0


def test_the_command_names_the_bad_entry_and_fails(complain, capsys):
    case, other = complain(), complain(email="luc@courriel.exemple.test")
    sql("UPDATE ledger_entry SET by = 'staff:1' WHERE id = %s", f"{case.reference}/3")
    assert run() == 1
    assert capsys.readouterr().out == (
        f"{case.reference}/3: its content was altered after it was written\n2 chains checked, 1 bad.\n"
    )
    assert run(other.reference) == 0
    capsys.readouterr()
    assert run(flags=["--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert said == {
        "checked": 2,
        "faults": [
            {
                "chain": case.reference,
                "entry": f"{case.reference}/3",
                "reason": "its content was altered after it was written",
            }
        ],
    }


def test_a_case_without_record_and_a_record_without_case_are_named(complain, capsys):
    case = complain()
    sql("DELETE FROM ledger_entry WHERE chain = %s", case.reference)
    Head.objects.filter(chain=case.reference).delete()
    record_all("R-2026-77777", [("case.received", {})], by=System("test"))
    assert run() == 1
    assert capsys.readouterr().out.splitlines()[:2] == [
        f"{case.reference}/1: the case has no record at all",
        "R-2026-77777/1: the record has no case, person or organisation",
    ]


def test_an_unknown_case_is_an_error_in_one_line():
    with pytest.raises(CommandError) as problem:
        run("R-2026-00001")
    assert str(problem.value) == "There is no case R-2026-00001. Check the reference."
