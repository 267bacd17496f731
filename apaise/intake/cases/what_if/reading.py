"""Reading many past cases with few questions, and comparing them under two packs.

The rows are read by hand because this is for a hundred thousand cases at a time; a test holds the result to that of
`one_by_one`, which asks the rooms as everybody else does."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from apaise.ground.ledger.models import Entry
from apaise.ground.packs.mentions import Mention
from apaise.ground.packs.models import PackVersion
from apaise.ground.packs.pack import Pack
from apaise.ground.packs.predicate import Moment, evaluate
from apaise.intake.cases import replay
from apaise.intake.cases.clockwork import APPLIES_NOW, DOES_NOT_APPLY, ENDS, OF_A_PROMISE, key_of
from apaise.intake.cases.facts import facts_of
from apaise.intake.cases.known_fact import known_facts_of
from apaise.intake.cases.models import Case, Deadline
from apaise.intake.cases.what_if.comparison import Comparison
from apaise.intake.cases.what_if.remembering import RememberingPack
from apaise.intake.cases.what_if.retelling import Happened, as_it_was, asks_for_facts, told, under

AT_ONCE = 1000  # cases held in memory
ROWS = (
    "complainant__merged_into",
    "organisation",
    "contract",
    "desk",
    "weighing",
)  # what the facts are read from
DATES = Deadline.objects.only("case_id", "rule", "state", "due_at", "customer_right")


class Said:
    """An entry of the ledger, as far as clocks read it."""

    __slots__ = ("_facts", "at", "by", "text", "what")

    def __init__(self, what: str, at: datetime, by: str, text: str) -> None:
        self.what, self.at, self.by, self.text = what, at, by, text
        self._facts: dict[str, Any] | None = None

    @property
    def facts(self) -> dict[str, Any]:
        if self._facts is None:
            self._facts = json.loads(self.text)
        return self._facts


class Trial:
    """One pack against those that cases have frozen."""

    def __init__(self, pack: Pack, at: datetime) -> None:
        self.pack, self.at = pack, at
        self.after = PackVersion.to_try(RememberingPack(pack.canonical))
        self._against: dict[int, _Against] = {}

    def cases(self, since: datetime) -> QuerySet[Case]:
        """Those it would have been for: they froze this pack or one it extends, and came in since then."""
        ids = {self.pack.id, self.pack.block("extends")} - {None}
        return Case.objects.filter(received_at__gte=since, pack_version__pack_id__in=ids)

    def compare(self, pks: Sequence[int]) -> Comparison:
        """Compare these cases, a thousand at a time."""
        found = Comparison()
        for first in range(0, len(pks), AT_ONCE):
            self._compare(pks[first : first + AT_ONCE], found)
        return found

    def one_by_one(self, pks: Iterable[int]) -> Comparison:
        """The same by asking for each case alone, and remembering nothing: slow, and to be believed."""
        found = Comparison()
        plain = PackVersion.to_try(self.pack)
        for pk in pks:
            case = Case.objects.get(pk=pk)
            self._add(found, case, Happened(*replay.counted(case.reference)), case.pack_version, plain)
        return found

    def _compare(self, pks: Sequence[int], found: Comparison) -> None:
        cases = Case.objects.filter(pk__in=pks).order_by("pk")
        versions = set(cases.order_by().values_list("pack_version_id", flat=True))
        for version in versions - self._against.keys():
            self._against[version] = _Against(PackVersion.objects.get(pk=version), self.after)
        against = [self._against[version] for version in versions]
        known: dict[int, dict[str, object]] = {}
        if any(each.asks_for_facts for each in against):
            cases = cases.select_related(*ROWS).prefetch_related(Prefetch("deadlines", DATES))
            known = known_facts_of(pks)
        in_hand = list(cases)
        entries = _entries(
            [case.reference for case in in_hand], frozenset().union(*(each.words for each in against))
        )
        for case in in_hand:
            before = self._against[case.pack_version_id].before
            happened = _happened(case, entries[case.reference])
            self._add(found, case, happened, before, self.after, known.get(case.pk))

    def _add(
        self, found: Comparison, case: Case, happened: Happened, before: PackVersion, after: PackVersion,
        known: dict[str, object] | None = None,
    ) -> None:  # fmt: skip
        was = told(case, happened, before, as_it_was(happened), self.at)
        is_ = told(case, happened, after, under(case, happened, before, known), self.at)
        found.add(case.pk, was, is_)
        differing = self._differing(case, before)
        if differing:
            frozen, case.pack_version = case.pack_version_id, before  # in hand already: its content is large
            facts, moment = facts_of(case, known), Moment(self.at, self.pack.calendar)
            sides = [
                {name: _says(mention, facts, moment) for name, mention in side.items()} for side in differing
            ]
            found.say(case.pk, *sides)
            case.pack_version_id = frozen

    def _differing(
        self, case: Case, before: PackVersion
    ) -> tuple[dict[str, Mention], dict[str, Mention]] | None:
        if case.pack_version_id not in self._against:
            self._against[case.pack_version_id] = _Against(before, self.after)
        return self._against[case.pack_version_id].mentions


class _Against:
    """A frozen pack beside the one that is tried."""

    def __init__(self, frozen: PackVersion, after: PackVersion) -> None:
        self.before = PackVersion.to_try(RememberingPack(frozen.pack.canonical))
        self._after = after

    @cached_property
    def asks_for_facts(self) -> bool:
        return self.mentions is not None or asks_for_facts(self.before, self._after)

    @cached_property
    def words(self) -> frozenset[str]:
        """The ledger words that move a clock by either pack."""
        words = {*ENDS, *OF_A_PROMISE, *replay.OF_A_MERGE, "case.reopened", "deadline.changed", "deadline.started", "message.sent"}  # fmt: skip
        for pack in (self.before.pack, self._after.pack):
            for rule in pack.deadlines.values():
                words |= {rule.trigger, *rule.stop_on}
                words |= {word for pause in rule.pause_when for word in pause.values()}
                words |= set((rule.extension or {}).get("until_first_of", ()))
        return frozenset(words)

    @cached_property
    def mentions(self) -> tuple[dict[str, Mention], dict[str, Mention]] | None:
        """Those that differ, by name, on either side; None if all are the same."""
        sides = [{each["id"]: each for each in version.pack.mandatory_mentions} for version in (self.before, self._after)]  # fmt: skip
        names = [
            name for name in sides[0].keys() | sides[1].keys() if sides[0].get(name) != sides[1].get(name)
        ]
        if not names:
            return None
        before, after = (
            {name: Mention.from_data(side[name]) for name in names if name in side} for side in sides
        )
        return before, after


def _says(mention: Mention, facts: dict[str, object], moment: Moment) -> str:
    applies = evaluate(mention.when, facts, moment).result
    if applies is None:
        return "to_check"
    return ("forbidden" if mention.forbid else "required") if applies else "no"


def _entries(chains: Sequence[str], words: frozenset[str]) -> dict[str, list[Said]]:
    told = Q(what__in=words) | Q(facts_json__contains='"criticality"')
    told |= Q(facts_json__contains=f'"{APPLIES_NOW}"') | Q(facts_json__contains=f'"{DOES_NOT_APPLY}"')
    rows = Entry.objects.filter(told, chain__in=chains)
    found: dict[str, list[Said]] = defaultdict(list)
    columns = rows.order_by("chain", "seq").values_list("chain", "what", "at", "by", "facts_json")
    for chain, what, at, by, text in columns.iterator(chunk_size=5000):
        found[chain].append(Said(what, at, by, text))
    return found


def _happened(case: Case, entries: Sequence[Said]) -> Happened:
    if any(entry.what in replay.OF_A_MERGE or entry.facts.get("again") for entry in entries):
        return Happened(*replay.counted(case.reference))  # rare, and longer to tell
    return Happened([(entry, True) for entry in entries], set(_started(entries)))


def _started(entries: Iterable[Said]) -> Iterator[str]:
    for entry in entries:
        if entry.what == "deadline.started" and replay.starts_at_its_trigger(entry.facts):
            yield key_of(entry.facts["rule"], entry.facts)
