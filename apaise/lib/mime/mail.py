"""What reading a mail gives: `Mail` and its pieces, or `Unreadable` with a reason."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from apaise.lib.mime.fields import Fields


class Unreadable(ValueError):
    """Nothing sensible can be made of these bytes. `code` is for programs, `reason` for people."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a mail is read. Real mail stays far below; past a limit the rest is left, not guessed."""

    bytes: int = 128 * 1024 * 1024
    header_bytes: int = 512 * 1024  # of one part
    header_fields: int = 5_000
    value_chars: int = 10_000  # one decoded header value
    parts: int = 300
    depth: int = 30
    text_bytes: int = 2 * 1024 * 1024  # one text or HTML part
    all_text_bytes: int = 8 * 1024 * 1024  # all of them together
    html_chars: int = 1_000_000  # given to the HTML parser
    addresses: int = 1_000
    references: int = 200


@dataclass(frozen=True, slots=True)
class Address:
    name: str
    address: str  # as written; compare with same_address()


@dataclass(frozen=True)
class Attachment:
    name: str  # always safe as a file name
    type: str
    content: bytes = field(repr=False)
    inline: bool = False
    content_id: str | None = None

    @property
    def size(self) -> int:
        return len(self.content)

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


# Why a machine wrote it, where that is no answer to a mail of ours.
_NO_ANSWERS = frozenset({"bounce", "mailing-list", "bulk", "loop"})


@dataclass(frozen=True)
class Mail:
    """One mail, decoded. Every string is free of NUL; header strings also of line breaks and controls."""

    from_: list[Address]
    sender: Address | None
    reply_to: list[Address]
    to: list[Address]
    cc: list[Address]
    subject: str
    message_id: str | None  # always in <angle brackets>, like the two below
    in_reply_to: str | None
    references: list[str]
    date: datetime | None  # aware, UTC
    text: str  # all of it, quoted history included
    new_text: str  # what this writer added: no history, no signature
    html: str | None = field(repr=False)
    attachments: list[Attachment]
    auto: str | None  # None: a person wrote it
    defects: list[str]
    headers: Fields = field(repr=False)

    @property
    def is_bounce(self) -> bool:
        """A final failure to deliver; a delay notice or a read receipt is none."""
        return self.auto == "bounce"

    @property
    def is_auto_reply(self) -> bool:
        """Written by a program: absence notes, receipts, delays, complaints of a provider, notifications."""
        return self.auto is not None and self.auto not in _NO_ANSWERS

    # The two below cost more than all the rest and are not always wanted, so they wait to be asked.
    @cached_property
    def html_sanitised(self) -> str | None:
        from apaise.lib.mime.safe_html import sanitise

        return None if self.html is None else sanitise(self.html)

    @cached_property
    def language(self) -> str:
        """ISO 639-1 code, or "und" when the words do not tell."""
        from apaise.lib.mime.tongue import guess

        return guess(f"{self.new_text or self.text}\n{self.subject}")
