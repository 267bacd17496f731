"""A file of customers on its way: upload, columns, a try that writes nothing, loading, or dropping.

Rows are taken in batches; how far a pass has come is written in the same transaction as its rows. So a pass that was cut
off goes on where it stopped, and two workers with one file never take a row twice."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from itertools import islice
from typing import NamedTuple

from django.db import DatabaseError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from apaise.ground.accounts.models import User
from apaise.ground.ledger.record import HOUSE, Actor, System, record
from apaise.ground.parties.customer_file import IMPORTERS, CustomerFile, RefusedRow
from apaise.ground.parties.errors import NotKept
from apaise.ground.parties.importing import columns as meanings
from apaise.ground.parties.importing.report import why_unreadable
from apaise.ground.parties.importing.rows import UNCHANGED, Pass, Refusal, RowRefused, key_of, read, take
from apaise.lib import clock, csv_file

BATCH = 200
MOST_REFUSED_KEPT = 1000  # more than that are counted; nobody mends a thousand rows by hand
State = CustomerFile.State


class Seen(NamedTuple):
    line: int
    content: bytes


def import_refusal(user: User) -> str | None:
    """Why this person may not bring customers in."""
    if user.has_role(*IMPORTERS):
        return None
    return _("Only the administrator and the complaints manager may import customers.")


def upload(name: str, content: Iterable[bytes], *, by: User | None) -> CustomerFile:
    """Keep the file and look at how it is written. Raises NotKept, and then keeps nothing."""
    if by and (refusal := import_refusal(by)):
        raise NotKept(refusal)
    file: CustomerFile = CustomerFile.objects.create(name=name.replace("\0", "")[:200], by=by, at=clock.now())
    try:
        file.keep_bytes(content)
        layout = csv_file.layout_of(file.open)
    except csv_file.Unreadable as problem:
        _forget(file)
        raise NotKept(why_unreadable(problem.code, problem.line)) from problem
    except OSError as problem:
        _forget(file)
        raise NotKept(
            _("The file could not be kept: the disk may be full. Tell your administrator.")
        ) from problem
    file.encoding, file.delimiter, file.headers = layout
    file.columns = meanings.guess(layout.headers)
    file.save(update_fields=["encoding", "delimiter", "headers", "columns"])
    return file


def name_columns(file: CustomerFile, columns: Mapping[str, int], *, by: User | None) -> None:
    """Say what the columns mean; the file is then to be tried. Raises NotKept."""
    if by and (refusal := import_refusal(by)):
        raise NotKept(refusal)
    chosen = meanings.check(columns, file.headers)
    with transaction.atomic():
        _begin(file, State.CHECKING, leaving=(State.UPLOADED, State.CHECKED, State.BROKEN), columns=chosen)
        meanings.remember(file.headers, chosen)


def start_loading(file: CustomerFile, *, by: User | None) -> None:
    """What was tried is to be loaded. Raises NotKept."""
    if by and (refusal := import_refusal(by)):
        raise NotKept(refusal)
    with transaction.atomic():
        _begin(file, State.LOADING, leaving=(State.CHECKED,), by=by)


def drop(file: CustomerFile, *, by: User | None) -> None:
    """Forget the file. Raises NotKept while it is being loaded."""
    if by and (refusal := import_refusal(by)):
        raise NotKept(refusal)
    with transaction.atomic():
        waiting = CustomerFile.objects.filter(pk=file.pk).exclude(
            state__in=(State.LOADING, State.LOADED, State.DROPPED)
        )
        if not waiting.update(state=State.DROPPED):
            raise NotKept(_("This file is being loaded, or is settled already. Reload the page and look."))
        RefusedRow.objects.filter(file=file).delete()
        transaction.on_commit(file.forget_bytes)
    file.state = State.DROPPED


def run(file: CustomerFile) -> None:
    """Try or load the file to its end, whichever it waits for. Harmless to repeat."""
    file.refresh_from_db()
    if file.state not in (State.CHECKING, State.LOADING):
        return
    write = file.state == State.LOADING
    seen: dict[int, Seen] = {}
    try:
        with file.open() as stream:
            rows = csv_file.rows(stream, csv_file.Layout(file.encoding, file.delimiter, file.headers))
            for row in islice(rows, file.done):
                _look(file, row, seen)  # taken before; a later row may repeat it
            while batch := list(islice(rows, BATCH)):
                if not _take_batch(file, batch, seen, write):
                    return
    except csv_file.Unreadable as problem:
        _break(file, problem)
    except FileNotFoundError:
        _break(file, csv_file.Unreadable("empty"))
    else:
        _finish(file, write)


def _take_batch(
    file: CustomerFile, batch: Sequence[csv_file.Row], seen: dict[int, Seen], write: bool
) -> bool:
    """False if somebody else goes on with this file."""
    counts = {"new": 0, "changed": 0, "unchanged": 0, "refused": 0}
    refused: list[RefusedRow] = []
    with transaction.atomic():
        mine = CustomerFile.objects.filter(pk=file.pk, state=file.state, done=file.done)
        if not mine.update(done=F("done") + len(batch)):
            return False
        for row in batch:
            outcome, wrong = _outcome(file, row, seen, write)
            counts[outcome] += 1
            refused += [_refused(file, row.line, one) for one in wrong]
        room = max(0, MOST_REFUSED_KEPT - file.refused)
        RefusedRow.objects.bulk_create(refused[:room])
        CustomerFile.objects.filter(pk=file.pk).update(
            **{name: F(name) + many for name, many in counts.items()}
        )
    file.done += len(batch)
    for name, many in counts.items():
        setattr(file, name, getattr(file, name) + many)
    return True


def _outcome(
    file: CustomerFile, row: csv_file.Row, seen: dict[int, Seen], write: bool
) -> tuple[str, list[Refusal]]:
    values, wrong, repeats = _look(file, row, seen)
    if wrong:
        return "refused", wrong
    if repeats:
        return UNCHANGED, []
    try:
        with transaction.atomic() if write else nullcontext():  # a row is taken whole or not at all
            return take(values, Pass(_actor(file), file.pk, write)), []
    except RowRefused as refusal:
        return "refused", [refusal.refusal]
    except (NotKept, DatabaseError):
        if not write:
            raise
        return "refused", [Refusal("", "moved_on")]


def _look(
    file: CustomerFile, row: csv_file.Row, seen: dict[int, Seen]
) -> tuple[dict[str, object], list[Refusal], bool]:
    """The values of the row, what is wrong with it, and whether it only repeats an earlier one."""
    if row.trouble:
        return {}, [Refusal("", row.trouble)], False
    # In the order of the file: PostgreSQL keeps the names of a JSON object in an order of its own.
    places = sorted(file.columns.items(), key=lambda named: named[1])
    cells = {meaning: row.cells[place] for meaning, place in places}
    values, wrong = read(cells)
    if wrong:
        return values, wrong, False
    place = int.from_bytes(_digest("\0".join(key_of(values))), "big")
    content = _digest("\0".join(cells[meaning] for meaning in sorted(cells)))
    before = seen.setdefault(place, Seen(row.line, content))
    if before.line == row.line or not any(key_of(values)):
        return values, [], False
    if before.content == content:
        return values, [], True
    return values, [Refusal("", "repeated", str(before.line))], False


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=8).digest()


def _refused(file: CustomerFile, line: int, refusal: Refusal) -> RefusedRow:
    heading = file.headers[file.columns[refusal.meaning]] if refusal.meaning in file.columns else ""
    return RefusedRow(file=file, line=line, column=heading[:80], why=refusal.code, value=refusal.value[:80])


def _begin(file: CustomerFile, to: str, *, leaving: Sequence[str], **fields: object) -> None:
    fresh = {"done": 0, "new": 0, "changed": 0, "unchanged": 0, "refused": 0, "state": to, **fields}
    if not CustomerFile.objects.filter(pk=file.pk, state__in=leaving).update(**fresh):
        raise NotKept(_("This file has moved on. Reload the page and look again."))
    RefusedRow.objects.filter(file=file).delete()
    file.refresh_from_db()


def _finish(file: CustomerFile, write: bool) -> None:
    with transaction.atomic():
        mine = CustomerFile.objects.filter(pk=file.pk, state=file.state, done=file.done)
        if not write:
            mine.update(state=State.CHECKED)
        elif mine.update(state=State.LOADED, loaded_at=clock.now()):
            RefusedRow.objects.filter(file=file).update(value="")
            record(
                HOUSE, "customers.imported", by=_actor(file), file=file.pk, sha256=file.sha256, new=file.new,
                changed=file.changed, unchanged=file.unchanged, refused=file.refused,
            )  # fmt: skip
            transaction.on_commit(file.forget_bytes)
    file.refresh_from_db()


def _break(file: CustomerFile, problem: csv_file.Unreadable) -> None:
    """The try found where the file cannot be read further: nothing was loaded, nothing will be."""
    with transaction.atomic():
        CustomerFile.objects.filter(pk=file.pk, state=file.state).update(state=State.BROKEN)
        RefusedRow.objects.create(file=file, line=problem.line, why=problem.code)
    file.refresh_from_db()


def _forget(file: CustomerFile) -> None:
    file.forget_bytes()
    CustomerFile.objects.filter(pk=file.pk).delete()


def _actor(file: CustomerFile) -> Actor:
    return file.by or System("customers")


def refusals(file: CustomerFile) -> Iterator[RefusedRow]:
    """The refused rows that were kept, by line."""
    yield from RefusedRow.objects.filter(file=file).order_by("line", "pk").iterator(chunk_size=500)
