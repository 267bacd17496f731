"""Where a text names a person: full name in either order, or a title and the family name. Accents and case do not count."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from apaise.lib.language.folding import folded

_WORD = re.compile(r"[^\W\d_]+")
_TITLES = frozenset(
    [
        "mr",
        "mme",
        "mlle",
        "mrs",
        "ms",
        "miss",
        "dr",
        "monsieur",
        "madame",
        "mademoiselle",
        "docteur",
        "mister",
    ]
)
# One is greeted or thanked by name without being complained about. Looked for in folded text.
_GREETED = re.compile(
    r"(?:^|[\n.!?;,:])\s*(?:(?:re)?bonjour|bonsoir|chere?s?|dear|hello|hi|good (?:morning|afternoon|evening)|a l'attention de)"
    r"[ ,]*$"
)
_THANKED = re.compile(r"\b(?:merci(?: beaucoup| bien)?(?: a)?|remercier?|thank you|thanks(?: to)?)[ ,]*$")
_GREETING_ENDS = re.compile(r"[ \t]*(?:[,;:!.\n\r]|$)")


class Named(NamedTuple):
    """A person by their key, and where the text names them: code points of the text as given."""

    who: int
    start: int
    end: int


class _Word(NamedTuple):
    as_written: str
    said: str  # folded
    start: int
    end: int


class _Text(NamedTuple):
    words: list[_Word]
    at: dict[str, list[int]]  # places of each word


def people_named(
    text: str,
    people: Mapping[int, str],
    *,
    familiar: Collection[int] = (),
    shared_names: Iterable[str] = (),
) -> list[Named]:
    """The first place at which each of `people` (key -> "First Family") is named, greetings and thanks left out.

    familiar       those of whom the writer may well say the first or the family name alone
    shared_names   names that are somebody else's here, such as the writer's: only a full name counts beside them"""
    read = _read(text)
    shared = {word for name in shared_names for word in _words(name)}
    found: list[Named] = []
    for who, name in people.items():
        parts = _words(name)
        if len(parts) < 2:
            continue
        places = set(_full(read, parts))
        if not shared.intersection(parts[1:]):
            places |= set(_titled(read, parts))
        if who in familiar:
            places |= set(_bare(read, [part for part in parts if part not in shared and len(part) > 2]))
        said = (place for place in sorted(places) if not _is_politeness(text, *place))
        found += [Named(who, *place) for place in said][:1]
    return sorted(found, key=lambda one: one.start)


def _read(text: str) -> _Text:
    words = [_Word(found[0], folded(found[0]), *found.span()) for found in _WORD.finditer(text)]
    at: dict[str, list[int]] = {}
    for place, word in enumerate(words):
        at.setdefault(word.said, []).append(place)
    return _Text(words, at)


def _words(name: str) -> list[str]:
    return [folded(word) for word in _WORD.findall(name)]


def _tails(parts: list[str]) -> list[list[str]]:
    # "Jean-Marc Le Goff": the first word is a first name, the second may be.
    return [parts[at:] for at in range(1, len(parts))]


def _full(read: _Text, parts: list[str]) -> Iterator[tuple[int, int]]:
    for order in (parts, *([*tail, *parts[: -len(tail)]] for tail in _tails(parts))):
        for place in _where(read, order):
            first = place - 1 if _has_title(read, place) else place
            yield read.words[first].start, read.words[place + len(order) - 1].end


def _titled(read: _Text, parts: list[str]) -> Iterator[tuple[int, int]]:
    for tail in _tails(parts):
        for place in _where(read, tail):
            if _has_title(read, place):
                yield read.words[place - 1].start, read.words[place + len(tail) - 1].end


def _bare(read: _Text, parts: list[str]) -> Iterator[tuple[int, int]]:
    for part in parts:
        for place in read.at.get(part, ()):
            if read.words[place].as_written[0].isupper():
                yield read.words[place].start, read.words[place].end


def _where(read: _Text, order: list[str]) -> Iterator[int]:
    for place in read.at.get(order[0], ()):
        if [word.said for word in read.words[place : place + len(order)]] == order:
            yield place


def _has_title(read: _Text, place: int) -> bool:
    if place == 0:
        return False
    title, name = read.words[place - 1], read.words[place]
    # "M. Roy" but not the metres of "5 m. Roy".
    return (title.said in _TITLES or title.as_written == "M") and name.start - title.end <= 2


def _is_politeness(text: str, start: int, end: int) -> bool:
    before = folded(text[max(0, start - 60) : start])
    if _THANKED.search(before):
        return True
    return bool(_GREETED.search(before) and _GREETING_ENDS.match(text, end))
