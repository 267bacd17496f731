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
    r"\bt[ée]l|fax|mob(?:ile)?\b|portable|phone|fon\b|e-?mail|www\.|https?://|@|[+(]?\d[\d\s.()/-]{7,}\d",
    re.IGNORECASE,
)
_HINT = re.compile(r"\d\d|@|www")  # a quick look, as most letters have none
_CLOSING = re.compile(
    r"(?:(?:bien |tr[èe]s )?cordialement|cdl?t|bien (?:cordialement )?[àa] (?:vous|toi)|(?:sinc[èe]res|meilleures|respectueuses) salutations|sinc[èe]rement|respectueusement|salutations(?: distingu[ée]es)?|amicalement|[àa] bient[ôo]t|(?:bonne|belle) (?:journ[ée]e|r[ée]ception|soir[ée]e)"
    r"|(?:kind|best|warm(?:est)?|many)? ?(?:regards|wishes)|sincerely(?: yours)?|yours(?: (?:sincerely|faithfully|truly))?|(?:many )?thanks|cheers|(?:mit )?(?:freundlichen?|besten?|sch[öo]nen?|liebe[nr]?|viele[nr]?|herzlichen?) (?:gr[üu](?:ß|ss)en?|gru(?:ß|ss))|(?:ein |un )?(?:cordial[ei]?|distinti|cordiali|saluto) ?(?:salut[io]|saluto)?|(?:un )?cordial(?:e)? saluto"
    r"|(?:un )?(?:cordial )?saludos?(?: cordial(?:es)?)?|atentamente|(?:com os )?(?:melhores )?cumprimentos|atenciosamente|met (?:vriendelijke|hartelijke) groet(?:en)?|(?:z )?(?:powa[żz]aniem|wyrazami szacunku)|pozdrawiam|(?:med )?(?:v[äa]nlig[a]?|vennlig|venlig|b[äa]sta) h[äi]ls(?:e)?n(?:ing(?:ar)?)?|mvh|med venlig hilsen)[\s,.!;]{0,3}",
    re.IGNORECASE,
)
_NAME_LINE = re.compile(
    r"(?:(?i:p/o|p\.o\.|i\.a\.|mme|m\.|mr\.?|mrs\.?|ms\.?|dr\.?|herr|frau|me|ma[îi]tre|ing\.|eng\.º?|sig\.(?:ra)?|d\.) ){0,2}[A-ZÀ-Ý][\w'’.-]{0,24}(?:[ -](?:[A-ZÀ-Ý][\w'’.-]{0,24}|de|du|la|le|van|von|den|der|di|da|d['’][A-ZÀ-Ý]\w{1,20})){0,4}"
)
_PLACE = re.compile(
    r"\d|r[ée]sidence|b[âa]t(?:iment)?\b|appt\b|appartement|lieu[- ]dit|lotissement|hameau|impasse|\b(?:rue|avenue|chemin|street|stra(?:ß|ss)e)\b|^chez\b",
    re.IGNORECASE,
)
# Of a customer, or of a sentence: nothing that a card says.
_OF_THE_WRITER = re.compile(
    r"\b(?:je|j['’]|m['’]|me|mes|nous|vous|votre|vos|client|cliente|dossier|contrat|commande|facture|r[ée]f[ée]rence|r[ée]f|adh[ée]rent|abonn[ée]"
    r"|i|my|you|your|customer|account|order|ich|ihre?|kunden\w*|p\.?\s?s)\b|n°|[?!…:]$|\S+\s\S+\s\S+\s[^\s.]{4,40}\.$",
    re.IGNORECASE,
)


def without_card(new: list[int], heads: list[str], about: About) -> list[int]:
    """The lines without the card below the sender's name; the name stays, as a letter ends with one."""
    said = [place for place, one in enumerate(new) if heads[one]][-_MOST_LINES:]
    if len(said) < 3 or not any(_HINT.search(heads[new[place]]) for place in said[2:]):
        return new
    names = about.names()
    for at, place in enumerate(said[:-1]):
        if at and _is_name(heads[new[place]], names) and not heads[new[said[at - 1]]].endswith(":"):
            card = [heads[new[one]] for one in said[at + 1 :]]
            return new[: place + 1] if _is_card(card) else new
    return new


def without_closing_card(new: list[int], heads: list[str]) -> list[int]:
    """The lines without what stands below a closing formula and a name, where that begins with a trade or a company.

    Here the formula says where the letter ends, so that no telephone need prove a card."""
    said = [place for place, one in enumerate(new) if heads[one]][-_MOST_LINES:]
    for at, place in enumerate(said[:-2]):
        if not _CLOSING.fullmatch(heads[new[place]]) or not _NAME_LINE.fullmatch(heads[new[said[at + 1]]]):
            continue
        card = [heads[new[one]] for one in said[at + 2 :]]
        first = card[0]
        trade = not _PLACE.search(first) and not _CONTACT.search(first) and first[:1].isalpha()
        if trade and not any(len(line) > _LONGEST or _OF_THE_WRITER.search(line) for line in card):
            return new[: said[at + 1] + 1]
    return new


def _is_name(line: str, names: frozenset[str]) -> bool:
    words = words_of_name(line)
    return 2 <= len(words) <= _MOST_NAME_WORDS and words <= names and len(line) <= _LONGEST


def _is_card(lines: list[str]) -> bool:
    if any(len(line) > _LONGEST or _OF_THE_WRITER.search(line) for line in lines):
        return False
    trade = any(_is_a_trade(line) for line in lines[:2])
    return trade and any(_CONTACT.search(line) for line in lines)


def _is_a_trade(line: str) -> bool:
    """ "Responsable achats", or the company that stands before its telephone: "Quillet Conseil | 06 00 00 00 00"."""
    before, bar, _after = line.partition("|")
    said = before if bar else line
    return len(said.split()) >= 1 and not _PLACE.search(said) and not _CONTACT.search(said)
