"""A mail whose whole text is the note of a mailbox, where no header and no subject tells.

Whoever answers us is absent as well, and says so. What sets a note apart: it is said to whoever may write. Each of
its sentences is one that such notes have, none is about a case, and at least one proves it: whom to ask meanwhile,
what becomes of the mail. A customer who will be back on Monday says the first and not the second."""

from __future__ import annotations

import re

from apaise.lib.mime import absence
from apaise.lib.mime import machine_words as words
from apaise.lib.mime import note_words as notes
from apaise.lib.mime.seen import QUOTED_HEAD, Seen, one_line

_LONGEST = 900
_SHORTEST = 30
_PROOF = 2
_MOST_SENTENCES = 25
_AT_ONCE = 60  # letters within which a program names itself
_SENTENCE_ENDS = re.compile(
    r"(?<=\D[.!…])\s{1,5}(?=[^\sa-zà-ÿ])|\n\s{0,5}\n\s{0,5}|\n\s{0,5}(?=[A-ZÀ-Ý*\[-])"
)
_YOURS = re.compile(r"\bvotre (?:conseill[eè]re?|gestionnaire|interlocut\w{3,5}|correspondante?|contact|r[ée]f[ée]rente?)\b", re.IGNORECASE)  # fmt: skip
_SOMEBODY_ELSE = re.compile(r"\b([A-ZÀ-Ý][\w'-]{1,30}) (?:est|sera) (?:\w{1,14} ){0,2}absent")
# Below it stands what we wrote to them.
_OUR_WORDS = re.compile(
    r"\n\W{0,3}(?:rappel de (?:votre|ton)|copie de (?:votre|ton)|votre|your|ihre|su|il (?:tuo|suo)) (?:message|demande|nachricht|anfrage|mensaje|messaggio|enquiry)\s?:\s*\n",
    re.IGNORECASE,
)
_CLAUSES = re.compile(
    r",? (?:et|and|und) (?=(?:vous|je|ne|nous|il|elle|on|i|we|ich|wir|les?|la)\b)|, (?=(?:qui|ce|cela)\b)",
    re.IGNORECASE,
)
_NAME_WORDS = frozenset(
    {"de", "du", "la", "le", "et", "au", "tél", "tel", "mail", "fax", "les", "des", "l", "d"}
)
_MAY_TELL = ("absen", "cong", "vacances", "déplacement", "arrêt", "temps partiel", "formation", "quitt", "partie en retraite", "travaille plus", "exerce plus", "fais plus", "fait plus", "suis plus", "est plus", "existe plus", "sera plus", "ferm", "supprim", "bien reçu", "été reçu", "parvenu", "bien arrivé", "enregistr", "récep", "automat", "leave", "office", "closed", "monitored", "longer", "received", "büro", "urlaub", "fuera", "ferie", "afwezig", "messagerie", "indisponible", "désactiv", "left ", "retraite", "relev", "boîte", "adresse", "in touch", "contacté", "délai", "en compte", "transmis", "créé", "away", "travel", "vacaciones", "ausente", "assente", "mutterschutz", "elternzeit", "abwesend", "nicht im", "verlof", "vakantie", "ouvert", "part time", "salarié", "retire", "disponible", "joignable", "changé")  # fmt: skip


def reason(seen: Seen) -> str | None:
    own = _own_words(seen)
    if not own:
        return None
    body = _without_closing(own)
    told = one_line(body)
    named = notes.HEADING.match(own)
    if _is_of_a_case(told[named.end() :] if named else told):
        return None
    absent = (notes.ABSENT.search(told) or words.AWAY.search(told)) and not is_of_another(seen, told)
    arrived = notes.ARRIVED.search(told[:300])
    sentences = _sentences(body)
    automatic = named or any(map(words.AUTOMATIC.match, sentences)) or _at_once(told)
    kind = "out-of-office" if absent else "auto-responder"
    if automatic and (absent or arrived or words.LEFT_WORD.search(told)):
        return kind
    by_subject = _is_named(seen)
    if not (absent or arrived or by_subject or automatic) or len(sentences) > _MOST_SENTENCES:
        return None
    if not all(map(_is_of_a_note, sentences)):
        return None
    if automatic:
        return kind
    proof = _proof(seen, told) + seen.is_no_reply + _PROOF * by_subject
    return kind if proof >= _PROOF and not _is_their_own_address(seen, told) else None


def _at_once(told: str) -> bool:
    found = words.AUTOMATIC.search(told)
    return bool(found and found.start() <= _AT_ONCE)


def _is_of_a_case(told: str) -> bool:
    """Whether one customer speaks: of what is theirs, of what is wrong, or of automatic answers."""
    bare = notes.OF_THE_NOTE.sub("", told)
    return bool(
        notes.OF_ONE_READER.search(bare)
        or words.OBJECTS.search(told)
        or words.WRONG.search(bare)
        or words.OF_A_CUSTOMER.search(bare)
        or words.ABOUT_AUTOMATIC.search(told)
    )


def _own_words(seen: Seen) -> str:
    """The text if it may be a note: short, with nothing quoted, attached or sent from a telephone."""
    text, is_named = seen.text.strip(), _is_named(seen)
    if len(text) > 2 * _LONGEST or len(seen.new_text) < (1 if is_named else _SHORTEST) or "\n>" in text:
        return ""
    small = text.lower()
    if not (is_named or any(word in small for word in _MAY_TELL)):
        return ""
    if (
        "?" in text
        or "«" in text
        or QUOTED_HEAD.search(text)
        or notes.OF_A_HAND.search(text)
        or notes.FORWARDED.match(seen.title)
    ):
        return ""
    if any(not one.inline for one in seen.attachments):
        return ""
    own = (
        _OUR_WORDS.split(seen.new_text.strip(), maxsplit=1)[0]
        .replace("’", "'")
        .replace("\u202f", " ")
        .replace("\xa0", " ")
    )
    return own if len(own) <= _LONGEST else ""


def _is_named(seen: Seen) -> bool:
    """Whether the subject begins with the name of an automatic answer, in one language or after another."""
    return bool(seen.automatic or ("/" in seen.title and absence.NAMED_SECOND.match(seen.title[:120])))


def is_of_another(seen: Seen, told: str) -> bool:
    """ "Malo sera absent": somebody else, unless it is the name of whoever sends."""
    found = _SOMEBODY_ELSE.search(told)
    if found and _YOURS.search(told[max(0, found.start() - 60) : found.start()]):
        return False  # "votre conseiller, Malo Petit, sera absent": said to whoever has that adviser
    return bool(found and found[1].lower() not in f"{seen.sender_name} {seen.sender}".lower())


def _sentences(body: str) -> list[str]:
    return [
        one_line(one) for whole in _SENTENCE_ENDS.split(body) for one in _CLAUSES.split(whole) if one.strip()
    ]


def _without_closing(own: str) -> str:
    at = 0
    for one in _SENTENCE_ENDS.split(own):
        start = own.find(one, at)
        if at and notes.CLOSING.match(one):
            return own[:start]
        at = start + len(one)
    return own


def _is_of_a_note(sentence: str) -> bool:
    return bool(
        notes.COMPANY.search(sentence)
        or notes.ABSENT.search(sentence)
        or words.AWAY.search(sentence)
        or notes.ARRIVED.search(sentence)
        or words.AUTOMATIC.search(sentence)
        or any(one.search(sentence) for one in (*notes.STRONG_EACH, *notes.WEAK_EACH))
        or _is_a_card(sentence)
        or words.LEFT_WORD.search(sentence)
    )


def _is_a_card(sentence: str) -> bool:
    """A name, an address, a number: no word of a sentence."""
    bare = notes.ADDRESS.sub("", sentence)
    return all(word[0].isupper() or word in _NAME_WORDS for word in re.findall(r"[^\W\d_]+", bare))


def _proof(seen: Seen, told: str) -> int:
    strong = [one for one in notes.STRONG_EACH if one.search(told)]
    # Whom to call is proof only where it is somebody else: a mobile number alone is the writer's own.
    if strong and notes.MOBILE.search(told):
        elsewhere = notes.ADDRESS.search(told) or notes.FIXED.search(told) or notes.DESK.search(told)
        strong = strong if elsewhere else [one for one in strong if one not in notes.STRONG_EACH[:3]]
    moved = (notes.GONE.search(told) and notes.OF_A_HOUSE.search(told)) or _names_their_house(seen, told)
    titled = not seen.is_answer and words.RECEIVED.match(seen.title)
    return (
        2 * (len(strong) + bool(moved))
        + bool(titled)
        + sum(bool(one.search(told)) for one in notes.WEAK_EACH)
    )


def _names_their_house(seen: Seen, told: str) -> bool:
    """Whether another address of the sender's own house is named."""
    name, _at, domain = seen.sender.lower().partition("@")
    if notes.OF_PEOPLE.search(seen.sender):
        return False
    found = (one.lower().rstrip(".").partition("@") for one in notes.ADDRESS.findall(told))
    others = [local for local, _at, at_domain in found if at_domain == domain]
    return any(name not in local and local not in name for local in others)


def _is_their_own_address(seen: Seen, told: str) -> bool:
    """Whether the other address is the writer's: a customer has changed it, and wants to be written to there."""
    name, _at, domain = seen.sender.lower().partition("@")
    mine = {one for one in re.split(r"[\W_\d]+", f"{name} {seen.sender_name.lower()}") if len(one) >= 4}
    for other in map(str.lower, notes.ADDRESS.findall(told)):
        local, _at, at_domain = other.partition("@")
        if at_domain.strip(".") != domain and (
            notes.OF_PEOPLE.search(other) or any(one in local for one in mine)
        ):
            return True
    return False
