"""Which language a mail is in, by its small words. A first guess, without tables to load."""

from __future__ import annotations

import re

_WORDS = {
    "fr": "le la les un une des du de et est en que qui ne pas plus je j vous nous votre vos mon ma mes ce cette ces"
    " pour avec sur dans par au aux il elle on suis ai été bonjour merci cordialement madame monsieur depuis toujours"
    " mais sans sont avez très aucun aucune rien quand cela ça c n l d qu s j'ai facture svp slt bjr pr ds vs tjs mrc",
    "en": "the a an and is are was were be been of to in that it i you your my we our this these for with on at by from"
    " not no have has had do does did will would can could should hello hi dear thank thanks regards please but if still",
    "de": "der die das den dem ein eine einen und ist sind war nicht ich sie wir ihr ihre mein meine mit für auf von zu"
    " im am bei auch noch nur sehr seit habe hat haben wurde werden bitte guten tag grüßen wenn dass kein keine",
    "es": "el la los las un una unos y es son de del que en no se con por para su mi más pero como hola gracias señor"
    " usted ustedes estoy tengo desde sin muy saludos también ha he han",
    "it": "il lo la gli le un una e è sono di del della che in non si con per mio vostra più ma come buongiorno grazie"
    " signore ho hanno sono molto saluti anche stato questo",
    "nl": "de het een en is zijn van dat in niet ik u uw wij mijn met voor op aan bij ook nog zeer heb heeft hebben"
    " geen maar als dag groet alvast bedankt",
    "pt": "o a os as um uma e é são de do da que em não se com por para meu minha mais mas como olá obrigado senhor"
    " estou tenho desde sem muito também foi",
    # Of these only words that the languages above do not know.
    "pl": "nie się że jest dzień dobry proszę dziękuję mój moja czy nadal już pozdrawiam jestem został państwo",
    "sv": "och jag inte är har för att hej tack på från mvh hälsningar fortfarande ni ert",
    "da": "og jeg ikke har hej tak på fra hilsen stadig jer blev efter af",
    "no": "og jeg ikke har hei takk på fra hilsen fortsatt dere ble etter av",
}  # fmt: skip
_WEIGHTS: dict[str, list[tuple[str, float]]] = {}
for _code, _list in _WORDS.items():
    for _word in set(_list.split()):
        _WEIGHTS.setdefault(_word, []).append((_code, 1.0))
for _entry in _WEIGHTS.values():
    # A word of one language alone says more than one that five of them share.
    _entry[:] = [(code, 1.0 / len(_entry) ** 1.5) for code, _ in _entry]
_LETTERS = {
    "fr": "çêàùèœ",
    "de": "ßäüö",
    "es": "ñ¿¡",
    "pt": "ãõ",
    "pl": "ąćęłńśźż",
    "sv": "å",
    "da": "æø",
    "no": "øå",
}
# Where the script alone tells; the first that is found in a sixth of the letters.
_SCRIPTS = [
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("ko", re.compile("[\uac00-\ud7a3]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
    ("uk", re.compile("[іїєґ]")),
    ("ru", re.compile("[а-яё]")),
    ("el", re.compile("[α-ωά-ώ]")),
    ("ar", re.compile("[\u0620-\u064a]")),
    ("he", re.compile("[\u05d0-\u05ea]")),
    ("th", re.compile("[\u0e01-\u0e3a]")),
]
_LETTER = re.compile(r"[^\W\d_]")
_TOKEN = re.compile(r"[^\W\d_]{1,20}")
_READ = 3_000  # letters
_LEAST = 1.0
_LEAD = 1.25


def guess(text: str) -> str:
    """ISO 639-1, or "und" when the words do not tell."""
    text = text[:_READ].lower()
    if code := _by_script(text):
        return code
    scores = dict.fromkeys(_WORDS, 0.0)
    for word in _TOKEN.findall(text):
        for code, weight in _WEIGHTS.get(word, ()):
            scores[code] += weight
    for code, letters in _LETTERS.items():
        scores[code] += min(3, sum(text.count(letter) for letter in letters)) * 0.5
    (best, most), (_, second) = sorted(scores.items(), key=lambda item: -item[1])[:2]
    return best if most >= _LEAST and most >= _LEAD * second else "und"


def _by_script(text: str) -> str | None:
    if text.isascii():
        return None
    letters = len(_LETTER.findall(text))
    for code, script in _SCRIPTS:
        share = 20 if code == "uk" else 6  # its own letters are few among those it shares with Russian
        if len(script.findall(text)) * share > letters:
            return code
    return None
