"""The visiting card below a name: "Responsable achats / Groupe Fournil / Tél. 03 29 00 11 22".

A private person's address and telephone are part of a letter and stay. A card is known by all of this together: it
stands at the end, below the name of the sender alone on a line, and tells a trade or a company before it tells
where to call."""

from __future__ import annotations

import re

from apaise.lib.mime.history.about import About, words_of_name

_MOST_LINES = 12
_LONGEST = 90
_MOST_NAME_WORDS = 5
_CONTACT = re.compile(
    r"t[ée]l|fax|mob(?:ile)?\b|portable|phone|fon\b|e-?mail|www\.|https?://|@|[+(]?\d[\d\s.()/-]{7,}\d",
    re.IGNORECASE,
)
_HINT = re.compile(r"\d\d|@|www")  # a quick look, as most letters have none
_PLACE = re.compile(
    r"\d|r[ée]sidence|b[âa]t(?:iment)?\b|appt\b|appartement|lieu[- ]dit|lotissement|hameau|impasse|\b(?:rue|avenue|chemin|street|stra(?:ß|ss)e)\b|^chez\b",
    re.IGNORECASE,
)
# Of a customer, or of a sentence: nothing that a card says.
_OF_THE_WRITER = re.compile(
    r"\b(?:je|j['’]|m['’]|me|mes|nous|vous|votre|vos|client|cliente|dossier|contrat|commande|facture|r[ée]f[ée]rence|r[ée]f|adh[ée]rent|abonn[ée]"
    r"|i|my|you|your|customer|account|order|ich|ihre?|kunden\w*|p\.?\s?s)\b|n°|[?!…:]$|\S+\s\S+\s\S+\s\S+\.$",
    re.IGNORECASE,
)


def without_card(new: list[int], heads: list[str], about: About) -> list[int]:
    """The lines without the card below the sender's name; the name stays, as a letter ends with one."""
    said = [place for place, one in enumerate(new) if heads[one]][-_MOST_LINES:]
    if len(said) < 3 or not any(_HINT.search(heads[new[place]]) for place in said[2:]):
        return new
    names = about.names()
    for at, place in enumerate(said[:-2]):
        if at and _is_name(heads[new[place]], names) and not heads[new[said[at - 1]]].endswith(":"):
            card = [heads[new[one]] for one in said[at + 1 :]]
            return new[: place + 1] if _is_card(card) else new
    return new


def _is_name(line: str, names: frozenset[str]) -> bool:
    words = words_of_name(line)
    return 2 <= len(words) <= _MOST_NAME_WORDS and words <= names and len(line) <= _LONGEST


def _is_card(lines: list[str]) -> bool:
    if any(len(line) > _LONGEST or _OF_THE_WRITER.search(line) for line in lines):
        return False
    trade = any(not _PLACE.search(line) and not _CONTACT.search(line) for line in lines[:2])
    return trade and any(_CONTACT.search(line) for line in lines)
