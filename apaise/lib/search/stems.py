"""What a word is looked up by: itself, and the stem it shares with its inflected forms."""

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import Stemmer

from apaise.lib.search.words import fold

# Snowball goes too far with short words (`offer` and `off`, `mois` and `moi`): what would leave less than this keeps
# all but its plural.
_SHORTEST_STEM = 4
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
    families = _families()
    if plain in families["both"]:
        key = families["both"][plain]
        return Forms(plain, (f"={key}",), (f":{key}",))
    french, english = families["fr"].get(plain), families["en"].get(plain)
    if french is None and english is None:
        return Forms(plain, tuple(f"={stem}" for stem in _french(word, plain)), (f":{_english(plain)}",))
    # A word known in one language is not cut by the other's stemmer, which would know no better: `news` is no `new`.
    return Forms(plain, (f"={french or plain}",), (f":{english or plain}",))


def _french(word: str, plain: str) -> list[str]:
    """The stem of the word and of the word typed without accents: the stemmer reads accents, people do not type them."""
    return list(dict.fromkeys(_bounded(fold(_FRENCH.stemWord(form)), plain) for form in (word, plain)))


def _english(plain: str) -> str:
    return _bounded(_ENGLISH.stemWord(plain), plain)


def _bounded(stem: str, plain: str) -> str:
    return stem if len(stem) >= _SHORTEST_STEM else _singular(plain)


def _singular(plain: str) -> str:
    return plain[:-1] if len(plain) >= 4 and plain[-1] in "sx" and plain[-2] != "s" else plain


@lru_cache(1)
def _families() -> dict[str, dict[str, str]]:
    """word -> the stem of its family, for the words the stemmers get wrong (families.txt says how it is written)."""
    known: dict[str, dict[str, str]] = {"fr": {}, "en": {}, "both": {}}
    language = "fr"
    for line in _FAMILIES.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            language = line.strip("[]")
        elif members := line.partition("#")[0].split():
            known[language].update(_family(members, language))
    return known


def _family(members: list[str], language: str) -> dict[str, str]:
    if members[0] == "*":  # each stands for itself
        return {fold(word): fold(word) for word in members[1:]}
    if members[0] == "!":  # together, and apart from all others
        return dict.fromkeys((fold(word) for word in members[1:]), f"!{fold(members[1])}")
    head = members[0]
    stem = _english(fold(head)) if language == "en" else _french(head, fold(head))[0]
    return dict.fromkeys((fold(word) for word in members), stem)
