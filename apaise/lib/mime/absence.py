"""Is this the answer a mailbox gives by itself while its owner is away?

Where no header tells, the evidence is weighed. The subject may announce such an answer, and that alone proves
nothing: people complain of automatic answers under the same words. What the text says, which mail it answers and
who asks for no answer speak for a program; what is broken, late or missing speaks for a person, and so does `Re:`."""

from __future__ import annotations

import re

from apaise.lib.mime import machine_words as words
from apaise.lib.mime import sign_words as signs
from apaise.lib.mime.seen import Seen

_I = re.IGNORECASE
_ENOUGH = 3
_NAMED, _HINTED, _SAID_ALONE = 2, 1, 0  # what the subject weighs
_LAST = 80  # letters of a subject in which the name of the answer may stand at the end

_AT_THE_END = re.compile(r"(?:\s[-–—|]\s?|[(\[])" + words.AUTOMATIC_SUBJECT.pattern + r"\s{0,2}[)\]]?\s{0,3}$", _I)  # fmt: skip
# "Respont emgefre / Réponse automatique : Plan": in one language after another.
NAMED_SECOND = re.compile(r"[^:/]{3,40} ?/ ?" + words.AUTOMATIC_SUBJECT.pattern, _I)
# The word for somebody away, and nothing else: people write of themselves, or of our people, under it.
_BARE = re.compile(
    r"\W{0,3}(?:abwesend|assente|afwezig|fr[åa]nvarande|frav[æa]r|nieobecno[śs][ćc]|absent(?:e|\(e\))? du bureau)\W{0,3}",
    _I,
)
_AUTO = re.compile(r"\W{0,3}auto\s?[:\]]", _I)  # short, and the word for a car
# What follows the name is the subject of a mail of ours: it speaks to its reader, or has a number.
_OURS = re.compile(r"(?:^|[\s:])(?:re|aw|sv|rv)\s?:|\b(?:votre|vos|your|ihre?n?|su|sus|suo|sua|vostr[oa]|uw|seu|pa[ńn]stwa|ert|deres)\b|\d{4,}", _I)  # fmt: skip


_CITED = re.compile(r"«[^»]{0,400}$")


def reason(seen: Seen) -> str | None:
    named = _weight_of_subject(seen)
    by_notes = bool(words.NOTES_SUBJECT.match(seen.title)) and not seen.is_answer
    if not (named is not None or by_notes or seen.asks_for_no_answer or _is_note_left_behind(seen)):
        return None
    away = words.AWAY.search(seen.said[:600])
    says_away = (away or words.AWAY.search(seen.title)) and not seen.is_broadcast
    if seen.is_marked and (_begins_with_name(seen) or named == _NAMED or says_away):
        return "out-of-office"
    if away and _CITED.search(seen.said[: away.start()]):
        return None
    if words.OF_A_CUSTOMER.search(seen.said) or words.ABOUT_AUTOMATIC.search(seen.said):
        return None
    if seen.is_null and away and not seen.is_broadcast and _goes_on(seen):
        return "out-of-office"
    if _is_note_left_behind(seen) and away and not words.WRONG.search(seen.said):
        return "out-of-office"
    if by_notes and ((away and away.start() <= 80) or words.AUTOMATIC.search(seen.said[:200])):
        return "out-of-office"
    if named is None or seen.is_answer:  # whoever answers by hand has Re: before the subject
        return None
    if named + _evidence(seen, is_away=bool(away)) < _ENOUGH:
        return None
    return "auto-responder" if not away and words.RECEIVED.search(seen.said[:400]) else "out-of-office"


def _is_note_left_behind(seen: Seen) -> bool:
    """A subject of absence, and words for whoever may write: nobody says so to one reader."""
    about = words.ABSENCE_SUBJECT.match(seen.title) and not seen.is_answer
    return bool(about and words.TO_WHOM_IT_CONCERNS.search(seen.said[:600]))


def _leaves_word(said: str) -> bool:
    return bool(words.LEFT_WORD.search(said) or words.RECEIVED.search(said[:400]))


def _begins_with_name(seen: Seen) -> bool:
    return bool(seen.automatic)


def _weight_of_subject(seen: Seen) -> int | None:
    """How plainly it announces an automatic answer: a name, and not the beginning of a sentence. None: not at all."""
    named = seen.automatic
    if named and words.AFTER_NAME.match(seen.title, named.end()):
        return _SAID_ALONE if _BARE.fullmatch(seen.title) else _NAMED
    second = NAMED_SECOND.match(seen.title[:120]) if "/" in seen.title else None
    if second and words.AFTER_NAME.match(seen.title, second.end()):
        return _NAMED
    if _AT_THE_END.search(seen.subject[-_LAST:]) or signs.IN_BRACKETS.search(seen.title[:250]):
        return _NAMED
    return _HINTED if _AUTO.match(seen.subject) else None


def _goes_on(seen: Seen) -> bool:
    """An answer of two words to a date is a person's: a program tells what to do meanwhile, or until when."""
    return not seen.is_answer or bool(
        words.LEFT_WORD.search(seen.said[:600]) or _UNTIL.search(seen.said[:600])
    )


_UNTIL = re.compile(r"jusqu|inclus|until|through|\bbis\b|hasta|fino a|\btot\b|at[ée] (?:ao?|dia)|\btill\b|\bdo dnia\b", _I)  # fmt: skip


def _evidence(seen: Seen, *, is_away: bool) -> int:
    said = seen.said[:600]
    told = 2 * is_away + 2 * bool(words.AUTOMATIC.search(said[:400])) + _leaves_word(said)
    sent = 2 * seen.is_null + ("x-auto-response-suppress" in seen.headers) + seen.is_no_reply
    # That it answers a mail of ours is true of a person's words as well: it only adds to what the text tells.
    answers = bool(_OURS.search(seen.title)) + seen.answers_without_history if told or not said else 0
    return told + sent + answers - 2 * bool(words.WRONG.search(seen.said))
