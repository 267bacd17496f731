"""Write the ledger. `record` is called beside every change, in the same transaction."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol

from django.db import connection, transaction

from apaise.ground.ledger.models import START, Entry, canonical, moment, seal_of
from apaise.ground.packs.vocabulary import EVENTS
from apaise.lib import clock, crash

HOUSE = "house"  # the chain of what concerns no case

# Codes, ids, dates and amounts. No space and no @: a sentence or an address cannot slip in.
_CODE = re.compile(r"[A-Za-z0-9_.:/+\-]{0,120}")


class Actor(Protocol):
    """Whoever acts: a member of staff, a complainant, or the system under a name."""

    @property
    def actor_code(self) -> str: ...


class HasChain(Protocol):
    """Whatever has a chain of its own: a case, a person, an organisation."""

    @property
    def reference(self) -> str: ...


class System:
    """The product itself, acting for a stated purpose: `System("acknowledgement")`."""

    def __init__(self, purpose: str) -> None:
        self.actor_code = f"system:{purpose}"


class NotForTheLedger(ValueError):
    """A fact that is no id, code, date or amount."""


Listener = Callable[[Entry], None]
_listener: Listener | None = None


def tell(listener: Listener) -> None:
    """Name the one listener called after each entry, inside its transaction. The journey does this at start."""
    global _listener
    _listener = listener


Fact = tuple[str, dict[str, Any]]  # a ledger word and what it says
Consequence = Callable[
    [Sequence[Entry]], Sequence[Fact]
]  # what follows from entries that are about to be written


def record(thing: HasChain | str, what: str, *, by: Actor, at: datetime | None = None, **facts: Any) -> Entry:
    """Append one entry to the chain of `thing`.

    what   a word of the closed list (docs/policy-packs.md, Event words); ValueError for any other
    at     when it happened, aware; default now
    facts  ids, codes, dates and amounts; NotForTheLedger for anything that could be a customer's words

    Runs inside the caller's transaction: the change and its record stand or fall together."""
    return record_all(thing, [(what, facts)], by=by, at=at)[0]


def record_all(
    thing: HasChain | str,
    said: Sequence[Fact],
    *,
    by: Actor,
    at: datetime | None = None,
    is_new: bool = False,
    then: tuple[Actor, Consequence] | None = None,
) -> list[Entry]:
    """Append several entries of one moment, in order; see `record`. Returns those of `said`.

    is_new  the chain begins here, with the thing itself, in the caller's transaction
    then    who says what follows from these entries, and what: it is appended to them, of the same moment"""
    chain = thing if isinstance(thing, str) else thing.reference
    happened_at, plain = moment(at or clock.now()), _plain_facts(said)
    with transaction.atomic(savepoint=False):
        head = None if is_new else _head_of(chain)
        entries = _chained(chain, head or (0, START), plain, by.actor_code, happened_at)
        following: list[Entry] = []
        if then and entries:
            end = (entries[-1].seq, entries[-1].hash)
            following = _chained(chain, end, _plain_facts(then[1](entries)), then[0].actor_code, happened_at)
        _write(chain, [*entries, *following], begins=head is None)
        if _listener:
            for entry in (*entries, *following):
                _listener(entry)
    return entries


def _head_of(chain: str) -> tuple[int, str] | None:
    # The row is locked where the database can; SQLite's single writer makes it unnecessary there.
    lock = " FOR UPDATE" if connection.features.has_select_for_update else ""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT seq, hash FROM ledger_head WHERE chain = %s{lock}", [chain])  # noqa: S608  (one of two constants)
        found: tuple[int, str] | None = cursor.fetchone()
    return found


def _plain_facts(said: Sequence[Fact]) -> list[tuple[str, str]]:
    for what, _facts in said:
        if what not in EVENTS:
            raise ValueError(f"“{what}” is not a ledger word; add its row to the closed list first.")
    return [(what, _canonical(facts)) for what, facts in said]


def _chained(
    chain: str, end: tuple[int, str], said: Sequence[tuple[str, str]], by: str, at: datetime
) -> list[Entry]:
    """The entries that follow the end of the chain; nothing is written yet."""
    seq, previous = end
    entries = []
    for what, facts in said:
        seq += 1
        entry = Entry(
            id=f"{chain}/{seq}",
            chain=chain,
            seq=seq,
            what=what,
            at=at,
            by=by,
            facts_json=facts,
            previous=previous,
        )
        previous = entry.hash = entry.computed_hash()
        entries.append(entry)
    return entries


def _write(chain: str, entries: Sequence[Entry], *, begins: bool) -> None:
    if not entries:
        return
    seq, last = entries[-1].seq, entries[-1].hash
    with connection.cursor() as cursor:
        _insert(cursor, entries)
        crash.point("after-ledger")
        # A chain begins with its case, in one transaction; the house's begins with the installation.
        cursor.execute(_BEGIN if begins else _GO_ON, [seq, last, seal_of(chain, seq, last), chain])


# Written out: each change of anything says it, and composing it anew each time cost more than doing it.
_COLUMNS = '"id", "chain", "seq", "what", "at", "by", "facts", "previous", "hash"'
_ROW = "(%s, %s, %s, %s, %s, %s, %s, %s, %s)"
_BEGIN = "INSERT INTO ledger_head (seq, hash, seal, chain) VALUES (%s, %s, %s, %s)"
_GO_ON = "UPDATE ledger_head SET seq = %s, hash = %s, seal = %s WHERE chain = %s"


def _insert(cursor: Any, entries: Sequence[Entry]) -> None:
    values: list[Any] = []
    adapted = connection.ops.adapt_datetimefield_value
    for one in entries:
        at = adapted(one.at)
        values += [one.id, one.chain, one.seq, one.what, at, one.by, one.facts_json, one.previous, one.hash]
        one._state.adding = False
    cursor.execute(f"INSERT INTO ledger_entry ({_COLUMNS}) VALUES {', '.join([_ROW] * len(entries))}", values)  # noqa: S608


def _canonical(facts: Mapping[str, Any]) -> str:
    return canonical({name: _plain(name, value) for name, value in facts.items() if value is not None})


def _plain(name: str, value: Any) -> Any:
    if isinstance(value, bool | int):
        return value
    if isinstance(value, datetime):
        return moment(value).isoformat()
    if isinstance(value, date | Decimal):
        return str(value)
    if isinstance(value, list | tuple):
        return [_plain(name, item) for item in value]
    if isinstance(value, str) and _CODE.fullmatch(value):
        return value
    raise NotForTheLedger(f"{name} may hold only an id, a code, a date or an amount.")
