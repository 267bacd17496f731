"""Answers written into the mail that is answered, in another colour: "Voir mes réponses en rouge ci-dessous".

No line tells them from the words they stand among, so that the whole is kept where the writer says they are there."""

from __future__ import annotations

import re

_SAYS_SO = re.compile(
    r"\b(?:(?:r[ée]ponses?|r[ée]ponds|commentaires?|remarques|annotations|compl[ée]ments|pr[ée]cisions)\b.{0,40}"
    r"\b(?:ci-dessous|plus bas|en (?:rouge|bleu|vert|gras|couleur|italique|majuscules)|dans (?:le|votre) (?:texte|mail|message|courriel|corps)"
    r"|[àa] la suite de (?:vos|chaque) questions?)"
    r"|(?:answers?|replies|comments?)\b.{0,40}\b(?:below|in[ -]?line|in (?:red|blue|green|bold|capitals))"
    r"|(?:antworten?|kommentare?|anmerkungen)\b.{0,40}\b(?:unten|im text|in (?:rot|blau|gr[üu]n))"
    r"|(?:respuestas?|comentarios)\b.{0,40}\b(?:abajo|m[áa]s abajo|en (?:rojo|azul|verde))"
    r"|(?:risposte|commenti)\b.{0,40}\b(?:sotto|in (?:rosso|blu|verde))"
    r"|antwoorden\b.{0,40}\b(?:hieronder|in het (?:rood|blauw|groen)))(?!.{0,40}:$)",
    re.IGNORECASE | re.MULTILINE,
)
# One of these is in whatever _SAYS_SO finds, and is looked for in less time.
_HINTS = (
    "pons", "pond", "comment", "remarq", "annot", "compl", "cision", "answer", "repl", "antwo", "anmerk", "respuest",
    "coment", "rispost",
)  # fmt: skip
_LAST_LINES = 5  # below it only a closing formula and a name
_LONGEST_CLOSING = 45


def are_answers_within(words: str) -> bool:
    """Whether the last of these words say that the answers stand further down, in the mail that is answered."""
    words = words[-1_000:]
    low = words.lower()
    if not any(hint in low for hint in _HINTS) or not _SAYS_SO.search(words):
        return False
    lines = [line.strip() for line in words.split("\n") if line.strip()][-_LAST_LINES:]
    for at, line in enumerate(lines):
        if _SAYS_SO.search(line[:300]):
            below = lines[at + 1 :]
            return all(len(one) <= _LONGEST_CLOSING and not any(map(str.isdigit, one)) for one in below)
    return False
