"""What a changed pack changes, counted over many cases. Parts made by several processes are added up."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from apaise.intake.cases.what_if.retelling import KEPT, MISSED, RIGHT, RUNNING, Told

CHANGES: Final = ("newly_late", "no_longer_late", "earlier", "later", "added", "gone")
SHOWN: Final = 200  # cases named for each change; all of them are counted
Example = list[Any]  # [case id, due before, due after]


@dataclass
class OfRule:
    """One kind of deadline."""

    before: Counter[str] = field(default_factory=Counter)
    after: Counter[str] = field(default_factory=Counter)
    days: Counter[int] = field(default_factory=Counter)  # by how many days a date moves: how many dates
    changes: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[Example]] = field(default_factory=dict)

    def add(self, case: int, before: Told | None, after: Told | None) -> None:
        if before:
            self.before[before.became] += 1
        if after:
            self.after[after.became] += 1
        if before and after and before.due_at == after.due_at and before.became == after.became:
            return
        dates = [each and each.due_at.isoformat(timespec="seconds") for each in (before, after)]
        for change in _changes(before, after):
            self.changes[change] += 1
            self._keep(change, [[case, *dates]])
        if before and after and before.due_at != after.due_at:
            self.days[round((after.due_at - before.due_at).total_seconds() / 86400)] += 1

    def _keep(self, change: str, more: Iterable[Example]) -> None:
        kept = self.examples.setdefault(change, [])
        kept.extend(more)
        if len(kept) > 2 * SHOWN:
            self.examples[change] = newest(kept)

    def plus(self, other: "OfRule") -> None:
        for mine, theirs in (
            (self.before, other.before),
            (self.after, other.after),
            (self.changes, other.changes),
        ):
            mine.update(theirs)
        self.days.update(other.days)
        for change, more in other.examples.items():
            self._keep(change, more)


def newest(kept: list[Example]) -> list[Example]:
    """The last of them, in the order of the cases, however they came together."""
    return sorted(
        kept, key=lambda example: [str(part or "") if place else part for place, part in enumerate(example)]
    )[-SHOWN:]


def _changes(before: Told | None, after: Told | None) -> list[str]:
    if before is None or after is None:
        found = ["added"] if before is None else ["gone"]
    else:
        found = (
            [] if before.due_at == after.due_at else ["earlier" if after.due_at < before.due_at else "later"]
        )
    was, is_ = (each is not None and each.became == MISSED for each in (before, after))
    if was != is_:
        found.append("newly_late" if is_ else "no_longer_late")
    return found


@dataclass
class OfMention:
    """One thing a message must, or must not, say."""

    changes: Counter[str] = field(default_factory=Counter)  # "no>required": how many cases
    examples: list[int] = field(default_factory=list)

    def add(self, case: int, before: str, after: str) -> None:
        self.changes[f"{before}>{after}"] += 1
        self.examples = [*self.examples, case][-SHOWN:]


@dataclass
class Comparison:
    """Everything that was compared."""

    cases: int = 0
    rules: dict[str, OfRule] = field(default_factory=dict)
    mentions: dict[str, OfMention] = field(default_factory=dict)

    def add(self, case: int, before: Mapping[str, Told], after: Mapping[str, Told]) -> None:
        self.cases += 1
        for key in before.keys() | after.keys():
            was, is_ = before.get(key), after.get(key)
            self._rule((was or is_).rule).add(case, was, is_)  # type: ignore[union-attr]

    def say(self, case: int, before: Mapping[str, str], after: Mapping[str, str]) -> None:
        """What the two packs make us say, by mention."""
        for name in before.keys() | after.keys():
            was, is_ = before.get(name, "no"), after.get(name, "no")
            if was != is_:
                self.mentions.setdefault(name, OfMention()).add(case, was, is_)

    def _rule(self, name: str) -> OfRule:
        if name not in self.rules:
            self.rules[name] = OfRule()
        return self.rules[name]

    def plus(self, other: "Comparison") -> "Comparison":
        self.cases += other.cases
        for name, rule in other.rules.items():
            self._rule(name).plus(rule)
        for name, mention in other.mentions.items():
            mine = self.mentions.setdefault(name, OfMention())
            mine.changes.update(mention.changes)
            mine.examples = sorted({*mine.examples, *mention.examples})[-SHOWN:]
        return self

    def as_data(self) -> dict[str, Any]:
        """As plain data, for JSON; `from_data` takes it back."""
        return {
            "cases": self.cases,
            "rules": {name: _plain(rule) for name, rule in sorted(self.rules.items())},
            "mentions": {
                name: {"changes": dict(each.changes), "examples": each.examples}
                for name, each in sorted(self.mentions.items())
            },
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Comparison":
        found = cls(cases=data.get("cases", 0))
        for name, each in data.get("rules", {}).items():
            days = Counter({int(day): many for day, many in each["days"].items()})
            before, after, changes = (Counter(each[key]) for key in ("before", "after", "changes"))
            found.rules[name] = OfRule(before, after, days, changes, dict(each["examples"]))
        for name, each in data.get("mentions", {}).items():
            found.mentions[name] = OfMention(Counter(each["changes"]), list(each["examples"]))
        return found


def _plain(rule: OfRule) -> dict[str, Any]:
    return {
        "before": {became: rule.before[became] for became in (KEPT, MISSED, RUNNING, RIGHT)},
        "after": {became: rule.after[became] for became in (KEPT, MISSED, RUNNING, RIGHT)},
        "changes": {change: rule.changes[change] for change in CHANGES},
        "days": {str(day): many for day, many in sorted(rule.days.items())},
        "examples": {change: newest(rule.examples[change]) for change in CHANGES if change in rule.examples},
    }


def since_when(at: datetime) -> datetime:
    """A year ago: how far back a trial looks unless told otherwise."""
    return at.replace(year=at.year - 1, day=min(at.day, 28))
