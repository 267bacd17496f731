"""Who is named in a text."""

import pytest

from apaise.lib.language.people_named import people_named

PEOPLE = {1: "Inès Carlier", 2: "Jordan Maillet", 3: "Jean-Marc Le Goff", 4: "Paul Martin"}


def named(text, **more):
    return [(one.who, text[one.start : one.end]) for one in people_named(text, PEOPLE, **more)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Votre technicien Jordan MAILLET a tout cassé.", [(2, "Jordan MAILLET")]),
        ("MAILLET Jordan, dit le bon de visite, était là.", [(2, "MAILLET Jordan")]),
        ("Mme Carliér m'a raccroché au nez.", [(1, "Mme Carliér")]),
        ("J'ai eu mme ines carlier au téléphone.", [(1, "mme ines carlier")]),
        ("M. LE GOFF n'est pas venu.", [(3, "M. LE GOFF")]),
        ("Ni Monsieur Le Goff, ni Mr Maillet.", [(3, "Monsieur Le Goff"), (2, "Mr Maillet")]),
        ("Mr Maillet’s visit was a disgrace.", [(2, "Mr Maillet")]),
        ("Bonjour, M. Maillet a dit que tout allait bien.", [(2, "M. Maillet")]),
        ("Madame Carlier,\nInès Carlier a menti.", [(1, "Madame Carlier")]),
    ],
)
def test_a_person_is_found_by_a_full_name_or_a_title(text, found):
    assert named(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "Bonjour Madame Carlier,\nje suis furieux.",
        "Dear Ms Carlier, I am furious.",
        "Merci à Inès Carlier pour son aide.",
        "Thanks to Paul Martin it works.",
        "Maillet, c'est un joli village.",
        "Il manque 5 m. Maillet est loin.",
        "Jordan est une marque de chaussures.",
    ],
)
def test_greetings_thanks_and_words_that_may_mean_anything_name_nobody(text):
    assert named(text) == []


def test_a_name_the_writer_shares_counts_only_in_full():
    assert named("M. Martin est absent.", shared_names=["Claire Martin"]) == []
    assert named("Paul Martin est absent.", shared_names=["Claire Martin"]) == [(4, "Paul Martin")]


def test_of_people_the_writer_deals_with_one_name_is_enough():
    assert named("Encore Jordan ce matin.", familiar={2}) == [(2, "Jordan")]
    assert named("Une basket jordan.", familiar={2}) == []
