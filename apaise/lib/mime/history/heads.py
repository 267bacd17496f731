"""The line that announces a quote: "Le 3 mars 2025 à 10:12, Jeanne <j@exemple.test> a écrit :".

It must say who and when, and nothing else: "Le 3 mars à 10:12, votre conseiller m'a écrit :" is a complaint."""

from __future__ import annotations

import re

from apaise.lib.mime.history.facts import ADDRESS, BRACKETED, DATE, DATE_FIRST, TIME, is_quoted, words_at
from apaise.lib.mime.history.tables import any_of

_MOST_LINES = 5  # programs wrap at 76 letters, some of them twice
_MOST_CHARS = 400
_LONGEST_WRAPPED = 120  # a head that goes on in the next line was wrapped before that
_MOST_NAME_WORDS = 6
_MOST_WORDS = 14

_VERB = rf"(?:{any_of('wrote')})"
_VERB_LAST = re.compile(rf"(?:(?<=[\s,>)\]\"”»'\d])|^){_VERB}\s{{0,3}}(?P<ends>:?)\s{{0,3}}$", re.IGNORECASE)
_VERB_LAST_CHARS = 40
_VERB_WITHIN = re.compile(rf"[\s,>)\]]{_VERB}[\s,]", re.IGNORECASE)
_SEALED_WITHIN = re.compile(
    rf"@[^\s<>()]{{2,120}}[>)\]]{{1,2}},?\s(?:{any_of('wrote')})\s?:\s", re.IGNORECASE
)
_OPENING = re.compile(r"^[\s>*_\"'“«=\u2010-\u2015-]{1,80}")
_CITED_DATE = re.compile(
    rf"[\"“«]\s?(?:{any_of('opens')})\s", re.IGNORECASE
)  # programs put names in quotation marks
_ENDING_DASHES = re.compile(r"\s?-{3,80}$")
# In small letters, as "Kim My Le" is a name; as the first word in any: "Votre conseiller a écrit :".
_OWN = re.compile(rf"(?<![\w.@-])(?:{any_of('own')})(?![\w@])")
_OWN_FIRST = re.compile(rf"\W{{0,3}}(?:{any_of('own')})(?![\w@.])", re.IGNORECASE)
_CIVILITY = re.compile(
    r"(?:m|mr|mrs|ms|mme|mlle|monsieur|madame|herr|frau|se[ñn]ora?|signora?)\b", re.IGNORECASE
)
_ARTICLE = re.compile(
    r"(?:le|la|les|l['’]|un|une|des|the|a|an|der|die|das|ein|eine|el|los|las|il|lo|gli|de|het|een|o|os|as)(?:\s|(?<=['’]))",
    re.IGNORECASE,
)
# "In a message dated 3/2/2026 10:14:08 AM Eastern Standard Time, jeanne@exemple.test writes:"
_AOL = re.compile(r"in a message dated \d.{6,80}\s[^\s@]{1,80}@\S{3,120} (?:writes|wrote)\s?:", re.IGNORECASE)
_QUOTING = re.compile(rf"(?:{any_of('quoting')})\s", re.IGNORECASE)
_BEFORE_NAME = re.compile(r"^(?:heeft|hat|u[żz]ytkownik|przez)\s", re.IGNORECASE)
_LAST_FIGURE = re.compile(
    r".*\d(?:\s?(?:[ap]\.?m\.?|uhr|utc|gmt|cet|cest|mez|mesz|edt|est|pst|pdt)(?:[+-]\d{1,2})?)*[\s,.:)(]{0,4}",
    re.IGNORECASE,
)
_FIRST_LETTER = re.compile(r"\W{0,3}([^\W\d_])")


def head_end(lines: list[str], at: int) -> int:
    """The line after a head that starts here, or 0."""
    if not _may_start(lines[at]):
        return 0
    joined = ""
    for place in range(at, min(at + _MOST_LINES, len(lines))):
        joined = f"{joined} {lines[place]}".strip()
        if not lines[place] or len(joined) > _MOST_CHARS:
            return 0
        if _may_end(joined) and announces(joined, quoted=is_quoted(lines, place + 1)):
            doubted = _cites(lines, place + 1) or _runs_on(joined, lines, at, place + 1)
            return 0 if doubted or _starts_later(lines, at, place) else place + 1
        if _goes_on(joined):
            return place + 1
    return 0


def _goes_on(joined: str) -> bool:
    """ "Le 3 mars 2025 à 10:12, Jeanne <j@exemple.test> a écrit : Bonjour, …", the quote on the same line."""
    found = _SEALED_WITHIN.search(joined)
    return bool(found and DATE_FIRST.match(joined) and announces(joined[: found.end()].strip(), quoted=False))


def _runs_on(joined: str, lines: list[str], at: int, after: int) -> bool:
    """Whether a head without an address in brackets stands in the middle of a text that has no ">" below it."""
    if BRACKETED.search(joined) or is_quoted(lines, after):
        return False
    return bool((at and lines[at - 1]) or (after < len(lines) and lines[after][:1].islower()))


def _cites(lines: list[str], at: int) -> bool:
    """Whether a sentence in quotation marks follows: that is how a person quotes, not a program."""
    place = words_at(lines, at, within=2)
    return place < len(lines) and lines[place][0] in "«“"


def _starts_later(lines: list[str], at: int, last: int) -> bool:
    """Whether the first lines are the writer's own, and the head begins below them."""
    dated = bool(DATE_FIRST.match(lines[at]) and DATE.search(lines[at]))
    for start in range(at + 1, last + 1):
        joined = " ".join(lines[start : last + 1])
        if dated and not DATE.search(joined):
            continue  # "Le 3 mars 2025 à", and the hour in the next line
        if DATE_FIRST.match(_OPENING.sub("", joined, count=1)) and announces(joined, quoted=False):
            return True
    return False


def _may_start(line: str) -> bool:
    if not line:
        return False
    bare = _OPENING.sub("", line, count=1) if not line[0].isalnum() else line
    return (
        bool(DATE_FIRST.match(bare))
        or "@" in line
        or line.endswith(":")
        or (len(line) <= _LONGEST_WRAPPED and bool(_VERB_WITHIN.search(line + " ")))
    )


def _may_end(joined: str) -> bool:
    return joined.endswith((":", ">", "-")) or bool(_VERB_LAST.search(joined[-_VERB_LAST_CHARS:]))


def announces(joined: str, *, quoted: bool) -> bool:
    """Whether these words announce a quote; `quoted` if lines with ">" follow, so that less proof is needed."""
    said = _ENDING_DASHES.sub(":", joined)
    quoted = quoted or joined.startswith("---")  # Yahoo: "--- Jeanne <j@exemple.test> a écrit :"
    if _CITED_DATE.match(said):
        return False
    if _AOL.fullmatch(said):
        return True
    said = _OPENING.sub("", said, count=1) if said and not said[0].isalnum() else said
    if found := _VERB_LAST.search(said[-_VERB_LAST_CHARS:]):
        before = said[: len(said) - len(found[0])]
        return bool(found["ends"] or "@" in said) and _verb_last(before.strip(), quoted)
    if not said.endswith(":"):
        return quoted and bool(DATE_FIRST.match(said)) and _ends_with_sender(said)
    said = said[:-1].strip()
    if found := _VERB_WITHIN.search(said):
        return _verb_within(said[: found.start() + 1].strip(), said[found.end() :].strip(), quoted)
    if _QUOTING.match(said):
        return quoted and _ends_with_sender(said)
    return _without_verb(said, quoted)


def _verb_last(before: str, quoted: bool) -> bool:
    """ "… a écrit :" with all the rest before it."""
    sealed = _ends_with_sender(before)
    dated, timed = bool(DATE.search(before)), bool(TIME.search(before))
    if not DATE_FIRST.match(before):
        return _name_alone(before, sealed, dated and timed, quoted)
    if sealed:
        return dated or timed
    if not dated and not (quoted and timed):
        return False
    called = _LAST_FIGURE.sub("", before, count=1)
    if quoted and dated and timed and len(called.split()) <= _MOST_WORDS and not _is_said(called):
        return True  # a long name of a shop, with what it signs as
    return (timed or quoted) and _is_name(called, quoted)


def _name_alone(before: str, sealed: bool, has_moment: bool, quoted: bool) -> bool:
    """ "Jeanne Petit a écrit :", "Jeanne <j@exemple.test> hat am 03.03.2025 10:12 geschrieben:" """
    if has_moment and BRACKETED.search(before):
        return not _is_said(before)
    if not quoted:
        return False
    if sealed:
        return not _is_said(before) and len(before.split()) <= _MOST_NAME_WORDS + 1
    return bool(ADDRESS.fullmatch(before)) or (before[:1].isupper() and _is_name(before, quoted))


def _verb_within(before: str, after: str, quoted: bool) -> bool:
    """ "Am 3.3.2025 um 10:12 schrieb Jeanne:", "Jeanne wrote on 3/3/2025:" """
    if DATE_FIRST.match(before):
        dated, timed = bool(DATE.search(before)), bool(TIME.search(before))
        if _ends_with_sender(after):
            return dated or timed
        return dated and (timed or quoted) and _is_name(after, quoted)
    if (
        not DATE.search(after)
        or len(after.split()) > _MOST_WORDS
        or _is_said(_LAST_FIGURE.sub("", after, count=1))
    ):
        return False
    if not DATE_FIRST.match(after):  # "Wiadomość napisana przez Jan <jan@exemple.test> w dniu 3.03.2025:"
        told = BRACKETED.search(after) or (_ends_with_sender(before) and TIME.search(after))
        return bool(told) and not _is_said(before)
    return (quoted or bool(TIME.search(after)) or _ends_with_sender(before)) and _is_name(before, quoted)


def _without_verb(said: str, quoted: bool) -> bool:
    """ "2025-03-03 10:12 GMT+01:00 Jeanne <j@exemple.test>:", and what languages without a table write."""
    if DATE.search(said) and DATE_FIRST.match(said) and _ends_with_sender(said):
        return True
    moment = DATE.search(said) and TIME.search(said)
    words = len(BRACKETED.sub("", said).split())
    return quoted and bool(moment) and words <= _MOST_WORDS and not _is_said(said)


def _ends_with_sender(words: str) -> bool:
    words = words.rstrip(" ,\"”»'*_:")
    if not words.endswith((">", ")", "]")):
        return False
    return any(not words[found.end() :].strip(">)]") for found in BRACKETED.finditer(words))


def _is_said(words: str) -> bool:
    """Whether these are words of a sentence; what an address holds does not count."""
    words = BRACKETED.sub("", words)
    return bool(_OWN.search(words) or _OWN_FIRST.match(words))


def _is_name(words: str, quoted: bool) -> bool:
    """A few words that can be a sender's name: no article, no word of a sentence."""
    words = _BEFORE_NAME.sub("", words.strip(" ,*_")).strip()
    if BRACKETED.search(words):
        words = BRACKETED.sub("", words).strip() or "X"
    if ADDRESS.fullmatch(words.strip("\"'")):
        return True
    if not words or len(words.split()) > _MOST_NAME_WORDS:
        return False
    first = _FIRST_LETTER.match(words)
    if not first or _is_said(words) or _ARTICLE.match(words) or _CIVILITY.match(words):
        return False
    return first[1].isupper() or quoted
