"""Several weak signs at once, where no single mark tells: each is of another kind, and a person shows but a few.

A subject may announce a receipt, its text may say the same, give a number, promise an answer within days, come from
an address that nobody reads or carry the shape of an id that one help desk makes. A customer writes one or two of
these; whoever speaks of themselves, asks or offers something is a person, however many there are."""

from __future__ import annotations

import re

from apaise.lib.mime import bounce_words, reports, whole_notes
from apaise.lib.mime import machine_words as words
from apaise.lib.mime import note_words as notes
from apaise.lib.mime import sign_words as signs
from apaise.lib.mime.seen import Seen, one_line

_ENOUGH = 5
_ENOUGH_WORDS = (
    6  # an answer is told by words alone more often, and a person taken for a machine waits for ever
)
_IN_BOTH = 2  # a number that the subject and the text have
_NOBODY = 2  # what an address that nobody reads weighs
_SHORT = 1_200  # letters: programs that say only this say it briefly
_DESK_IDS = re.compile(r"openerp|odoo|helpdesk\.ticket|zendesk|freshdesk|glpi|otrs|zammad|osticket|service-now|jira|helpscout|hubspot|intercom|gorgias|crisp", re.IGNORECASE)  # fmt: skip
_DESK_HEADERS = re.compile(r"x-(?:odoo|otrs|rt-|jira|atlassian|sfdc|hs-|zendesk|freshdesk|glpi|gorgias|zammad|osticket|helpscout|ms-exchange-generated)|rt-ticket|managed-by", re.IGNORECASE)  # fmt: skip
_TAGGED = re.compile(r"[\[({]\W{0,2}[^\])}]{0,25}\d{3,}[^\])}]{0,5}[\])}]|\bCAS-\d{3,}")
_QUOTED = re.compile(r"[«“\"][^»”\"]{1,200}[»”\"]")
_LINK = re.compile(r"(?:https?://|www\.)\S{1,500}", re.IGNORECASE)


def reason(seen: Seen) -> str | None:
    if len(seen.said) > _SHORT or seen.is_broadcast or _CITED.match(seen.said):
        return None
    small = f"{seen.title} {seen.said[:700]}".lower()
    may_be_desk = any(word in small for word in signs.MAY_BE_A_DESK)
    may_be_away = any(word in small for word in signs.MAY_BE_AWAY)
    if not (may_be_desk or may_be_away):
        return None
    said = _QUOTED.sub(" ", signs.ADDRESSED.sub(" ", _LINK.sub(" ", seen.said)))
    if "?" in said:
        return None
    found = (may_be_desk and _of_a_desk(seen, said)) or (may_be_away and _of_somebody_away(seen, said))
    if not found:
        return None
    by_hand = (
        words.ABOUT_AUTOMATIC.search(said)
        or words.DISCLAIMER.search(said)
        or notes.OF_A_HAND.search(seen.text[-400:])
    )
    return None if by_hand else found


_MINE = re.compile(r"\b(?:mon|ma|mes|moi|my|mein\w{0,2}|mi|mio|mia|mijn|min|mitt|minha|meu|m[óo]j|moja)\b|\bm['’]", re.IGNORECASE)  # fmt: skip
_SUBJECTS = (signs.AWAY_SUBJECT, signs.MOVED_SUBJECT, signs.DESK_SUBJECT)
_CITED = re.compile(r"\W{0,3}[«“\"]")


def _of_a_desk(seen: Seen, said: str) -> str | None:
    software = _of_desk_software(seen)
    itself = _names_itself(said)
    if seen.is_answer and not (software or itself):
        return None
    ours = _subject_of_ours(seen)
    if signs.SPEAKER.search(said.replace(ours, " ") if ours else said):
        return None
    tells = signs.DESK_TEXT.search(said[:350])
    subject = None if seen.is_answer else signs.DESK_SUBJECT.search(seen.title)
    adds = signs.ADD_TO_IT.search(said)
    promises = len({match[0].lower() for match in signs.PROMISE.finditer(said)})
    if not (tells or itself or adds or software or (subject and promises)):
        return None
    if words.OF_A_CUSTOMER.search(said.replace(ours, " ") if ours else said) or signs.DONE.search(said):
        return None
    # What no person does, who otherwise answers in the same words.
    sender = _of_sender(seen)
    number = _of_number(seen, said)
    named = subject and tells and number == _IN_BOTH
    if not (itself or adds or promises or software or named or sender == _NOBODY or _of_headers(seen)):
        return None
    weight = (
        2 * bool(subject)
        + 2 * bool(tells)
        + (3 * bool(itself) or 2 * bool(signs.BY_ITSELF.search(seen.title)))
        + 2 * bool(adds)
        + min(promises, 2)
        + number
        + sender
        + 2 * software
        + _of_headers(seen)
        + bool(_TAGGED.search(seen.subject))
    )
    return "auto-responder" if weight >= (_ENOUGH if itself else _ENOUGH_WORDS) else None


def _of_somebody_away(seen: Seen, said: str) -> str | None:
    named = bool(signs.IN_BRACKETS.search(seen.title[:250]))
    if seen.is_answer and not named:
        return None
    gone = signs.GONE.search(f"{seen.title}\n{said[:400]}")
    away = signs.AWAY_TEXT.search(said[:400]) or words.AWAY.search(said[:400])
    itself = _names_itself(said)
    if not (away or gone or itself) or _is_of_a_case(seen, said, gone=bool(gone), itself=itself):
        return None
    weight = (
        2 * bool(any(one.match(seen.title) for one in _SUBJECTS))
        + 3 * named
        + 2 * bool(signs.OURS_BEHIND.match(seen.title[:120]))
        + 2 * bool(away)
        + 2 * bool(gone)
        + 3 * bool(itself)
        + bool(signs.MEANWHILE.search(said) or words.LEFT_WORD.search(signs.SHUT.sub(" ", said)))
        + 2 * bool(words.TO_WHOM_IT_CONCERNS.search(said))
        + _of_headers(seen)
    )
    return "out-of-office" if weight >= (_ENOUGH if itself else _ENOUGH_WORDS) else None


def _is_of_a_case(seen: Seen, said: str, *, gone: bool, itself: bool) -> bool:
    """Whether somebody speaks of what is theirs, to one reader, or of somebody else who is away."""
    bare = notes.OF_THE_NOTE.sub("", said)
    moved = gone and signs.MOVED_SUBJECT.match(seen.title) and not _MINE.search(said)
    return bool(
        (signs.GOODS.search(said) and not itself)
        or (not (itself or moved) and notes.OF_ONE_READER.search(bare))
        or signs.ONE_READER.search(said)
        or words.OF_A_CUSTOMER.search(bare)
        or words.WRONG.search(bare)
        or whole_notes.is_of_another(seen, said)
    )


def is_of_a_desk(seen: Seen) -> bool:
    """Whether the software of a help desk sent it."""
    return _of_desk_software(seen)


def is_of_goods(said: str) -> bool:
    """Whether it speaks of a thing somebody bought."""
    return bool(signs.GOODS.search(said))


def _names_itself(said: str) -> bool:
    small = said.lower()
    return any(word in small for word in signs.OF_ITSELF) and bool(signs.ITSELF.search(said))


def _subject_of_ours(seen: Seen) -> str:
    """What follows the first colon of the subject: often the subject of our mail, which the text repeats."""
    _name, _colon, ours = seen.subject.partition(":")
    return one_line(ours.partition("(#")[0].strip())


def _of_number(seen: Seen, said: str) -> int:
    """A number that the text gives; more where the subject has the same."""
    found = [one[1] for one in signs.NUMBER.finditer(said)]
    if not found:
        return 0
    titled = set(signs.DIGITS.findall(seen.subject))
    return _IN_BOTH if any(set(signs.DIGITS.findall(one)) & titled for one in found) else 1


def _of_sender(seen: Seen) -> int:
    if seen.is_no_reply or signs.NOBODY.match(seen.sender):
        return _NOBODY
    return int(bool(signs.DESK.match(seen.sender)))


def _of_desk_software(seen: Seen) -> bool:
    return bool(
        _DESK_IDS.search(seen.headers.get("message-id")[:300])
        or _DESK_IDS.search(seen.sender)
        or any(map(_DESK_HEADERS.match, seen.headers.names()))
        or words.DESK_LINE.match(seen.text)
    )


def _of_headers(seen: Seen) -> int:
    return int("x-auto-response-suppress" in seen.headers or seen.is_null or seen.is_bulk)


# --- mail that came back, or arrived -------------------------------------------------------------------


def server_reason(seen: Seen) -> str | None:
    """A server or filter tells what has become of a mail of ours, from an address that is no daemon's."""
    kind = _kind_of_server(seen)
    if not kind or seen.is_answer or "?" in seen.said[:600]:
        return None
    told = one_line(bounce_words.OUR_SUBJECT.sub("", seen.text.lstrip()[:900]))[:600]
    if signs.SPEAKER.search(signs.ADDRESSED.sub(" ", told)) or (
        kind == 1 and bounce_words.SPEAKS.search(told[:250])
    ):
        return None
    if signs.RELAYED_SUBJECT.match(seen.title) and signs.RELAYED.search(told):
        return "delivery-report"
    codes = bounce_words.PROTOCOL.search(told) or signs.TRANSCRIPT.search(told)
    if signs.BY_HAND.search(told) or (kind == 1 and not codes and bounce_words.GREETING.match(told)):
        return None
    late = bounce_words.LATE.search(told)
    named = (
        signs.REFUSED_SUBJECT.match(seen.title)
        or bounce_words.UNDELIVERED.match(seen.title)
        or bounce_words.LATE.search(seen.title)
    )
    tells = late or signs.REFUSED.search(told) or bounce_words.OPENING.search(told)
    other = any(one.lower() != seen.sender.lower() for one in signs.ADDRESSED.findall(told))
    if (
        not tells
        or not (codes or other)
        or kind + 2 * bool(named) + 2 * bool(tells) + bool(codes) + other < _ENOUGH
    ):
        return None
    late = late or bounce_words.LATE.search(seen.title)
    return "delivery-report" if late and not reports.FINAL.search(seen.text[:3_000]) else "bounce"


def _kind_of_server(seen: Seen) -> int:
    """2: an address or a name of programs that judge mail. 1: one behind which somebody may sit."""
    if "x-ricevuta" in seen.headers or "x-mddsn-message" in seen.headers:
        return 2
    if signs.FILTER.match(seen.sender) or signs.FILTER_NAME.search(seen.sender_name):
        return 2
    by_name = bounce_words.POSTMASTER.match(seen.sender) or bounce_words.SYSTEM.search(seen.sender_name)
    return int(bool(by_name or seen.is_no_reply or seen.asks_for_no_answer))
