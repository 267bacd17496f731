"""Copied headers ("De : … Envoyé : … À : … Objet : …") and the lines that announce them.

A letter or a journey may say "De : Paris, À : Lyon, Date : 3 mars, Objet : retard" as well: only what a program
writes, a time of day or the sender's address, makes a block of it."""

from __future__ import annotations

import re

from apaise.lib.mime.history.facts import ADDRESS, BRACKETED, DATE, DATE_ONLY, RULE, TIME, words_at
from apaise.lib.mime.history.subjects import is_answer, without_marks
from apaise.lib.mime.history.tables import any_of

_MOST_LINES = 14
_MOST_STRAYS = 2  # lines of a block without a label: recipients that were wrapped
_ALL_ON_ONE_LINE = 3  # labels

_KINDS = ("sender", "sent", "date", "to", "subject", "also")
_LABEL_OF = {kind: re.compile(any_of(kind), re.IGNORECASE) for kind in _KINDS}
_LINE = re.compile(r"[\W_]{0,6}([^\W\d_][^:*<>\n]{0,24}?)[\s*_]{0,5}:[\s*_]{0,5}(.*)", re.DOTALL)
_ANYWHERE = re.compile(
    rf"(?:^|\s)\*{{0,2}}({'|'.join(any_of(kind) for kind in _KINDS)})[\s*]{{0,4}}:\s", re.IGNORECASE
)
_DAY = re.compile(rf"\b(?:{any_of('days')})\b", re.IGNORECASE)
_REPLY_ABOVE = re.compile(
    r"[\W_]{0,40}(?:(?:please|merci de|veuillez|bitte)\s)?(?:(?:type|write|enter|reply|r[ée]pond(?:re|ez)|[ée]cri(?:re|vez)|antworten)\b.{0,30}"
    r"(?:above this line|above here|au[- ]dessus de cette ligne|[üu]ber dieser zeile)|(?:your )?reply above this line).{0,30}$",
    re.IGNORECASE,
)
_ORIGINAL = re.compile(rf"\W{{0,80}}(?:{any_of('original')})\W{{0,80}}$", re.IGNORECASE)
# What a customer forwards is what they want read: it is theirs, not history.
_FORWARDED = re.compile(
    rf"\W{{0,80}}(?:{any_of('forwarded')})\W{{0,80}}$"
    r"|-{3,80}\s?(?:forwarded by|transf[ée]r[ée] par|weitergeleitet von|reenviado por)\s",
    re.IGNORECASE,
)
_WEBMAIL = re.compile(
    r"[\W_]{0,80}message du\s?:?\s\d{1,2}/\d{1,2}/\d{2,4}(?P<time>\s(?:à\s)?\d{1,2}[:h]\d{2}(?::\d{2})?)?\W{0,3}$",
    re.IGNORECASE,
)
# "-----jeanne@exemple.test wrote: -----", "---- On Mon, 3 Mar 2025 10:12:00 +0100 Jeanne <j@exemple.test> wrote ----"
# GroupWise: ">>> Jeanne <j@exemple.test> 03/03/2025 10:12 >>>"
_GROUPWISE = re.compile(r"(?:>{2,3}\s)?.{1,150}\s\d{1,2}[:h]\d{2}(?:\s?[ap]m)?\s?>{2,3}$", re.IGNORECASE)
_NOTES_REPLY = re.compile(rf"-{{3,80}}\s?.{{1,150}}\s(?:{any_of('wrote')})\s?:?\s?-{{3,80}}$", re.IGNORECASE)


def is_forward_mark(line: str) -> bool:
    return bool(_FORWARDED.match(line))


def announces_history(lines: list[str], at: int) -> bool:
    """Whether all from this line on was written before."""
    line = lines[at]
    if not line:
        return False
    if len(line) > 8 and _ORIGINAL.match(line):
        # The words alone could end a sentence; the dashes, or a copied header below, make them a mark.
        return line[0] in "-_=*\u2010\u2011\u2012\u2013\u2014" or is_header_block(
            lines, words_at(lines, at + 1)
        )
    if found := _WEBMAIL.match(line):
        return bool(found["time"]) or line[0] in "-_=" or is_header_block(lines, words_at(lines, at + 1))
    if (
        (line[0] == "-" and _NOTES_REPLY.match(line))
        or (line.endswith(">>") and _GROUPWISE.match(line))
        or _REPLY_ABOVE.match(line)
    ):
        return True
    if RULE.match(line):
        return is_header_block(lines, words_at(lines, at + 1))
    return is_header_block(lines, at) or _is_notes_header(lines, at)


def is_header_block(lines: list[str], at: int) -> bool:
    """A copied header: the sender, two more labels, and a moment or an address that proves it."""
    if at >= len(lines) or ":" not in lines[at]:
        return False
    fields = _on_one_line(lines[at]) or _fields(lines, at)
    if "sender" not in fields:
        return False
    sent, others = fields.get("sent", ""), fields.keys() - {"sender", "also"}
    if len(others) < 2:
        return bool(TIME.search(sent) or (DATE.search(sent) and _DAY.search(sent)))
    if TIME.search(sent) or (DATE.search(sent) and _DAY.search(sent)):
        return True
    people = f"{fields['sender']} {fields.get('to', '')}"
    answers = is_answer(fields.get("subject", ""))
    if sent or "date" in fields:
        return answers or bool(ADDRESS.search(people))
    return answers and bool(BRACKETED.search(people))


def end_of_header(lines: list[str], at: int) -> int:
    """The line after a copied header that starts here."""
    end = at + 1
    while end < min(len(lines), at + _MOST_LINES):
        following = words_at(lines, end, within=2)
        if following == len(lines) or not _label(lines[following])[0]:
            break
        end = following + 1
    return end


def is_from_elsewhere(lines: list[str], at: int, houses: frozenset[str]) -> bool:
    """Whether the copied header from here on names a sender's address at none of these domains."""
    if not houses:
        return False
    end = end_of_header(lines, at)
    for line in lines[at:end]:
        if _label(line)[0] == "sender" and (found := ADDRESS.search(line)):
            return found[0].rpartition("@")[2].lower() not in houses
    return False


def is_about_something_else(lines: list[str], at: int, subject: str) -> bool:
    """Whether the copied header from here on has another subject than the mail it stands in."""
    for line in lines[at : end_of_header(lines, at)]:
        kind, value = _label(line)
        if kind == "subject":
            theirs, ours = (_core(one) for one in (value, subject))
            return bool(theirs and ours) and theirs not in ours and ours not in theirs
    return False


def _core(subject: str) -> str:
    return "".join(filter(str.isalnum, without_marks(subject).casefold()))


def is_header_alone(lines: list[str]) -> bool:
    """Whether these lines are a copied header and nothing else."""
    rest = [line for line in lines if line]
    return bool(rest) and announces_history(rest, 0) and all(_label(line)[0] for line in rest[1:])


def _fields(lines: list[str], at: int) -> dict[str, str]:
    """Kinds of the labels from here on, each with the first value it has."""
    fields: dict[str, str] = {}
    strays = blanks = 0
    for line in lines[at : at + _MOST_LINES]:
        if not line:
            blanks += 1
            if blanks > 1 or strays:
                break
            continue
        kind, value = _label(line)
        if kind:
            if kind == "sender" and kind in fields:
                break  # the next mail of the thread
            fields.setdefault(kind, value)
            strays = blanks = 0
        elif not fields or blanks or (strays := strays + 1) > _MOST_STRAYS:
            break
    return fields


def _label(line: str) -> tuple[str, str]:
    if found := _LINE.match(line):
        label = found[1].partition("/")[0].strip()  # "De / From :"
        for kind, pattern in _LABEL_OF.items():
            if pattern.fullmatch(label):
                return kind, found[2]
    return "", ""


def _on_one_line(line: str) -> dict[str, str]:
    """ "De : Jeanne Envoyé : lundi 3 mars 2025 10:12 À : Paul Objet : Panne" """
    found = list(_ANYWHERE.finditer(line))
    if len(found) < _ALL_ON_ONE_LINE or found[0].start() > 3:
        return {}
    fields: dict[str, str] = {}
    for one, following in zip(found, [*found[1:], None], strict=True):
        kind, _ = _label(f"{one[1]}:")
        fields.setdefault(kind, line[one.end() : following.start() if following else None])
    return fields


def _is_notes_header(lines: list[str], at: int) -> bool:
    """Lotus Notes puts the sender, the moment, then labels without colon on lines of their own."""
    moment = at if DATE_ONLY.match(lines[at]) else at + 1
    if moment >= len(lines) or not DATE_ONLY.match(lines[moment]):
        return False
    if moment > at and not ADDRESS.search(lines[at]):
        return False
    alone = [
        _label(f"{line}:")[0] for line in lines[moment + 1 : moment + _MOST_LINES] if line and ":" not in line
    ]
    return "to" in alone and "subject" in alone
