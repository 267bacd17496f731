"""What somebody typed into a search box, as terms that must all be met."""

from typing import NamedTuple

from apaise.lib.search.stems import forms
from apaise.lib.search.tokens import joined
from apaise.lib.search.words import words

MOST_WORDS = 24
SHORTEST_PREFIX = 4
SHORTEST_MISTYPED = 6
_LONGEST = 2_000  # letters read
# Left out beside other words: nobody who types « panne de chauffage » means the « de ».
_SMALL = frozenset(
    [
        "le",
        "la",
        "les",
        "un",
        "une",
        "de",
        "du",
        "des",
        "au",
        "aux",
        "à",
        "a",
        "et",
        "ou",
        "en",
        "ce",
        "the",
        "an",
        "of",
        "to",
        "and",
        "or",
        "in",
        "on",
        "at",
    ]
)


class Term(NamedTuple):
    """One word asked for. A text meets it with any of these tokens."""

    plain: str
    joined: tuple[str, ...]  # written in one with its neighbour
    stems: tuple[str, ...]
    prefixes: tuple[str, ...]  # beginnings of words, for the last one, which may not be finished

    @property
    def tokens(self) -> tuple[str, ...]:
        return (self.plain, *self.joined, *self.stems)

    @property
    def may_be_mistyped(self) -> bool:
        return len(self.plain) >= SHORTEST_MISTYPED and self.plain.isalpha()


def parse(asked: str) -> list[Term]:
    """The terms of a query; none for one without a letter or digit. Every sign but letters and digits only separates."""
    parts = [part for found in words(asked[:_LONGEST]) for part in found.parts]
    kept = [part for part in parts if part not in _SMALL] or parts
    last_is_last = bool(parts) and kept[-1] == parts[-1]  # nobody goes on typing a word left out
    kept = list(dict.fromkeys(kept))[:MOST_WORDS]
    whole = joined(kept) if 2 < len(kept) <= 4 else ""
    terms = []
    for place, part in enumerate(kept):
        near = [kept[max(0, place - 1) : place + 1], kept[place : place + 2]]
        pairs = [joined(pair) for pair in near if len(pair) == 2] + [whole] * bool(whole)
        known = forms(part)
        open_end = last_is_last and part == parts[-1]
        beginnings = [known.plain, *pairs] if open_end and len(known.plain) >= SHORTEST_PREFIX else []
        terms.append(Term(known.plain, tuple(pairs), known.stems, tuple(beginnings)))
    return terms
