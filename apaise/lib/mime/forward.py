"""A mail inside a mail: what somebody passes on for somebody else, as that person wrote it.

Whether to ask is for the caller to know: a stranger who forwards speaks for himself. `unwrap` finds the first head that
is none of ours, in the text or as an attached mail, and never guesses further."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import Literal

from apaise.lib.mime.forward_dates import read_date
from apaise.lib.mime.forward_heads import Head, Line, first_mark, heads_in, lines_of
from apaise.lib.mime.history import About, trim
from apaise.lib.mime.mail import Address, Attachment, Mail, Unreadable
from apaise.lib.mime.read import read

IsOurs = Callable[[Address], bool]
_TAG = r"\s{0,3}(?:\[[^\]]{1,40}\]\s{0,3}){0,3}"
_SUBJECT = re.compile(
    _TAG + r"(?:tr|fw|fwd|wg|rv|i|trans|transf[ée]r[ée]?|weitergeleitet|forwarded)\s{0,3}:\s{0,3}",
    re.IGNORECASE,
)
_ANSWER = re.compile(_TAG + r"(?:re|r[ée]p|r[ée]f|aw|antw|sv|rif)\s{0,3}:", re.IGNORECASE)
_MARK_WORDS = ("forward", "transfér", "transfer", "réexp", "reexp", "weitergeleitet")
_MOST_ATTACHED = 20
_DEEPEST = 3
_SIGNATURE_LINES = 15


@dataclass(frozen=True, slots=True)
class Forwarded:
    """What was passed on, and what stood around it."""

    original: Mail | None  # as its own writer sent it; None: see `problem`
    words: str  # of the person who passes it on
    sent_at: datetime | None  # as the head says, aware
    problem: Literal["", "no_address", "several"] = ""


def unwrap(mail: Mail, is_ours: IsOurs, zone: tzinfo) -> Forwarded | None:
    """The forwarded mail, or None when nothing says that this is a forward.

    is_ours  tells the company's own people by address, or by name where there is no address
    zone     in which the hours of a copied head are read"""
    return _unwrap(mail, is_ours, zone, _DEEPEST)


def may_be_forward(mail: Mail) -> bool:
    """Whether a closer look is worth its time; most mails are told by this alone."""
    if is_forward_by_subject(mail.subject) or any(_is_mail(part) for part in mail.attachments):
        return True
    said = mail.text.lower()
    return any(word in said for word in _MARK_WORDS) and first_mark(lines_of(mail.text)) is not None


def is_forward_by_subject(subject: str) -> bool:
    return bool(_SUBJECT.match(subject))


def _unwrap(mail: Mail, is_ours: IsOurs, zone: tzinfo, depth: int) -> Forwarded | None:
    by_subject = is_forward_by_subject(mail.subject)
    lines = lines_of(mail.text)
    mark = first_mark(lines)
    if mark is not None and lines[mark].depth and _ANSWER.match(mail.subject):
        mark = None  # it stands in what is answered
    heads = heads_in(lines) if by_subject or mark is not None else []
    if mark is not None and not by_subject and heads and heads[0].start < mark:
        heads, mark = [], None  # an answer, whose history holds a forward
    theirs = next((head for head in heads if not is_ours(head.sender)), None)
    if theirs and theirs.sender.address:
        return _inline(mail, lines, theirs, zone)
    attached = _attached(mail, is_ours, zone, depth)
    if attached or not (by_subject or mark is not None):
        return attached
    return Forwarded(None, mail.text, None, "no_address")


def _inline(mail: Mail, lines: Sequence[Line], head: Head, zone: tzinfo) -> Forwarded:
    told, after = _below(lines, head)
    told, signature = _without_signature_of(mail, told)
    above = [_raw(line) for line in lines[: head.start]]
    words = "\n\n".join(part for part in (_joined(above), _joined(after), _joined(signature)) if part)
    text = _joined(told)
    day_first = None if head.label in ("from", "on") else True
    subject = head.said.get("subject", "") or _SUBJECT.sub("", mail.subject)
    number = _number_of_original(mail)
    original = replace(
        mail,
        from_=[head.sender],
        sender=None,
        reply_to=[],
        subject=_SUBJECT.sub("", subject).strip(),
        message_id=number,
        in_reply_to=None,
        references=[*mail.references, *([number] if number else [])],
        date=read_date(head.said.get("date", ""), zone, day_first=day_first),
        text=text,
        new_text=trim(text, About(subject, sender=head.sender)) or text,
        html=None,
    )
    return Forwarded(original, words, original.date)


def _number_of_original(mail: Mail) -> str | None:
    said = re.search(r"<[^<>\s]{1,900}>", mail.headers.get("x-forwarded-message-id"))
    return said[0] if said else mail.in_reply_to or next(reversed(mail.references), None)


def _below(lines: Sequence[Line], head: Head) -> tuple[list[str], list[str]]:
    """What stands under the head, and what is the forwarder's again below a forward that is quoted as a whole."""
    end = len(lines)
    if head.depth:
        others = (
            at for at in range(head.end, end) if lines[at].text.strip() and lines[at].depth < head.depth
        )
        end = next(others, end)
    return (
        [_raw(line, head.depth) for line in lines[head.end : end]],
        [_raw(line) for line in lines[end:]],
    )


def _without_signature_of(mail: Mail, told: list[str]) -> tuple[list[str], list[str]]:
    """Some programs put the signature of whoever forwards below everything."""
    name = mail.from_[0].name.lower() if mail.from_ else ""
    for at in range(len(told) - 1, max(-1, len(told) - _SIGNATURE_LINES), -1):
        if told[at].rstrip() == "--":
            below = " ".join(told[at:]).lower()
            return (told[:at], told[at:]) if name and name in below else (told, [])
    return told, []


def _raw(line: Line, without: int = 0) -> str:
    left = max(0, line.depth - without)
    return f"{'>' * left} {line.text}" if left else line.text


def _joined(lines: Sequence[str]) -> str:
    return "\n".join(line.rstrip() for line in lines).strip("\n").rstrip()


def _attached(mail: Mail, is_ours: IsOurs, zone: tzinfo, depth: int) -> Forwarded | None:
    inner = [one for part in mail.attachments[:_MOST_ATTACHED] if (one := _mail_in(part))]
    told = [found for one in inner if (found := _told_by(one, is_ours, zone, depth))]
    if not told:
        return None
    writers = {found.original.from_[0].address.lower() for found in told if found.original}
    if len(writers) > 1:
        return Forwarded(None, mail.text, None, "several")
    first = next((found for found in told if found.original), told[0])
    return replace(first, words="\n\n".join(part for part in (mail.text.strip(), first.words) if part))


def _told_by(inner: Mail, is_ours: IsOurs, zone: tzinfo, depth: int) -> Forwarded | None:
    if not inner.from_ or inner.auto:
        return None
    if not is_ours(inner.from_[0]):
        return Forwarded(inner, "", inner.date)
    return _unwrap(inner, is_ours, zone, depth - 1) if depth > 1 else None


def _mail_in(part: Attachment) -> Mail | None:
    if not _is_mail(part):
        return None
    try:
        return read(part.content)
    except Unreadable:
        return None


def _is_mail(part: Attachment) -> bool:
    return part.type == "message/rfc822" or part.name.lower().endswith(".eml")
