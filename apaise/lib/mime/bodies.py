"""Which parts are the words of the mail, and which are attachments."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property

from apaise.lib.mime import enriched
from apaise.lib.mime.charset import codec_of, decode
from apaise.lib.mime.doubled import undoubled
from apaise.lib.mime.enriched import ENRICHED
from apaise.lib.mime.envelopes import ENCRYPTED, ENCRYPTED_START, without_pgp
from apaise.lib.mime.files import attachment_of, content_of, file_in_text
from apaise.lib.mime.flowed import unflow
from apaise.lib.mime.history import may_mark_history, read_html
from apaise.lib.mime.mail import Attachment, Limits
from apaise.lib.mime.markup import Rendered, as_html, joined
from apaise.lib.mime.parts import Part
from apaise.lib.mime.transfer import cut_out_files

_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s{0,3}=\s{0,3}[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_LINE_ENDS = re.compile("[\x0b\x0c\u2028\u2029]")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ufeff]")
# The same mail once more for programs that are none of ours.
_NO_HTML = re.compile(
    r"\bhtml\b.{0,120}(?:support|affich|view|display|read|show|lire|li[rs]|prend|anzeig|darstell|visual)|(?:support|affich|view|display|lire|prend\w{0,3} (?:pas )?en charge|anzeig|darstell|visual).{0,120}\bhtml\b",
    re.IGNORECASE,
)
_LONGEST_EXCUSE = 300  # letters
# Of the kinds of text, those that no person writes or reads as such; an unknown one is plain (RFC 2046, 4.1.4).
_OF_PROGRAMS = frozenset(
    {
        "text/calendar",
        "text/csv",
        "text/vcard",
        "text/x-vcard",
        "text/directory",
        "text/rtf",
        "text/xml",
        "text/css",
    }
    | {"text/markdown", "text/x-markdown", "text/rfc822-headers"}
)
_OTHER_FORMS = frozenset({"text/x-amp-html", "text/watch-html"})


@dataclass
class Words:
    """One stretch of body: as text, as HTML, or the same in both."""

    plain: str | None = None
    html: str | None = None
    answers: bool = True  # it stands in a mail that answers one

    @property
    def has_plain(self) -> bool:
        return bool(self.plain and self.plain.strip())

    @property
    def text(self) -> str:
        if not self.html:
            return self.plain or ""
        return self.plain or "" if self.has_plain and not self._only_asks_for_html else self.rendered.text

    @cached_property
    def _only_asks_for_html(self) -> bool:
        """`Your program cannot show HTML`, and the words of the person are in the other form alone."""
        if not self.plain or len(self.plain) > _LONGEST_EXCUSE:
            return False
        plain = " ".join(self.plain.split())
        return (
            bool(_NO_HTML.search(plain))
            and len(self.rendered.text) > 1
            and plain[:30] not in " ".join(self.rendered.text.split())
        )

    @cached_property
    def rendered(self) -> Rendered:
        return read_html(self.html or "", answers=self.answers)


@dataclass(slots=True)
class Body:
    words: list[Words] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    answers: bool = True  # as its Words

    @property
    def text(self) -> str:
        return "\n".join(words.text.strip("\n") for words in self.words).strip("\n").rstrip()

    @property
    def html(self) -> str | None:
        """None unless some stretch came as HTML; then all of it, in order."""
        if not any(words.html is not None for words in self.words):
            return None
        return joined(
            [as_html(words.plain or "") if words.html is None else words.html for words in self.words]
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


def gather(raw: bytes, root: Part, limits: Limits, defects: list[str], *, answers: bool = True) -> Body:
    """Words and attachments as they stand in the tree; `enclosed` opens what is wrapped once more.

    answers    the mail answers one, so that what its HTML marks as earlier mail is that"""
    body = Body(answers=answers)
    _visit(_Reading(raw, limits, defects), root, body)
    return body


@dataclass(slots=True)
class _Reading:
    raw: bytes
    limits: Limits
    defects: list[str]
    taken: int = 0  # bytes of text so far


def _visit(reading: _Reading, part: Part, body: Body) -> None:
    if part.type == "multipart/alternative" and part.children:
        _visit_alternative(reading, part, body)
    elif part.children:  # the tree is no deeper than Limits.depth
        for child in part.children:
            if not _is_resource_fork(child, part):
                _visit(reading, child, body)
    elif _is_words(part, body):
        body.words.append(_words(reading, part, body))
    else:
        body.attachments.append(attachment_of(reading.raw, part, reading.limits, reading.defects))


def _is_resource_fork(part: Part, parent: Part) -> bool:
    """Of a file of old Macs, the half that only a Mac can use; the other half is the file."""
    is_double = parent.type == "multipart/appledouble" and len(parent.children) > 1
    return is_double and part.type == "application/applefile"


def _visit_alternative(reading: _Reading, part: Part, body: Body) -> None:
    """The same words several times: one stretch with both its forms."""
    inner = Body(answers=body.answers)
    for child in part.children:
        if child.type not in _OTHER_FORMS or len(part.children) == 1:
            _visit(reading, child, inner)
    plains = [words.plain for words in inner.words if words.plain is not None]
    htmls = [words.html for words in inner.words if words.html is not None]
    if plains or htmls:
        plain, html = "\n".join(plains) if plains else None, joined(htmls) if htmls else None
        body.words.append(Words(plain, html, body.answers))
    body.attachments.extend(inner.attachments)


def _is_words(part: Part, body: Body) -> bool:
    is_unknown_text = not part.depth and part.type.startswith("text/") and part.type not in _OF_PROGRAMS
    if part.unread or (part.type not in ("text/plain", "text/html") and not is_unknown_text):
        return False
    if not part.depth and (not part.filename or part.disposition != "attachment"):
        return True  # the whole mail; a program that calls it an attachment without a name is mistaken
    if part.disposition == "attachment":
        return False
    # A named text is a file, but some programs name the body itself; only the first can be that.
    return not part.filename or (not body.words and part.disposition != "inline" and part.depth <= 1)


def _words(reading: _Reading, part: Part, body: Body) -> Words:
    data = content_of(reading.raw, part, reading.defects)
    if part.type == "text/plain":
        data, files = cut_out_files(data)
        body.attachments.extend(file_in_text(*file) for file in files)
    most = min(reading.limits.text_bytes, reading.limits.all_text_bytes - reading.taken)
    reading.taken += min(len(data), most)
    if len(data) > most:
        data = data[:most]
        reading.defects.append("text-too-long")
    text, honest = _decoded(data, part)
    if not honest:
        reading.defects.append("bad-charset")
    text = undoubled(tidy(text))
    if part.type == "text/html":
        return Words(html=text, answers=body.answers)
    if part.type in ENRICHED:
        text = enriched.text_of(text)
    elif part.parameters.get("format", "").lower() == "flowed":
        text = unflow(text, delete_space=part.parameters.get("delsp", "").lower() == "yes")
    if text.lstrip().startswith(ENCRYPTED_START):
        reading.defects.append("encrypted")
        text = f"{ENCRYPTED}\n\n{text}"
    return Words(plain=without_pgp(text))


def _decoded(data: bytes, part: Part) -> tuple[str, bool]:
    label = part.parameters.get("charset")
    text, honest = decode(data, label)
    if part.type != "text/html" or (honest and codec_of(label)):
        return text, honest
    # The HTML may name its charset itself; the field is believed first, unless the bytes belie it.
    if (found := _META_CHARSET.search(data, 0, 2_000)) and (said := found[1].decode("ascii", "replace")):
        by_itself, honest_by_itself = decode(data, said)
        if not codec_of(label) or honest_by_itself:
            return by_itself, honest_by_itself
    return text, honest


def tidy(text: str) -> str:
    """One kind of line end, and no control characters."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _LINE_ENDS.sub("\n", text)
    return _CONTROLS.sub("", text)
