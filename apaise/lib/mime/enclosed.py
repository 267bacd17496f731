"""What a mail holds wrapped once more: signed S/MIME, winmail.dat; and its words of last resort.

Opened one layer deep: whoever wraps a wrapping is not writing to us."""

from __future__ import annotations

from dataclasses import replace

from apaise.lib.mime.bodies import Body, Words, gather, tidy
from apaise.lib.mime.charset import decode
from apaise.lib.mime.enriched import ENRICHED, text_of
from apaise.lib.mime.envelopes import ENCRYPTED, unsigned
from apaise.lib.mime.files import file_named
from apaise.lib.mime.invitation import in_words
from apaise.lib.mime.mail import Attachment, Limits
from apaise.lib.mime.parts import Part, split
from apaise.lib.mime.tnef import read_tnef

_SMIME = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_PGP = "application/pgp-encrypted"
_TNEF = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
_MOST_MAILS = 10
_MOST_WRAPPINGS = 5  # opened in one mail; what is more stays an attachment


def gather_all(raw: bytes, root: Part, limits: Limits, defects: list[str], *, answers: bool = True) -> Body:
    """The body with what its attachments hold, and with words where it has none.

    answers    the mail answers one, so that what its HTML marks as earlier mail is that"""
    body = gather(raw, root, limits, defects, answers=answers)
    encrypted = any(one.type == _PGP for one in body.attachments)
    wrappings = [one for one in body.attachments if _is_tnef(one) or _is_smime(one)]
    for attachment in wrappings[:_MOST_WRAPPINGS]:
        if _is_tnef(attachment):
            _open_tnef(attachment, body, limits, defects)
        elif (inner := unsigned(attachment.content)) is not None:
            _add_mail(inner, body, limits, defects)
        else:
            encrypted = True
    if encrypted:
        defects.append("encrypted")
    if not _has_words(body):
        text = ENCRYPTED if encrypted else _words_of_last_resort(body.attachments, limits)
        if text:
            body.words.append(Words(text))
    return body


def _is_tnef(attachment: Attachment) -> bool:
    return attachment.type in _TNEF or attachment.name.lower() == "winmail.dat"


def _is_smime(attachment: Attachment) -> bool:
    return attachment.type in _SMIME or attachment.name.lower() == "smime.p7m"


def _has_words(body: Body) -> bool:
    return any(words.text.strip() for words in body.words)


def _add_mail(raw: bytes, body: Body, limits: Limits, defects: list[str]) -> None:
    inner = _gathered(raw, limits, defects, answers=body.answers)
    body.words.extend(inner.words)
    body.attachments.extend(inner.attachments)


def _gathered(raw: bytes, limits: Limits, defects: list[str], *, answers: bool = True) -> Body:
    """The body of an enclosed mail, whose own enclosures stay closed."""
    inner = replace(limits, parts=limits.parts // 3, depth=limits.depth // 3)
    root = split(raw, inner, defects)
    return gather(raw, root, limits, defects, answers=answers)


def _open_tnef(attachment: Attachment, body: Body, limits: Limits, defects: list[str]) -> None:
    found = read_tnef(attachment.content)
    if found is None or not found.is_whole:
        defects.append("bad-tnef")
    if found is None:
        return
    files = [file_named(one.name, one.content, one.type) for one in found.files]
    if files or found.has_words:
        # Its content stands in its place; the raw mail keeps it as it came.
        body.attachments.remove(attachment)
    body.attachments.extend(files)
    if not _has_words(body) and found.has_words:
        plain, html = tidy(found.text[: limits.text_bytes]), tidy(found.html[: limits.text_bytes])
        body.words.append(Words(plain or None, html or None, body.answers))


def _words_of_last_resort(attachments: list[Attachment], limits: Limits) -> str:
    """Of an invitation, of texts in no form we show, of mails sent on as files: better than an empty case."""
    said: list[str] = []
    for attachment in attachments:
        if attachment.type == "text/calendar":
            said.append(in_words(attachment.content))
        elif attachment.type in ENRICHED:
            said.append(text_of(tidy(decode(attachment.content[: limits.text_bytes], None)[0])))
        elif attachment.type in ("text/markdown", "text/x-markdown"):
            said.append(decode(attachment.content[: limits.text_bytes], None)[0])
    if not any(said):
        mails = [one for one in attachments if one.type == "message/rfc822"][:_MOST_MAILS]
        said = [_gathered(one.content, limits, []).text for one in mails]
    return tidy("\n\n".join(text for text in said if text)[: limits.text_bytes])
