"""What a word is looked up by: itself, and the stem it shares with its inflected forms."""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import Stemmer

from apaise.lib.search.words import fold

# The French stemmer takes `offer` for a verb like `parler`, and cuts it to `off`: what would leave less than this keeps
# all but its plural.
_SHORTEST_STEM = {"fr": 4, "en": 3}
_REGULAR = {
    "er": [
        "er",
        "e",
        "es",
        "ent",
        "ez",
        "ons",
        "eons",
        "ee",
        "ees",
        "ait",
        "eait",
        "aient",
        "eaient",
        "ais",
        "ant",
        "eant",
        "era",
        "erai",
        "erez",
        "eront",
        "erait",
    ],
    "ir": [
        "ir",
        "i",
        "ie",
        "is",
        "ies",
        "it",
        "issent",
        "issez",
        "issons",
        "issait",
        "issant",
        "ira",
        "irai",
        "irez",
        "iront",
        "irait",
    ],
}
_FRENCH, _ENGLISH = Stemmer.Stemmer("french"), Stemmer.Stemmer("english")
_FAMILIES = Path(__file__).with_name("families.txt")


class Forms(NamedTuple):
    """A word's tokens. A stem carries the sign of its language, so that it never meets a word that only looks like it."""

    plain: str
    french: tuple[str, ...]
    english: tuple[str, ...]

    @property
    def stems(self) -> tuple[str, ...]:
        return self.french + self.english


@lru_cache(30_000)
def forms(word: str) -> Forms:
    """The tokens of one word (lower case, accents kept)."""
    plain = fold(word)
    if not plain.isalpha() or not plain.isascii():  # a number, a code, another script
        return Forms(plain, (), ())
    french, english = _known("fr", plain), _known("en", plain)
    return Forms(
        plain,
        tuple(f"={stem}" for stem in french[:1] or _apart(english, plain) or _french(word, plain)),
        tuple(f":{stem}" for stem in english[:1] or _apart(french, plain) or [_english(plain)]),
    )


def _known(language: str, plain: str) -> tuple[str, ...]:
    """The stem families.txt gives the word, and the sign of its line; nothing for a word that is not there."""
    families = _families()
    return families[language].get(plain) or families["both"].get(plain) or ()


def _apart(known: tuple[str, ...], plain: str) -> list[str]:
    """For a word kept apart in the one language, the other's stemmer would know no better: `news` is no `new`."""
    sign = known[1] if known else ""
    return [plain] if sign == "*" else [_singular(plain)] if sign == "!" else []


def _french(word: str, plain: str) -> list[str]:
    """The stem of the word and of the word typed without accents: the stemmer reads accents, people do not type them."""
    return list(dict.fromkeys(_bounded(fold(_FRENCH.stemWord(form)), plain, "fr") for form in (word, plain)))


def _english(plain: str) -> str:
    return _bounded(_ENGLISH.stemWord(plain), plain, "en")


def _bounded(stem: str, plain: str, language: str) -> str:
    return stem if len(stem) >= _SHORTEST_STEM[language] else _singular(plain)


def _singular(plain: str) -> str:
    return plain[:-1] if len(plain) >= 4 and plain[-1] in "sx" and plain[-2] != "s" else plain


@lru_cache(1)
def _families() -> dict[str, dict[str, tuple[str, str]]]:
    """word -> (the stem of its family, the sign of the line), for what the stemmers get wrong; see families.txt."""
    known: dict[str, dict[str, tuple[str, str]]] = {"fr": {}, "en": {}, "both": {}}
    plurals: list[tuple[str, str, tuple[str, str]]] = []
    language = "fr"
    for line in _FAMILIES.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            language = line.strip("[]")
        elif members := line.partition("#")[0].split():
            for word, stem, sign in _family(members, language):
                known[language][word] = (stem, sign)
                plurals += [(language, f"{word}s", (stem, sign))] if sign != "*" else []
    for language, word, stem_and_sign in plurals:
        known[language].setdefault(word, stem_and_sign)
    return known


def _family(members: list[str], language: str) -> Iterator[tuple[str, str, str]]:
    sign = members.pop(0) if members[0] in ("*", "!", "+") else ""
    words = [fold(word) for word in members]
    if sign == "*":  # each stands for itself
        yield from ((word, word, sign) for word in words)
    elif sign == "!":  # together, and apart from all others
        yield from ((word, f"!{words[0]}", sign) for word in words)
    elif sign == "+":  # the regular forms of each verb
        yield from ((verb[:-2] + end, f"!{verb}", sign) for verb in words for end in _REGULAR[verb[-2:]])
    else:
        stem = _english(words[0]) if language == "en" else _french(members[0], words[0])[0]
        yield from ((word, stem, sign) for word in words)
