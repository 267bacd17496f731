"""The tokens a text is found by: what both databases and the index in memory are fed with."""

from collections.abc import Iterable, Iterator

from apaise.lib.search.stems import Forms, forms
from apaise.lib.search.words import LONGEST, counted, fold, words

LONGEST_TEXT = 100_000  # letters read of one text
_FRENCH = frozenset(
    [
        "le",
        "la",
        "les",
        "un",
        "une",
        "des",
        "du",
        "de",
        "et",
        "est",
        "que",
        "qui",
        "ne",
        "pas",
        "plus",
        "je",
        "nous",
        "vous",
        "votre",
        "vos",
        "mon",
        "ma",
        "mes",
        "ce",
        "cette",
        "pour",
        "avec",
        "sur",
        "dans",
        "par",
        "au",
        "aux",
        "il",
        "elle",
        "suis",
        "ai",
        "ete",
        "mais",
        "sans",
        "sont",
        "avez",
        "aucun",
        "aucune",
        "depuis",
        "toujours",
        "ou",
        "donc",
    ]
)
_ENGLISH = frozenset(
    [
        "the",
        "a",
        "an",
        "and",
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "of",
        "to",
        "in",
        "that",
        "it",
        "i",
        "you",
        "your",
        "my",
        "we",
        "our",
        "this",
        "these",
        "for",
        "with",
        "at",
        "by",
        "from",
        "not",
        "has",
        "have",
        "had",
        "do",
        "does",
        "did",
        "will",
        "would",
        "could",
        "should",
        "but",
    ]
)


def tokens(text: str) -> set[str]:
    """Every token of a text, once."""
    said = counted(text[:LONGEST_TEXT])
    french, english = _languages((part, times) for parts, times in said.items() for part in parts)
    return {token for parts in said for known in _of_word(parts, french, english) for token in known}


def tokens_in_order(text: str) -> Iterator[tuple[str, ...]]:
    """Word by word: the word itself first, then its stems in the language of the text, in both where that is not plain."""
    parts = [found.parts for found in words(text[:LONGEST_TEXT])]
    french, english = _languages((part, 1) for each in parts for part in each)
    for each in parts:
        yield from _of_word(each, french, english)


def _of_word(parts: tuple[str, ...], french: bool, english: bool) -> Iterator[tuple[str, ...]]:
    for part in parts:
        yield _tokens(forms(part), french or not part.isascii(), english)
    if len(parts) > 1:
        yield (joined(parts),)


def joined(parts: Iterable[str]) -> str:
    """`porte-monnaie` is found as `portemonnaie` too."""
    return fold("".join(parts)[: 2 * LONGEST])


def _tokens(known: Forms, french: bool, english: bool) -> tuple[str, ...]:
    return (known.plain, *(known.french if french else ()), *(known.english if english else ()))


def _languages(parts: Iterable[tuple[str, int]]) -> tuple[bool, bool]:
    """Whether to read the text as French, as English: both, unless its small words leave no doubt.

    parts   with how often each is said"""
    french = english = 0
    for part, times in parts:
        french += times if part in _FRENCH else 0
        english += times if part in _ENGLISH else 0
    return not (english > 2 and english > 3 * french), not (french > 2 and french > 3 * english)
