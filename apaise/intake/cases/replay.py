"""Which entries of the ledger the clocks of a case are counted from: its own, and those of the cases merged into it.

A merge that was undone counts for nothing, on either side: the clocks are as if it had never been."""

from typing import Any, NamedTuple

from apaise.ground.ledger.models import Entry
from apaise.intake.cases.happening import NAMES

# Of a merged case: when it came in, and what was done for its customer. Not its state, its waiting, its other duties.
GOES_ALONG = frozenset(
    {
        "case.received",
        "complaint.written",
        "durable_recap.sent",
        "ack.sent",
        "contact.human_done",
        "message.sent",
        "restatement.sent",
        "commitment.made",
        "commitment.kept",
        *NAMES,  # facts told with their date
    }
)
CAME_IN = frozenset({"case.received", "complaint.written"})
ONLY_COUNTED_AGAIN = ("merge", "told_again")  # why a clock was said to start that had started before
OF_A_MERGE = ("case.merged", "case.absorbed", "case.merge_undone")


class History(NamedTuple):
    """What counts for the clocks of one case."""

    entries: list[tuple[Entry, bool]]  # in order, and whether it is the case's own
    started: set[str]  # keys of the clocks that applied
    together: bool  # with another case's


def counted(chain: str, upto: int | None = None) -> History:
    """The entries that count, those of merged cases in their place in time."""
    own = list(Entry.objects.of(chain) if upto is None else Entry.objects.of(chain).filter(seq__lte=upto))
    undone = {entry.facts["merge"] for entry in own if entry.what == "case.merge_undone"}
    standing = [
        entry
        for entry in _as_told_last(own)
        if entry.what not in OF_A_MERGE or entry.facts.get("merge") not in undone
    ]
    placed = _in_time([(entry, True) for entry in standing])
    started = {
        _key(entry.facts)
        for entry in own
        if entry.what == "deadline.started" and starts_at_its_trigger(entry.facts)
    }
    absorbed = [entry for entry in standing if entry.what == "case.absorbed"]
    for absorption in absorbed:
        theirs = counted(absorption.facts["of"], absorption.facts["upto"])
        goes = GOES_ALONG | set(absorption.facts["words"])
        if absorption.facts["reason"] == "split_undone":
            goes -= CAME_IN  # those words had come in here before
        along = [(entry, False) for entry, _own in theirs.entries if _goes_along(entry, goes)]
        placed += [(min(at, absorption.at), 0, pair) for at, _order, pair in _in_time(along)]
        started |= theirs.started
    placed.sort(key=lambda place: place[:2])
    return History([pair for _at, _order, pair in placed], started, bool(absorbed))


def starts_at_its_trigger(facts: dict[str, Any]) -> bool:
    """Whether the clock an entry says began did so with what triggers its rule; one that began with a mark did not."""
    return facts.get("why") not in ONLY_COUNTED_AGAIN and "since" not in facts


def _as_told_last(entries: list[Entry]) -> list[Entry]:
    """Each told fact in the place where it was first told, with the date it was last told with; without those taken back."""
    last = {entry.what: entry for entry in entries if "on" in entry.facts}
    standing, placed = [], set()
    for entry in entries:
        if "on" not in entry.facts:
            standing.append(entry)
        elif entry.what not in placed:
            placed.add(entry.what)
            if not last[entry.what].facts.get("void"):
                standing.append(_retold(entry, last[entry.what]))
    return standing


def _retold(first: Entry, last: Entry) -> Entry:
    if first is last:
        return first
    return Entry(
        id=first.id, chain=first.chain, seq=first.seq, what=first.what, at=first.at, by=first.by,
        facts_json=last.facts_json, previous=first.previous, hash=first.hash,
    )  # fmt: skip


def _in_time(pairs: list[tuple[Entry, bool]]) -> list[tuple[Any, int, tuple[Entry, bool]]]:
    """With the time each is counted at: never before the one it follows in its chain."""
    latest, placed = None, []
    for entry, own in pairs:
        latest = entry.at if latest is None or entry.at > latest else latest
        placed.append((latest, 1 if own else 0, (entry, own)))
    return placed


def _goes_along(entry: Entry, words: set[str] | frozenset[str]) -> bool:
    if entry.what == "deadline.changed":  # a later date that their customer was told
        return entry.facts.get("why") == "extension"
    return entry.what in words


def _key(facts: dict[str, Any]) -> str:
    return f"{facts['rule']}/{facts['promise']}" if facts.get("promise") else str(facts["rule"])
