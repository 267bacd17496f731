"""An index in memory, for a run: the same tokens and the same matching as the case index, with typing mistakes where asked."""

import math
from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from apaise.lib.search.query import SHORTEST_MISTYPED, Term, parse
from apaise.lib.search.tokens import tokens_in_order

# How much a way of meeting counts.
EXACT, TOGETHER, STEM, BEGINNING, MISTYPED = 1.0, 0.95, 0.8, 0.6, 0.4


class Hit(NamedTuple):
    id: str | int
    score: float


class Index:
    """Texts by their words. Not for threads that write at once."""

    def __init__(self) -> None:
        self._where: dict[str, dict[int, int]] = defaultdict(dict)  # token -> text -> how often
        self._ids: list[str | int] = []
        self._lengths: list[int] = []
        self._words: list[str] = []  # sorted, for beginnings
        self._losing: dict[str, set[str]] = {}  # a word with one letter lost, or none -> the words

    def add(self, name: str | int, text: str) -> None:
        number, length = len(self._ids), 0
        self._ids.append(name)
        for known in tokens_in_order(text):
            length += 1
            if known[0] not in self._where:
                insort(self._words, known[0])
                self._losing = {}
            for token in known:
                met = self._where[token]
                met[number] = met.get(number, 0) + 1
        self._lengths.append(length)

    def search(self, asked: str, *, limit: int = 50, typos: bool = False) -> list[Hit]:
        """The texts that meet every word, best first; equals in the order they were added."""
        terms = parse(asked)
        if not terms:
            return []
        scores: dict[int, float] | None = None
        for term in terms:
            met = self._met(term, typos)
            if scores is None:
                scores = met
            else:
                scores = {number: scores[number] + met[number] for number in scores.keys() & met.keys()}
        best = sorted((scores or {}).items(), key=lambda item: (-item[1], item[0]))[:limit]
        return [Hit(self._ids[number], round(score, 4)) for number, score in best]

    def _met(self, term: Term, typos: bool) -> dict[int, float]:
        """Text -> how well it meets the term."""
        weights: dict[str, float] = {}
        for token, weight in self._ways(term, typos):
            weights[token] = max(weight, weights.get(token, 0.0))
        rest = self._where
        in_how_many = len({number for token in weights for number in rest.get(token, ())})
        rarity = math.log(1 + len(self._ids) / (1 + in_how_many))
        met: dict[int, float] = {}
        for token, weight in weights.items():
            for number, often in rest.get(token, {}).items():
                dense = often / (often + 0.5 + self._lengths[number] / 200)
                met[number] = max(met.get(number, 0.0), weight * (0.2 + rarity) * (0.5 + dense))
        return met

    def _ways(self, term: Term, typos: bool) -> Iterator[tuple[str, float]]:
        yield term.plain, EXACT
        yield from ((token, TOGETHER) for token in term.joined)
        yield from ((token, STEM) for token in term.stems)
        yield from ((word, BEGINNING) for start in term.prefixes for word in self._beginning_with(start))
        if typos and term.may_be_mistyped:
            yield from ((word, MISTYPED) for word in self._one_edit_from(term.plain))

    def _beginning_with(self, start: str) -> Iterator[str]:
        place = bisect_left(self._words, start)
        while place < len(self._words) and self._words[place].startswith(start):
            yield self._words[place]
            place += 1

    def _one_edit_from(self, word: str) -> Iterator[str]:
        if not self._losing:
            # A word too short to stand one edit from a long one need not be kept.
            for known in (word for word in self._words if len(word) >= SHORTEST_MISTYPED - 1):
                for less in _losing_one(known):
                    self._losing.setdefault(less, set()).add(known)
        near = {known for less in _losing_one(word) for known in self._losing.get(less, ())}
        return (known for known in sorted(near) if within_one_edit(word, known))


def _losing_one(word: str) -> set[str]:
    return {word} | {word[:place] + word[place + 1 :] for place in range(len(word))}


def within_one_edit(one: str, other: str) -> bool:
    """Whether a letter added, lost or changed, or two neighbours swapped, makes one word the other."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    a, b = one[start:], other[start:]
    if len(a) == len(b):
        return a[1:] == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])
    return a[1:] == b if len(a) > len(b) else a == b[1:]
