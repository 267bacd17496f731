"""Check the ledger: every altered, missing, added or reordered entry is found and named."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.db.models import F, TextField
from django.db.models.functions import Cast

from apaise.ground.ledger.models import START, Entry, Head, canonical


@dataclass(frozen=True)
class Fault:
    """The first bad place of a chain."""

    chain: str
    entry: str  # chain/seq
    reason: str


def chains() -> list[str]:
    """Every chain there is a trace of, in order."""
    with _as_it_stands():
        known = set(Head.objects.values_list("chain", flat=True)) | set(
            Entry.objects.order_by().values_list("chain", flat=True).distinct()
        )
    return sorted(str(chain) for chain in known)


def verify(only: Iterable[str] | None = None) -> Iterator[Fault]:
    """Yield the first fault of each bad chain; nothing when all is well."""
    for chain in chains() if only is None else only:
        with _as_it_stands():
            fault = _first_fault(chain)
        if fault:
            yield fault


def _first_fault(chain: str) -> Fault | None:
    previous, expected = START, 1
    for row in _rows(chain):
        place = f"{chain}/{expected}"
        if row["seq"] != expected:
            return Fault(chain, place, f"entry {expected} is missing; the next one found is {row['seq']}")
        if row["id"] != place:
            return Fault(chain, place, f"its row is named {row['id']}: moved from another place")
        if row["previous"] != previous:
            return Fault(chain, place, "it does not follow the entry before it")
        if row["hash"] != _computed(row):
            return Fault(chain, place, "its content was altered after it was written")
        previous, expected = row["hash"], expected + 1
    return _bad_end(chain, last=expected - 1, last_hash=previous)


def _rows(chain: str) -> Iterator[Mapping[str, Any]]:
    at = Cast("at", TextField()) if _keeps_moments_as_text() else F("at")
    columns = Entry.objects.of(chain).annotate(written_at=at)
    yield from columns.values(
        "id", "chain", "seq", "what", "by", "facts_json", "previous", "hash", "written_at"
    ).iterator(chunk_size=500)


def _computed(row: Mapping[str, Any]) -> str:
    """The hash of what the row says now; "" when no entry could ever have said it."""
    try:
        at = _moment(row["written_at"]).isoformat(timespec="microseconds")
        said = [
            row["id"],
            row["chain"],
            row["seq"],
            row["what"],
            at,
            row["by"],
            row["facts_json"],
            row["previous"],
        ]
        return hashlib.sha256(canonical(said).encode()).hexdigest()
    except (TypeError, ValueError):
        return ""


def _moment(written: Any) -> datetime:
    if isinstance(written, datetime):
        return written.astimezone(UTC)
    moment = datetime.fromisoformat(written)
    if str(moment) != written:  # another spelling of the same moment is a change as well
        raise ValueError(written)
    return moment.replace(tzinfo=UTC)


def _bad_end(chain: str, last: int, last_hash: str) -> Fault | None:
    head = Head.objects.filter(chain=chain).first()
    if head is None:
        return Fault(
            chain,
            f"{chain}/{last}",
            "the chain has no sealed head: entries were added by hand or the head was removed",
        )
    if not isinstance(head.seq, int) or head.seq > last:
        return Fault(
            chain, f"{chain}/{last + 1}", f"the chain ends at {last}, but its head says {head.seq} entries"
        )
    if head.seq < last or head.hash != last_hash:
        return Fault(chain, f"{chain}/{last}", "the last entry is not the one the head was sealed with")
    if not head.is_genuine():
        return Fault(
            chain,
            f"{chain}/{last}",
            "its head was not sealed with this installation's secret key (if the key was changed, name the old one in APAISE_OLD_SECRET_KEYS)",
        )
    return None


def _keeps_moments_as_text() -> bool:
    return connection.vendor == "sqlite"


@contextmanager
def _as_it_stands() -> Iterator[None]:
    """SQLite lets any bytes into any column: read those that are no text too, instead of failing on them."""
    if not _keeps_moments_as_text():
        yield
        return
    connection.ensure_connection()
    raw = connection.connection
    usual = raw.text_factory
    raw.text_factory = lambda found: found.decode(errors="replace")
    try:
        yield
    finally:
        raw.text_factory = usual
