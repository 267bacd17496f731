"""Where a text says what was asked: the passage to show, with the words that matched."""

from collections.abc import Sequence
from typing import NamedTuple

from apaise.lib.search.query import Term
from apaise.lib.search.stems import forms
from apaise.lib.search.tokens import joined
from apaise.lib.search.words import words

LONGEST_READ = 20_000  # letters of a text looked through for a passage
BEFORE, AFTER = 60, 140  # letters shown around the first match


class Piece(NamedTuple):
    text: str
    matches: bool


class Passage(NamedTuple):
    pieces: list[Piece]
    met: int  # how many of the terms it meets

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)


def passage(text: str, terms: Sequence[Term]) -> Passage | None:
    """The part of the text around its best match, on one line; None when it meets no term."""
    text = " ".join(text[:LONGEST_READ].split())
    spots, met = _spots(text, terms)
    if not spots:
        return None
    start, end = _window(text, spots)
    return Passage(_pieces(text, start, end, [spot for spot in spots if start <= spot[0] < end]), met)


def _spots(text: str, terms: Sequence[Term]) -> tuple[list[tuple[int, int]], int]:
    """Where the words that meet a term stand, and how many terms are met."""
    wanted: dict[str, set[int]] = {}
    for place, term in enumerate(terms):
        for token in term.tokens:
            wanted.setdefault(token, set()).add(place)
    starts = [(start, place) for place, term in enumerate(terms) for start in term.prefixes]
    spots: list[tuple[int, int]] = []
    met: set[int] = set()
    for found in words(text):
        whole = [joined(found.parts)] if len(found.parts) > 1 else []
        tokens = [token for part in found.parts for token in (forms(part).plain, *forms(part).stems)] + whole
        places = {place for token in tokens for place in wanted.get(token, ())}
        places |= {place for start, place in starts for token in tokens if token.startswith(start)}
        if places:
            spots.append((found.start, found.end))
            met |= places
    return spots, len(met)


def _window(text: str, spots: list[tuple[int, int]]) -> tuple[int, int]:
    """The stretch with the most matches, cut at words."""
    long = BEFORE + AFTER
    first = max(spots, key=lambda one: (sum(one[0] <= spot[0] < one[0] + AFTER for spot in spots), -one[0]))
    start = max(0, min(first[0] - BEFORE, len(text) - long))
    end = min(len(text), start + long)
    if start:
        start = min(first[0], text.find(" ", start) + 1 or first[0])
    if end < len(text):
        end = max(first[1], text.rfind(" ", start, end))
    return start, end


def _pieces(text: str, start: int, end: int, spots: list[tuple[int, int]]) -> list[Piece]:
    pieces, at = [Piece("… ", False)] if start else [], start
    for from_, to in spots:
        if from_ > at:
            pieces.append(Piece(text[at:from_], False))
        pieces.append(Piece(text[from_:to], True))
        at = to
    if at < end:
        pieces.append(Piece(text[at:end], False))
    return [*pieces, Piece(" …", False)] if end < len(text) else pieces
