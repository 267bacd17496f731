"""French and English are equal: every sentence of code and pages has its French, set as a printer would."""

from django.utils import translation

from tools import messages


def test_the_catalogue_is_sound_and_compiled():
    """In step with code and pages, same placeholders, our typography, .mo made from this .po: `make messages`."""
    assert messages.faults() == []


def test_every_sentence_has_its_french():
    assert messages.missing() == []


def test_no_sentence_is_put_together_before_it_is_translated():
    assert messages.unmarked() == []


def test_english_needs_no_catalogue_of_its_own():
    with translation.override("en"):
        assert translation.gettext("Cases") == "Cases"
        assert translation.ngettext("%(num)s case", "%(num)s cases", 2) == "%(num)s cases"
    with translation.override("fr"):
        assert translation.gettext("Cases") == "Dossiers"
