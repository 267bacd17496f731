"""Two stories of one incident are alike, two incidents of one kind are not."""

from apaise.lib.likeness import alike, expected, features, stems, vector


def of(text):
    return vector(features(text), expected)


def test_what_is_said_in_every_complaint_tells_nothing():
    assert stems("Bonjour, je suis votre client et ce n'est pas normal, merci de votre réponse.") == [
        "normal"
    ]


def test_accents_capitals_and_endings_make_no_difference():
    assert stems("Dégâts réparés") == stems("DEGAT réparé")


def test_the_same_story_is_the_same_and_another_one_is_not():
    one = of("Le canapé Oslo est arrivé en vert, il manque deux pieds.")
    assert alike(one, one) > 0.999
    assert alike(one, of("Ma facture de gaz a triplé cet hiver à Aurillac.")) == 0


def test_a_rare_word_in_common_counts_more_than_a_usual_one():
    one = of("technicien facture Belvédère")
    assert alike(one, of("Belvédère ascenseur")) > alike(one, of("facture ascenseur"))


def test_no_words_are_like_nothing():
    assert of("") == {}
    assert alike(of(""), of("canapé")) == 0


def test_a_story_of_any_length_is_kept_short():
    assert len(of(" ".join(f"mot{chr(97 + n % 26)}{chr(97 + n // 26 % 26)}xyz" for n in range(5000)))) == 72
