"""Facts are asked for; opinions are pointed out."""

import pytest

from apaise.handling.contributions.factual import opinions_in


def words(text):
    return [one.words for one in opinions_in(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Passé le 12 novembre à 9 h 10, porte close, ticket 4711.", []),
        ("À mon avis le client exagère, comme d’habitude.", ["À mon avis", "exagère", "comme d’habitude"]),
        ("I think he is rude.", ["I think", "rude"]),
        ("Cœur de réseau coupé ; évidemment personne n'a appelé.", ["évidemment"]),
        ("Il est menteur", ["menteur"]),
    ],
)
def test_words_that_judge_are_found_where_they_stand(text, found):
    assert words(text) == found
    assert [text[one.start : one.end] for one in opinions_in(text)] == found


def test_what_somebody_else_said_is_left_alone():
    assert words("Le client a dit « vous êtes incompétent » à 9 h.") == []


def test_a_part_of_a_word_is_no_opinion():
    assert words("Abusif n'est pas dit. Mentions légales. Rudesse.") == []
