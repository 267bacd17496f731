"""English words that can be said in another language later."""

import pytest

from apaise.lib.sayable import either, said, sayable, terminal_language


def test_they_are_the_english_words_and_are_said_in_french_with_their_values():
    words = sayable("`%(key)s` is missing; add it", key="deadlines")
    assert words == "`deadlines` is missing; add it"
    assert said(words, "en") == words
    assert said(words, "fr").replace("\u202f", " ") == "il manque `deadlines` ; ajoutez-le"


def test_a_value_may_be_sayable_too():
    words = sayable(
        "%(text)s must be %(known)s", text="“x”", known=either([sayable("a map"), sayable("a list")])
    )
    assert words == "“x” must be a map or a list"
    assert said(words, "fr") == "“x” doit être une table ou une liste"


def test_what_the_catalogue_does_not_know_and_plain_text_stay_as_they_are():
    assert said(sayable("xyzzy 100 %"), "fr") == "xyzzy 100 %"
    assert said("plain", "fr") == "plain"
    assert said(sayable("`exists` is true or false"), "de") == "`exists` is true or false"


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "fr"),
        ({"LANG": "fr_FR.UTF-8", "LC_ALL": "C.UTF-8"}, "en"),
        ({"LC_MESSAGES": "fr_CA"}, "fr"),
        ({"LC_ALL": "", "LANG": "de_DE.UTF-8"}, "en"),
    ],
)
def test_a_terminal_asks_for_one_of_our_languages(environment, language):
    assert terminal_language(environment) == language
