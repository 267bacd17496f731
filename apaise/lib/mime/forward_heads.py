"""The copied head of a mail inside another: who wrote, when, about what, and where it stands.

Line by line; every repeat is bounded, and each line is looked at a bounded number of times."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from apaise.lib.mime.addresses import normalise_address
from apaise.lib.mime.mail import Address

LINE_CHARS = 600
MOST_LINES = 5_000
_HEAD_LINES = 16

_NAMES = {
    "from": r"de|from|von|exp[ée]diteur|[ée]metteur|envoy[ée] par|da|van",
    "date": r"date(?: d[’']envoi)?|envoy[ée](?: le)?|re[çc]u(?: le)?|sent(?: on)?|gesendet(?: am)?|datum|enviado|inviato",
    "to": r"[àa]|to|pour|destinataires?|an|para|aan",
    "subject": r"objet|subject|sujet|betreff|asunto|oggetto|onderwerp",
    "other": r"cc|cci|bcc|copie(?: [àa])?|kopie|r[ée]pondre [àa]|reply-to|antwort an|importance|priorit(?:é|e|y|ät)|wichtigkeit"
    r"|pi[èe]ces? jointes?|attachments?|anlagen?|organisation",
}
_LABEL = re.compile(
    r"[\s*_•|]{0,5}(?:"
    + "|".join(f"(?P<{name}>{words})" for name, words in _NAMES.items())
    + r")[*_\s\xa0|]{0,4}:[*_|]{0,3}(?P<value>(?:\s.*|[<\"'«\[].*|\S+@.*)?)$",
    re.IGNORECASE,
)
_WEBMAIL = re.compile(
    r"\W{0,5}message du (\d{1,2}/\d{1,2}/\d{2,4}(?:\s(?:à\s)?\d{1,2}[:h]\d{2})?)\W{0,3}$", re.IGNORECASE
)
# "Le lun. 3 mars 2025 à 10:12, Jeanne <j@exemple.test> a écrit :"
_WROTE = re.compile(
    r"\W{0,5}(?:le|on|am)\s(?P<date>.{6,60}?),?\s(?:schrieb\s)?(?P<from>[^<>,\d]{0,100}<[^<>\s]{3,300}>)"
    r"\s{0,2}(?:a [ée]crit|wrote)?\s{0,2}:$",
    re.IGNORECASE,
)
MARK = re.compile(
    r"\W{0,80}(?:(?:begin )?forwarded (?:message|mail|e-?mail)|(?:d[ée]but du )?(?:message|courriel|mail|e-mail)"
    r" (?:transf[ée]r[ée]|r[ée]exp[ée]di[ée])|(?:anfang der )?weitergeleitete (?:nachricht|mail|e-mail))\W{0,80}$"
    r"|-{2,80}\s?(?:forwarded by|transf[ée]r[ée] par|weitergeleitet von)\s.{1,300}$",
    re.IGNORECASE,
)
_ORIGINAL = re.compile(
    r"\W{0,80}(?:(?:message|courriel|mail|e-mail) (?:d[’']origine|original|initial)|original (?:message|mail|e-?mail)"
    r"|urspr[üu]ngliche (?:nachricht|mail|e-mail))\W{0,80}$",
    re.IGNORECASE,
)
_RULE = re.compile(r"\s{0,3}[_=*-]{5,300}\s{0,3}$")
_QUOTES = re.compile(r"(?:[ \t\xa0]?>){1,20}[ \t\xa0]?")
_SPEC = re.compile(r"[^\s<>\"(),:;@\[\]«»]{1,200}@[^\s<>\"(),:;@\[\]«»']{1,250}")


@dataclass(slots=True)
class Line:
    depth: int  # how often it is quoted
    text: str


@dataclass(slots=True)
class Head:
    start: int  # its first line, marks and rules above it counted
    end: int  # the line after it
    depth: int
    said: dict[str, str] = field(default_factory=dict)  # from, date, to, subject
    label: str = ""  # what the sender stands under, as written: tells the language

    @property
    def sender(self) -> Address:
        return address_in(self.said["from"])


def lines_of(text: str) -> list[Line]:
    return [_line(line) for line in text.split("\n")]


def _line(line: str) -> Line:
    quotes = _QUOTES.match(line)
    return Line(quotes[0].count(">"), line[quotes.end() :]) if quotes else Line(0, line)


def heads_in(lines: Sequence[Line]) -> list[Head]:
    """Every head, in order."""
    found: list[Head] = []
    at = 0
    while at < min(len(lines), MOST_LINES):
        head = _block_at(lines, at) or _attribution_at(lines, at)
        if head:
            head.start = _with_marks_above(lines, head.start, found[-1].end if found else 0)
            found.append(head)
        at = head.end if head else at + 1
    return found


def first_mark(lines: Sequence[Line]) -> int | None:
    """The line that says "forwarded message", unless something quoted stands above it."""
    for at, line in enumerate(lines[:MOST_LINES]):
        if MARK.match(line.text[:LINE_CHARS]):
            return at
        if line.text.strip() and line.depth:
            return None
    return None


def _block_at(lines: Sequence[Line], at: int) -> Head | None:
    """Labels one under the other, the sender's and two more among them; a value may go on in the next line."""
    head = Head(at, at, lines[at].depth)
    if webmail := _WEBMAIL.match(lines[at].text[:LINE_CHARS]):
        head.said["date"] = webmail[1]
        at += 1
    elif not _LABEL.match(lines[at].text[:LINE_CHARS]):
        return None
    seen: set[str] = set()
    last = ""
    for place in range(at, min(at + _HEAD_LINES, len(lines))):
        text = lines[place].text[:LINE_CHARS].strip()
        label = _LABEL.match(text)
        name = (label.lastgroup if label.lastgroup != "value" else _named(label)) if label else ""
        if label and name and (name == "other" or name not in seen):
            seen.add(name)
            last = name
            head.said[name] = (label["value"] or "").strip(" \t|*_\xa0")
            if name == "from":
                head.label = label["from"].lower()
        elif text and last and (not head.said[last] or _goes_on(lines, place, seen)):
            head.said[last] = f"{head.said[last]} {text}".strip()
        elif text or not _goes_on(lines, place, seen):
            break
        head.end = place + 1
    proof = {"date", "subject", "to"} & {*seen, *head.said}
    return head if "from" in seen and head.said["from"] and len(proof) >= 2 else None


def _named(label: re.Match[str]) -> str:
    return next(name for name in _NAMES if label[name])


def _goes_on(lines: Sequence[Line], place: int, seen: set[str]) -> bool:
    """Whether the next line, or after a long list of recipients one a little further, is a label not seen yet."""
    after = [line.text[:LINE_CHARS].strip() for line in lines[place + 1 : place + 4]]
    for text in after:
        if found := _LABEL.match(text):
            return _named(found) not in seen
        if not text:
            return False
    return False


def _attribution_at(lines: Sequence[Line], at: int) -> Head | None:
    text = lines[at].text[:LINE_CHARS].strip()
    if not text[:8].lower().lstrip("«> -").startswith(("le ", "on ", "am ")):
        return None
    for more in range(3):  # wrapped at 76 letters
        if found := _WROTE.match(text):
            below = next(
                (line.depth for line in lines[at + more + 1 : at + more + 4] if line.text.strip()), 0
            )
            said = {"from": found["from"], "date": found["date"]}
            return Head(at, at + more + 1, below, said, text[:2].lower())
        if at + more + 1 >= len(lines):
            return None
        text = f"{text} {lines[at + more + 1].text[:LINE_CHARS].strip()}"
    return None


def _with_marks_above(lines: Sequence[Line], start: int, lowest: int) -> int:
    at = start
    for place in range(start - 1, max(lowest, start - 5) - 1, -1):
        text = lines[place].text[:LINE_CHARS]
        if MARK.match(text) or _ORIGINAL.match(text) or _RULE.match(text):
            at = place
        elif text.strip():
            break
    return at


def address_in(value: str) -> Address:
    """Name and address of the first person said; the address is "" where only a name is shown."""
    found = _SPEC.search(re.sub(r"mailto:", " ", value, flags=re.IGNORECASE))
    if not found:
        return Address(_name(value), "")
    spec = found[0].strip(".'*_")
    before = re.split(r"[<\[(]|mailto:", value, maxsplit=1, flags=re.IGNORECASE)[0]
    name = "" if "@" in before else _name(before)
    return Address("" if normalise_address(name) == normalise_address(spec) else name, spec)


def _name(text: str) -> str:
    return " ".join(text.strip(" \t\xa0\"'«»“”*_,;").split())[:200]
