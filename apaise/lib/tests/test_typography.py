"""Exact marks, nothing twice, nothing inside an address or a tag. ~ stands for U+00A0 and ^ for U+202F below."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from apaise.lib.typography import english, french, typeset


def spaced(text: str) -> str:
    return text.replace("~", "\u00a0").replace("^", "\u202f")


FRENCH = [
    ("Est-ce bien cela ?", "Est-ce bien cela^?"),
    ("Est-ce bien cela?", "Est-ce bien cela^?"),
    ("Quoi ?!", "Quoi^?!"),
    ("Promesse tenue : vérifiée", "Promesse tenue~: vérifiée"),
    ("Promesse tenue: vérifiée", "Promesse tenue~: vérifiée"),
    ("prêt; fini !", "prêt^; fini^!"),
    ("« Oui, c'est ça. »", "«~Oui, c’est ça.~»"),
    ("«Oui»", "«~Oui~»"),
    ('Elle écrit : "je pars", puis attend.', "Elle écrit~: «~je pars~», puis attend."),
    ("l'offre d'Inès", "l’offre d’Inès"),
    ("38,90 € et 71 % et 180€", "38,90~€ et 71~% et 180~€"),
    ("1 240 dossiers", "1^240 dossiers"),
    ("12 345 678,90 €", "12^345^678,90~€"),
    ("en 2026 120 dossiers", "en 2026 120 dossiers"),
    ("à 14 h 06", "à 14~h~06"),
    ("ven. 20 nov., 21 h 47", "ven. 20~nov., 21~h~47"),
    ("(14h06)", "(14~h~06)"),
    ("à 14h06", "à 14~h~06"),
    ("demain, 18 h.", "demain, 18~h."),
    ("16h", "16~h"),
    ("le 4 décembre 2026", "le 4~décembre 2026"),
    ("le 1 décembre", "le 1er~décembre"),
    ("le 1er déc.", "le 1er~déc."),
    ("le 21 janv. et le 11 mai", "le 21~janv. et le 11~mai"),
    ("le 2 maisons", "le 2 maisons"),
    ("n° 12", "n°~12"),
    ("Nom, numéro...", "Nom, numéro…"),
    ("01 99 00 12 34", "01 99 00 12 34"),
    ("de 10:30 à 11:45", "de 10:30 à 11:45"),
    ("(?) et (!)", "(?) et (!)"),
]


@pytest.mark.parametrize(("typed", "set_"), FRENCH)
def test_french_is_set_as_a_printer_would(typed, set_):
    assert french(typed) == spaced(set_)


@pytest.mark.parametrize(
    "safe",
    [
        "https://exemple.fr/suivi?r=R-2026-04817&t=1;2!",
        "https://exemple.fr/a'b",
        "www.exemple.fr/?q=1",
        "l.o'neill@exemple.fr".replace("'", ""),
        '<a href="/suivi?r=1;2" title="Quoi ? 14 h 06">',
        "<code>x = 'a' ? 1 : 2</code>",
        "<!-- vu ? -->",
        "&nbsp;&#39;&eacute;",
        "%(name)s",
        "{count}",
        "/desk/cases?page=2",
    ],
)
def test_addresses_tags_code_and_placeholders_stay_as_they_are(safe):
    assert french(safe) == safe
    assert english(safe) == safe


def test_the_words_around_an_address_or_a_tag_are_still_set():
    assert french("Voir https://exemple.fr/x?a=1 ; merci !") == spaced(
        "Voir https://exemple.fr/x?a=1^; merci^!"
    )
    assert french("<b>Pontet</b> : d'accord ?") == spaced("<b>Pontet</b>~: d’accord^?")
    assert french("Écrivez à aide@exemple.fr !") == spaced("Écrivez à aide@exemple.fr^!")
    assert french('<q>"Oui"</q>') == spaced("<q>«~Oui~»</q>")


def test_placeholders_count_as_words_and_numbers():
    assert french("Confier à %(name)s ?") == spaced("Confier à %(name)s^?")
    assert french("%(share)s %% des dossiers à %(hour)s h") == spaced(
        "%(share)s~%% des dossiers à %(hour)s~h"
    )
    assert french("à %(hour)s h %(minute)s") == spaced("à %(hour)s~h~%(minute)s")
    assert french("le %(day)s décembre") == spaced("le %(day)s~décembre")


@pytest.mark.parametrize(
    ("typed", "set_"),
    [
        ("We didn't call.", "We didn’t call."),
        ('She wrote "I want to leave" twice.', "She wrote “I want to leave” twice."),
        ("the customers' words", "the customers’ words"),
        ("She said 'no', then left.", "She said ‘no’, then left."),
        ('<b>"Yes"</b>', "<b>“Yes”</b>"),
        ("Loading...", "Loading…"),
        ("before 4 pm", "before 4~pm"),
        ("Why: because! Really?", "Why: because! Really?"),
        ("€38.90, 71%, 14:06", "€38.90, 71%, 14:06"),
    ],
)
def test_english_gets_curly_quotes_and_no_french_spaces(typed, set_):
    assert english(typed) == spaced(set_)


def test_the_language_decides_and_an_unknown_one_changes_nothing():
    assert typeset("l'été !", "fr-ca") == spaced("l’été^!")
    assert typeset("Why 'so'!", "en-gb") == "Why ‘so’!"
    assert typeset("L'estate !", "it") == "L'estate !"


PIECES = [
    *"aàé1234 h%€:;!?.«»\"'’<>/&@(),\n",
    "\u00a0",
    "\u202f",
    "14 h 06",
    "2 décembre",
    "%(n)s",
    "<b>",
    "https://a.fr",
    "...",
]
TEXT = st.lists(st.sampled_from(PIECES), max_size=16).map("".join)


@settings(max_examples=300, deadline=None)
@example('"«"a""')
@given(TEXT)
def test_setting_twice_is_setting_once(text):
    assert french(french(text)) == french(text)
    assert english(english(text)) == english(text)


@settings(max_examples=300, deadline=None)
@given(TEXT)
def test_only_spaces_and_quotes_ever_change(text):
    assert _words(french(text)) == _words(text)
    assert _words(english(text)) == _words(text)


@settings(max_examples=300, deadline=None)
@given(TEXT)
def test_two_words_are_never_joined(text):
    assert len(re.findall(r"\w+", french(text))) >= len(re.findall(r"\w+", text))
    assert len(re.findall(r"\w+", english(text))) >= len(re.findall(r"\w+", text))


def _words(text: str) -> str:
    return "".join(c for c in text.replace("...", "…") if c.isalnum() or c in "€%&/<>@:;!?…")
