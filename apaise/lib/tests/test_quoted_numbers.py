"""The numbers a text quotes, whatever they are called and however they are written."""

import pytest

from apaise.lib.quoted_numbers import quoted_numbers


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("mon numéro de contrat est le 4711", [("contract", "4711")]),
        ("Numéro de contrat : 884 120 selon elle", [("contract", "884120")]),
        ("Commande CMD-2026-0442 : la table", [("order", "20260442")]),
        ("Réf. cmd20260442, meuble abîmé", [("number", "20260442")]),
        ("Invoice INV-88213 charges me", [("invoice", "88213")]),
        ("on inv 88213 was never done", [("invoice", "88213")]),
        ("facture n° F-2026/118 du 12/11/2026 de 89,90 €", [("invoice", "2026118")]),
        ("parcel 6A 0441 7702 315, left", [("parcel", "604417702315")]),
        ("the pear one from batch L7742", [("serial", "L7742")]),
        ("rappelez au 06 12 34 56 78 ou +33 6 12 34 56 78", [("phone", "612345678")]),
        ("IBAN FR76 3000 6000 0112 3456 7890 189", [("account", "FR7630006000011234567890189")]),
        ("le 12 novembre 2026 à 14h30, 75011 Paris, 12345,67 €, 1 250 euros", []),
        ("votre référence R-2026-00417", []),
        ("", []),
    ],
)
def test_numbers_are_found_and_compared_without_signs(text, found):
    assert [tuple(number) for number in quoted_numbers(text)] == found


def test_a_text_full_of_numbers_gives_at_most_forty():
    assert len(quoted_numbers(" ".join(f"commande {number}" for number in range(100000, 100200)))) == 40
