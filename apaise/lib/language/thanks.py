"""Is a message nothing but thanks? Then it asks for nothing, and no clock, state or question need move for it.

Every word must belong to thanking, greeting or taking leave, and one must thank: a single word outside, such as
“rembourser” or “mais”, and somebody wants something. To miss thanks costs a glance; to take a request for thanks
costs a customer."""

import re
from typing import Final

from apaise.lib.language.folding import folded

LONGEST: Final = 400  # thanks are short
_WORD = re.compile(r"[a-z]+")
_FACE = re.compile(
    "[\U0001f44d\U0001f44c\U0001f64f\U0001f600-\U0001f60d\U0001f642\U0001f643\U0001f917\u2764\ufe0f\u263a\U0001f339\U0001f490\u2728]|:-?\\)|;-?\\)|\\^\\^"
)
_ASKS = re.compile(r"[?？]|\d|[^\W\d_]@|https?:|www\.")
_THANKS: Final = frozenset(
    [
        "merci",
        "mercis",
        "remercier",
        "remercie",
        "remercions",
        "remerciements",
        "thanks",
        "thank",
        "thx",
        "thankyou",
        "ty",
        "cheers",
        "danke",
        "dank",
        "bedankt",
        "gracias",
        "grazie",
        "obrigado",
        "obrigada",
        "tack",
        "takk",
        "tak",
        "dziekuje",
    ]
)
# Agreement: an answer, where a question was asked.
_ASSENT: Final = frozenset(
    [
        "ok",
        "okay",
        "oki",
        "d",
        "accord",
        "entendu",
        "oui",
        "si",
        "yes",
        "ja",
        "ca",
        "marche",
        "convient",
        "parfait",
        "parfaite",
        "tres",
        "bien",
        "perfect",
        "great",
        "fine",
        "alright",
        "note",
        "recu",
        "recue",
    ]
)
_ABOUT: Final = {
    "fr": """a au aux avec bcp bcq beaucoup bien bon bonne bonnes bonjour bonsoir cordialement cordiales cordiale c ce cela cet cette chaleureusement
    chaleureux chere cher comprehension continuation courtoisie d dans de des diligence disponibilite disponible du efficacite
    efficace ecoute encore en ensemble equipe est et etes etre excellente fin fois formidable franchement genial gentillesse
    gentil gentille grand grandement immense impeccable infiniment je journee j l la le les lors ma madame message mes messieurs
    mesdames mille mon monsieur nickel nous nouveau nouvelle patience plus pour precision precisions professionnalisme
    prompte rapide rapidement rapidite reactif reactive reactivite reconnaissant reconnaissante reponse respectueusement retour
    salutations sentiments meilleurs distingues sincere sinceres sincerement soiree soin super suis suivi sympathique temps toute
    toutes tous tout travail tres un une vif vifs vivement vos votre vous week weekend aide intervention information
    informations explication explications egalement aussi geste attention egard courriel mail appel amabilite service qualite
    ainsi que week end semaine apres midi bien top super genial vraiment rendu souci accueil salut coucou revoir bientot aimable""",
    "en": """a again all and answer appreciate appreciated attention best care day dear for fast from good great have hello help hi
    i in it kind kindest kindly lot lots many message million much my nice of patience prompt promptly quick quickly
    really regards reply response sincerely so speedy support team that the these this time to today truly very warm warmly weekend
    well wonderful you your yours been sir madam efficient excellent greatly most morning afternoon evening bye information
    effort efforts service is was are explanation understanding wishes lovely super perfect""",
    "de": """und fur ihre ihr die das der hilfe schnelle schnellen antwort vielen herzlichen sehr schon schone gruss grusse
    mit freundlichen freundliche hallo guten tag liebe viele nochmals ihnen unterstutzung bearbeitung team""",
    "es": """muchas mil por su la el los las ayuda respuesta rapida saludos cordiales un saludo buenos dias hola atencion
    gracias tan muy amable equipo""",
    "it": """mille tante per la il vostro vostra suo sua aiuto risposta rapida cordiali saluti buona giornata buongiorno
    disponibilita gentile molto""",
    "nl": "je u wel hartelijk voor uw de het snelle antwoord hulp met vriendelijke groet groeten dag fijne veel",
    "pt": "muito pela pelo a o sua ajuda resposta rapida cumprimentos bom dia atencao",
}  # fmt: skip
_ALLOWED: Final = frozenset(word for words in _ABOUT.values() for word in words.split()) | _THANKS
# Said with the same words, and no thanks: « merci de votre réponse rapide » waits for one.
_WAITS = re.compile(
    r"\b(?:merci (?:de|d) (?:votre|vos|ton|bien|me|nous|faire|une?|la|le)\b(?! (?:aide|ecoute|comprehension|patience|professionnalisme"
    r"|gentillesse|reactivite|efficacite|disponibilite|accueil|soutien|attention|diligence|amabilite|courtoisie|travail|explications?))"
    r"|d avance|par avance|in advance|looking forward|im voraus|en attente|dans l attente|ne\b|pas\b|non\b|no\b|not\b|nothing\b|rien\b|plus de\b)"
)
_NAME_LINE = re.compile(
    r"^(?:[^\W\d_]\.?|[^\W\d_][^\W\d_'’-]+)(?: (?:[^\W\d_]\.?|[^\W\d_][^\W\d_'’-]+)){0,3}$"
)
# « Bonjour Inès », « merci Madame Carlier »: whom they thank. A capital, then small letters: never words in capitals.
_NAMED = re.compile(
    r"\b((?i:bonjour|bonsoir|hello|hi|hey|dear|chère|cher|madame|monsieur|mme|mr|mrs|ms|merci|thanks|thank you|danke|gracias|grazie))"
    r"(?: [A-ZÀ-Ý][a-zà-ÿ]+(?:[-’'][A-ZÀ-Ý]?[a-zà-ÿ]+)?){1,2}(?= *(?:[,.!\n]|$|et\b|for\b|pour\b))"
)
_MOST_NAMES: Final = 2  # lines: a name, perhaps that of the company


def is_only_thanks(text: str, *, asked: bool = False) -> bool:
    """Whether these words thank and ask for nothing.

    asked   a question of ours is open: then agreement (“d’accord, merci”) is an answer, and more than thanks"""
    text = text.strip()
    if not text or len(text) > LONGEST:
        return False
    plain = _NAMED.sub(r"\1", _FACE.sub(" ", text))
    lines = [line.strip(" ,;.!–—-*_") for line in plain.splitlines()]
    lines = [line for line in lines if line]
    said = " ".join(lines)
    if not said or _ASKS.search(text):
        return False
    words = _words_without_names(lines)
    if not words or not _THANKS.intersection(words):
        return False
    if _WAITS.search(" ".join(words)):
        return False
    allowed = _ALLOWED if asked else _ALLOWED | _ASSENT
    return allowed.issuperset(words) and not (asked and _ASSENT.intersection(_first(words)))


def _words_without_names(lines: list[str]) -> list[str]:
    """The words, without the lines at the end that only name who writes."""
    names = 0
    while len(lines) > 1 and names < _MOST_NAMES and _is_name(lines[-1]):
        lines, names = lines[:-1], names + 1
    return [word for line in lines for word in _WORD.findall(folded(line))]


def _is_name(line: str) -> bool:
    plain = _WORD.findall(folded(line))
    return (
        bool(_NAME_LINE.match(line))
        and line[0].isupper()
        and not _THANKS.intersection(plain)
        and not (_ALLOWED | _ASSENT).issuperset(plain)
    )


def _first(words: list[str]) -> list[str]:
    return words[:3]
