"""Nothing but thanks, or more: what people write after an answer. T lines thank; N lines want something.

The first file was looked at while the rules were made; the second was not."""

from pathlib import Path

import pytest

from apaise.lib.language.thanks import is_only_thanks

DATA = Path(__file__).parent / "data"


def lines(name):
    rows = (DATA / name).read_text(encoding="utf-8").splitlines()
    return [(row[0] == "T", row[2:].replace("\\n", "\n")) for row in rows]


@pytest.mark.parametrize("name", ["thanks_tuned.txt", "thanks_unseen.txt"])
def test_nothing_that_is_wanted_is_taken_for_thanks(name):
    assert [text for thanks, text in lines(name) if not thanks and is_only_thanks(text)] == []


def test_thanks_are_known():
    assert [text for thanks, text in lines("thanks_tuned.txt") if thanks and not is_only_thanks(text)] == []


def test_most_thanks_that_were_not_looked_at_are_known():
    known = [is_only_thanks(text) for thanks, text in lines("thanks_unseen.txt") if thanks]
    assert sum(known) >= 0.8 * len(known)


@pytest.mark.parametrize("text", ["D'accord, merci", "Ok merci", "Oui, merci", "Parfait merci"])
def test_agreement_is_an_answer_where_something_was_asked(text):
    assert not is_only_thanks(text, asked=True)
    assert is_only_thanks("Merci beaucoup !", asked=True)


def test_a_long_text_is_never_only_thanks():
    assert not is_only_thanks("merci " * 100)


def test_crafted_words_cost_nothing():
    assert not is_only_thanks("Merci " + "A" * 390)
