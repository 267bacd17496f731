"""How a text is cut, folded and stemmed, and what a query asks."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apaise.lib.search.marks import passage
from apaise.lib.search.memory import Index, within_one_edit
from apaise.lib.search.query import parse
from apaise.lib.search.stems import forms
from apaise.lib.search.tokens import tokens
from apaise.lib.search.words import fold, words


def parts(text):
    return [found.parts for found in words(text)]


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("l’électricité", [("électricité",)]),
        ("jusqu'à l'an", [("à",), ("an",)]),
        ("Qu’il s’en aille", [("il",), ("en",), ("aille",)]),
        ("aujourd'hui", [("aujourd", "hui")]),
        ("porte-monnaie", [("porte", "monnaie")]),
        ("lave‑linge", [("lave", "linge")]),
        ("the customer's", [("the",), ("customer",)]),
        ("we don’t", [("we",), ("don",)]),
        ("rembour\u00adsement", [("remboursement",)]),
        ("de\u0301ga\u0302t", [("dégât",)]),
        ("CMD-2026-4711, n°12", [("cmd", "2026", "4711"), ("n",), ("12",)]),
        ("a_b jean.dupont@exemple.test", [("a",), ("b",), ("jean",), ("dupont",), ("exemple",), ("test",)]),
        ("— ' - ’’ 🙂", []),
    ],
)
def test_a_text_is_cut_into_words(text, cut):
    assert parts(text) == cut


@pytest.mark.parametrize(
    ("word", "plain"),
    [("DÉGÂT", "degat"), ("œuvre", "oeuvre"), ("Æquo", "aequo"), ("ﬁn", "fin"), ("Straße", "strasse"), ("x" * 99, "x" * 40)],
)  # fmt: skip
def test_case_accents_and_ligatures_are_folded(word, plain):
    assert fold(word) == plain


def test_a_number_and_a_code_have_no_other_forms():
    assert forms("4711").stems == forms("r2d2").stems == forms("你好").stems == ()


def test_a_text_is_stemmed_in_its_own_language_and_in_both_when_it_does_not_tell():
    french = tokens("Je ne suis pas venu pour le moteur et la pompe de la maison")
    english = tokens("The engine of the house was not in order and the pump is broken")
    assert not {token for token in french if token.startswith(":")}
    assert not {token for token in english if token.startswith("=")}
    assert {token[0] for token in tokens("moteur engine") if token[0] in "=:"} == {"=", ":"}


def test_small_words_are_left_out_beside_others_and_kept_alone():
    assert [term.plain for term in parse("panne de la chaudière")] == ["panne", "chaudiere"]
    assert [term.plain for term in parse("la")] == ["la"]


def test_only_the_last_word_is_a_beginning_and_only_from_four_letters_on():
    assert [term.prefixes for term in parse("rembours colis")] == [(), ("colis", "rembourscolis")]
    assert [term.prefixes for term in parse("col")] == [()]
    assert [term.prefixes for term in parse("colis de")] == [()]


def test_a_query_is_short_whatever_is_typed():
    assert len(parse("mot" + " mot".join(map(str, range(900))))) == 24
    assert parse("'\"*-()") == []


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("facture", "factures", True), ("facture", "factre", True), ("facture", "faxture", True), ("facture", "facutre", True),
        ("facture", "facture", True), ("facture", "fcature", True), ("facture", "fracturer", False), ("facture", "facuter", False),
        ("facture", "ecaftur", False), ("abcdef", "badcef", False),
    ],
)  # fmt: skip
def test_one_edit_is_a_letter_added_lost_changed_or_two_neighbours_swapped(one, other, near):
    assert within_one_edit(one, other) is within_one_edit(other, one) is near


def test_a_passage_shows_the_words_around_the_best_match_and_marks_them():
    text = (
        "Bonjour.\n\n"
        + "rien à dire ici " * 40
        + "mais un dégât des eaux, et les dégâts restent. "
        + "fin " * 80
    )
    shown = passage(text, parse("degat eaux"))
    assert [piece.text for piece in shown.pieces if piece.matches] == ["dégât", "eaux", "dégâts"]
    assert shown.met == 2
    assert shown.text.startswith("… ") and shown.text.endswith(" …")
    assert len(shown.text) < 220
    assert passage(text, parse("chaudière")) is None


def test_a_short_text_is_shown_whole():
    assert passage("Colis  perdu", parse("perdu")).text == "Colis perdu"


@given(st.text(max_size=80), st.text(max_size=80))
@settings(max_examples=150, deadline=None)
def test_any_text_can_be_indexed_asked_and_shown(text, query):
    index = Index()
    index.add(1, text)
    found = bool(index.search(query))
    assert {token for token in tokens(text) if not token or set(token) & set(" '\"\\*()&|<>")} == set()
    shown = passage(text, parse(query))
    if found:
        assert shown is not None and shown.met == len(parse(query))
    if shown:
        assert shown.text.strip("… ") in " ".join(text.split())
