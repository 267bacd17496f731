"""Attachments: the bytes of a part under a safe name."""

from __future__ import annotations

import mimetypes

from apaise.lib.mime.charset import decode
from apaise.lib.mime.mail import Attachment, Limits
from apaise.lib.mime.names import NAMELESS, clean_name
from apaise.lib.mime.parts import Part, read_fields
from apaise.lib.mime.transfer import undo

_ENDINGS = {
    "application/pdf": ".pdf",
    "application/pgp-signature": ".asc",
    "application/pkcs7-mime": ".p7m",
    "application/pkcs7-signature": ".p7s",
    "image/gif": ".gif",
    "image/heic": ".heic",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "message/delivery-status": ".txt",
    "message/disposition-notification": ".txt",
    "message/rfc822": ".eml",
    "text/calendar": ".ics",
    "text/csv": ".csv",
    "text/html": ".html",
    "text/plain": ".txt",
    "text/rfc822-headers": ".txt",
}


def attachment_of(raw: bytes, part: Part, limits: Limits, defects: list[str]) -> Attachment:
    content = content_of(raw, part, defects)
    given = part.filename
    if not given and part.type == "message/rfc822":
        given = _subject_of(content, limits)
    name = clean_name(given)
    ending = _ENDINGS.get(part.type, "")
    if name == NAMELESS or (part.type == "message/rfc822" and not name.lower().endswith(".eml")):
        name = clean_name(name + ending)
    content_id = part.headers.get("content-id").strip("<> ")[:300] or None
    inline = part.disposition == "inline" or (content_id is not None and part.disposition != "attachment")
    return Attachment(name, part.type, content, inline=inline, content_id=content_id)


def content_of(raw: bytes, part: Part, defects: list[str]) -> bytes:
    encoding = "" if part.unread else part.headers.get("content-transfer-encoding")
    data, defect = undo(raw[part.start : part.end], encoding)
    if defect:
        defects.append(defect)
    return data


def file_in_text(name: bytes, content: bytes) -> Attachment:
    """A file that stood in the text itself: its name is all it says about its type."""
    return file_named(decode(name, None)[0], content)


def file_named(name: str, content: bytes, kind: str = "") -> Attachment:
    safe = clean_name(name)
    known = kind or mimetypes.guess_type(safe, strict=False)[0] or "application/octet-stream"
    return Attachment(safe, known, content)


def _subject_of(mail: bytes, limits: Limits) -> str:
    """A forwarded mail is named by its subject."""
    fields, _ = read_fields(mail, 0, len(mail), limits, [])
    return fields.get("subject")[:120].replace("/", "-").replace("\\", "-")
