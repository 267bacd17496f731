"""Cut a text into words as a searcher means them: elision, apostrophes, hyphens, case, accents and ligatures put aside."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

LONGEST = 40  # letters of a word that count: longer ones are codes, or noise
_ACCENTS = "\u0300-\u036f"  # as signs of their own, behind their letter
_HIDDEN = "\u00ad\u200b\u200c\u200d\u2060"  # soft hyphen and signs without width: nobody sees them
_JOINT = "-‐‑'’‘ʼ´`" + _HIDDEN
_WORD = re.compile(rf"[^\W_]+(?:[{_JOINT}{_ACCENTS}]+[^\W_]+)*[{_ACCENTS}]*")
_UNSEEN = re.compile(f"[{_HIDDEN}]+")
_SPLIT = re.compile("([-‐‑'’‘ʼ´`])[-‐‑'’‘ʼ´`]*")
_ELIDED = frozenset(
    ["l", "d", "j", "m", "t", "s", "n", "c", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu", "quelqu", "presqu"]
)
_CONTRACTED = frozenset(["s", "t", "re", "ve", "ll", "m", "d"])  # it's, don't, we've
_SIGNS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})


class Found(NamedTuple):
    """One word of a text: where it stands, and the parts it is looked up by."""

    start: int
    end: int
    parts: tuple[str, ...]  # lower case, accents kept


def words(text: str) -> Iterator[Found]:
    """The words of a text in order. `l’électricité` is one part, `porte-monnaie` two."""
    for match in _WORD.finditer(text):
        word = match.group()
        # A giant is cut anew each time: the cache must not fill with what comes once.
        yield Found(match.start(), match.end(), (_parts if len(word) <= 80 else _parts.__wrapped__)(word))


def counted(text: str) -> Counter[tuple[str, ...]]:
    """How often each word is said, by the parts it is looked up by."""
    said: Counter[tuple[str, ...]] = Counter()
    for word, times in Counter(_WORD.findall(text)).items():
        said[(_parts if len(word) <= 80 else _parts.__wrapped__)(word)] += times
    return said


def fold(word: str) -> str:
    """Letters and digits only, without case, accents or ligatures: `Dégâts` and `degats` are one."""
    if word.isascii():
        plain = word.lower()
    else:
        loose = unicodedata.normalize("NFKD", word.casefold().translate(_SIGNS))
        plain = "".join(sign for sign in loose.casefold() if sign.isalnum())
    return plain[:LONGEST]


@lru_cache(30_000)
def _parts(word: str) -> tuple[str, ...]:
    if word.isascii() and word.isalnum():
        return (word[:LONGEST].lower(),)
    pieces = _SPLIT.split(unicodedata.normalize("NFC", _UNSEEN.sub("", word)).lower())
    parts, joints = pieces[::2], [sign not in "-‐‑" for sign in pieces[1::2]]
    if len(parts) > 1 and joints[-1] and parts[-1] in _CONTRACTED:
        parts.pop()
        joints.pop()
    kept = [
        part
        for place, part in enumerate(parts)
        if not (place < len(joints) and joints[place] and part in _ELIDED)
    ]
    return tuple(part[:LONGEST] for part in kept or parts if fold(part))
