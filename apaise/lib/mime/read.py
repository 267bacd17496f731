"""The chain: bytes, parts, body, words, verdicts."""

from __future__ import annotations

import re

from apaise.lib.mime.addresses import parse_addresses
from apaise.lib.mime.bodies import Body
from apaise.lib.mime.dates import parse_date
from apaise.lib.mime.enclosed import gather_all
from apaise.lib.mime.fields import Fields, decode_words, plain
from apaise.lib.mime.history import About, are_answers_within, trim
from apaise.lib.mime.machine import machine_reason
from apaise.lib.mime.mail import Address, Limits, Mail
from apaise.lib.mime.opening import open_raw, refuse_what_is_no_mail
from apaise.lib.mime.parts import charset_of_words, split
from apaise.lib.mime.seen import Seen

_ID = re.compile(r"<\s{0,5}([^<>\s]{1,900})\s{0,5}>")
_BARE_ID = re.compile(r"[^<>\s,;()]{1,400}@[^<>\s,;()]{1,400}")
_INDEX_OF_A_FIRST_MAIL = 32  # letters of Thread-Index
_LIMITS = Limits()


def read(raw: bytes, limits: Limits = _LIMITS) -> Mail:
    """The mail in these bytes. Damage is told in `defects`; Unreadable only if there is no mail to speak of."""
    raw = open_raw(raw, limits)
    defects: list[str] = []
    root = split(raw, limits, defects)
    headers = root.headers
    refuse_what_is_no_mail(headers)
    headers.charset = charset_of_words(root)
    subject = headers.get("subject")
    senders, to, cc = (_addresses(headers, name, limits) for name in ("from", "to", "cc"))
    about = About(subject, _answers(headers), next(iter(senders), None), (*to, *cc))
    body = gather_all(raw, root, limits, defects, answers=not about.opens)
    text, report_type = body.text, root.parameters.get("report-type", "")
    if headers.is_cut("subject"):
        defects.append("header-too-long")
    if not senders:
        defects.append("no-sender")
    first = senders[0].address if senders else ""
    new_text = _new_words(body, text, about)
    return Mail(
        from_=senders,
        sender=next(iter(_addresses(headers, "sender", limits)), None),
        reply_to=_addresses(headers, "reply-to", limits),
        to=to,
        cc=cc,
        subject=subject,
        message_id=next(iter(_ids(headers, "message-id")), None),
        in_reply_to=next(iter(_ids(headers, "in-reply-to")), None),
        references=_ids(headers, "references")[-limits.references :],
        date=parse_date(headers.get("date")),
        text=text,
        new_text=new_text,
        html=body.html,
        attachments=body.attachments,
        auto=machine_reason(
            Seen(headers, root.type, report_type, first, subject, text, new_text, body.attachments)
        ),
        defects=list(dict.fromkeys(defects)),
        headers=headers,
    )


def _answers(headers: Fields) -> bool:
    """Whether this mail names one that it answers; Outlook's index grows with each answer."""
    return (
        "in-reply-to" in headers
        or "references" in headers
        or len(headers.get("thread-index")) > _INDEX_OF_A_FIRST_MAIL
    )


def _new_words(body: Body, text: str, about: About) -> str:
    """The lines of a plain form are asked first; where they tell less, or are missing, the marks of the HTML."""
    marked = None if about.passes_on else body.kept_of_html
    if marked is None or are_answers_within(marked):
        return trim(text, about)
    if body.came_as_html_only:
        return trim(marked, about)
    by_lines, by_marks = trim(text, about), trim(marked, about)
    told_nothing = by_lines.strip() == text.strip()
    return by_marks if told_nothing or _letters(by_lines).startswith(_letters(by_marks)) else by_lines


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def _addresses(headers: Fields, name: str, limits: Limits) -> list[Address]:
    found: list[Address] = []
    for source in headers.sources(name)[:20]:
        found.extend(parse_addresses(source, most=limits.addresses - len(found)))
    return found[: limits.addresses]


def _ids(headers: Fields, name: str) -> list[str]:
    """Message ids in <angle brackets>, each once. Commas between them and missing brackets both occur."""
    found: list[str] = []
    for value in map(plain, map(decode_words, headers.sources(name)[:20])):
        ids = _ID.findall(value) or _BARE_ID.findall(value)
        found.extend(f"<{one}>" for one in ids)
    return list(dict.fromkeys(found))
