import pytest

from apaise.lib.language.sentences import first_sentence


@pytest.mark.parametrize(
    "text, said",
    [
        ("Bonjour, personne n'est venu le 12 novembre. J'attends.", "Personne n'est venu le 12 novembre."),
        ("Bonjour Madame, Monsieur, rien reçu ! Merci.", "Rien reçu !"),
        ("Bonjour je n'ai rien reçu, j'attends. Merci.", "Bonjour je n'ai rien reçu, j'attends."),
        ("Bonjour personne n'est venu. J'attends.", "Bonjour personne n'est venu."),
        ("Bonjour Madame Dupont\nma box est en panne.", "Bonjour Madame Dupont ma box est en panne."),
        ("Bonjour Mme Dupont,\n\nMa box est en panne.", "Ma box est en panne."),
        ("Dear Sir or Madam,\n\nNobody came.", "Nobody came."),
        ("Hello there! Nobody came on 12 November! I'm waiting.", "Nobody came on 12 November!"),
        ("Bonsoir à tous. Rien reçu", "Rien reçu"),
        ("Monsieur, je vous écris : rien.", "Je vous écris : rien."),
        ("Bonjour", ""),
    ],
)
def test_the_first_sentence_is_quoted_whole_without_the_greeting(text, said):
    assert first_sentence(text) == said
