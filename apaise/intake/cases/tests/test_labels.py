import pytest

from apaise.intake.cases.labels import labels_in, warning


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Encore ce râleur.", ["râleur"]),
        ("Deux RALEURS et une râleuse", ["RALEURS", "râleuse"]),
        ("Un casse pieds, un casse-pieds", ["casse pieds", "casse-pieds"]),
        ("He is a professional  complainer", ["professional  complainer"]),
        ("Le client est en colère : la fuite coule encore.", []),
        ("Il a parlé d'un dérailleur et de parasols.", []),
        ("", []),
    ],
)
def test_labels_are_found_as_whole_words_whatever_their_accents(text, found):
    assert labels_in(text) == found


def test_the_warning_names_them_and_says_who_reads_the_note():
    assert warning(["râleur"]).startswith("“râleur”: the customer reads this note if they ask for their data")
