"""Which parts are the words of the mail, and which are attachments."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property

from apaise.lib.mime.charset import codec_of, decode
from apaise.lib.mime.flowed import unflow
from apaise.lib.mime.history import may_mark_history, read_html
from apaise.lib.mime.mail import Attachment, Limits
from apaise.lib.mime.markup import Rendered, as_html
from apaise.lib.mime.names import NAMELESS, clean_name
from apaise.lib.mime.parts import Part, read_fields
from apaise.lib.mime.transfer import undo

_ENDINGS = {
    "application/pdf": ".pdf",
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
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s{0,3}=\s{0,3}[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ufeff]")


@dataclass
class Words:
    """One stretch of body: as text, as HTML, or the same in both."""

    plain: str | None = None
    html: str | None = None

    @property
    def has_plain(self) -> bool:
        return bool(self.plain and self.plain.strip())

    @property
    def text(self) -> str:
        return self.plain or "" if self.has_plain or not self.html else self.rendered.text

    @cached_property
    def rendered(self) -> Rendered:
        return read_html(self.html or "")


@dataclass(slots=True)
class Body:
    words: list[Words] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(words.text.strip("\n") for words in self.words).strip("\n").rstrip()

    @property
    def html(self) -> str | None:
        """None unless some stretch came as HTML; then all of it, in order."""
        if not any(words.html is not None for words in self.words):
            return None
        return "\n".join(
            words.html if words.html is not None else as_html(words.plain or "") for words in self.words
        )

    @property
    def came_as_html_only(self) -> bool:
        return not any(words.has_plain for words in self.words)

    @property
    def kept_of_html(self) -> str | None:
        """The text without what the HTML marks as history; None if it marks none, or all."""
        if not any(words.html and may_mark_history(words.html) for words in self.words):
            return None
        kept = [words.rendered.kept if words.html else None for words in self.words]
        if all(one is None for one in kept):
            return None
        texts = [words.text if one is None else one for words, one in zip(self.words, kept, strict=True)]
        return "\n".join(texts).strip() or None


def gather(raw: bytes, root: Part, limits: Limits, defects: list[str]) -> Body:
    body = Body()
    _visit(_Reading(raw, limits, defects), root, body)
    return body


@dataclass(slots=True)
class _Reading:
    raw: bytes
    limits: Limits
    defects: list[str]


def _visit(reading: _Reading, part: Part, body: Body) -> None:
    if part.type == "multipart/alternative" and part.children:
        _visit_alternative(reading, part, body)
    elif part.children:  # the tree is no deeper than Limits.depth
        for child in part.children:
            _visit(reading, child, body)
    elif _is_words(part, body):
        body.words.append(_words(reading, part))
    else:
        body.attachments.append(_attachment(reading, part))


def _visit_alternative(reading: _Reading, part: Part, body: Body) -> None:
    """The same words several times: one stretch with both its forms."""
    inner = Body()
    for child in part.children:
        _visit(reading, child, inner)
    plains = [words.plain for words in inner.words if words.plain is not None]
    htmls = [words.html for words in inner.words if words.html is not None]
    if plains or htmls:
        body.words.append(Words("\n".join(plains) if plains else None, "\n".join(htmls) if htmls else None))
    body.attachments.extend(inner.attachments)


def _is_words(part: Part, body: Body) -> bool:
    if part.unread or part.type not in ("text/plain", "text/html") or part.disposition == "attachment":
        return False
    # A named text is a file, but some programs name the body itself; only the first can be that.
    return not part.filename or (not body.words and part.disposition != "inline" and part.depth <= 1)


def _words(reading: _Reading, part: Part) -> Words:
    data = _content(reading, part)
    if len(data) > reading.limits.text_bytes:
        data = data[: reading.limits.text_bytes]
        reading.defects.append("text-too-long")
    label = part.parameters.get("charset")
    if part.type == "text/html" and not codec_of(label) and (found := _META_CHARSET.search(data, 0, 2_000)):
        label = found[1].decode("ascii", "replace")
    text, honest = decode(data, label)
    if not honest:
        reading.defects.append("bad-charset")
    text = _tidy(text)
    if part.type == "text/html":
        return Words(html=text)
    if part.parameters.get("format", "").lower() == "flowed":
        text = unflow(text, delete_space=part.parameters.get("delsp", "").lower() == "yes")
    return Words(plain=text)


def _tidy(text: str) -> str:
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\u2028" in text:
        text = text.replace("\u2028", "\n")
    return _CONTROLS.sub("", text)


def _content(reading: _Reading, part: Part) -> bytes:
    encoding = part.headers.get("content-transfer-encoding").lower().strip(" ;\"'")
    data, defect = undo(reading.raw[part.start : part.end], "" if part.unread else encoding)
    if defect:
        reading.defects.append(defect)
    return data


def _attachment(reading: _Reading, part: Part) -> Attachment:
    content = _content(reading, part)
    given = part.filename
    if not given and part.type == "message/rfc822":
        given = _subject_of(content, reading.limits)
    name = clean_name(given)
    ending = _ENDINGS.get(part.type, "")
    if name == NAMELESS or (part.type == "message/rfc822" and not name.lower().endswith(".eml")):
        name = clean_name(name + ending)
    content_id = part.headers.get("content-id").strip("<> ")[:300] or None
    inline = part.disposition == "inline" or (content_id is not None and part.disposition != "attachment")
    return Attachment(name, part.type, content, inline=inline, content_id=content_id)


def _subject_of(mail: bytes, limits: Limits) -> str:
    """A forwarded mail is named by its subject."""
    try:
        fields, _ = read_fields(mail, 0, len(mail), limits, [])
    except ValueError:
        return ""
    return fields.get("subject")[:120].replace("/", "-").replace("\\", "-")
