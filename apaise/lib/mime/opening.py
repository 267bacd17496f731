"""Before any parsing: can these bytes be a mail, and do they begin where a mail begins?"""

from __future__ import annotations

import re

from apaise.lib.mime.charset import from_wide
from apaise.lib.mime.fields import Fields
from apaise.lib.mime.mail import Limits, Unreadable

_KNOWN = frozenset(
    "from to cc subject date message-id mime-version content-type received return-path sender reply-to"  # noqa: SIM905
    " in-reply-to references delivered-to x-mailer user-agent content-transfer-encoding dkim-signature"
    " envelope-to x-original-to".split()
)

_WIDE_START = re.compile(rb"(?:[!-~]\0){4}|(?:\0[!-~]){4}")
_HEADER_OF_CRS = re.compile(rb"[!-9;-~]{1,80}:[^\r\n]{0,2000}\r[!-9;-~]{1,80}:")


def open_raw(raw: bytes, limits: Limits) -> bytes:
    """The same mail without a byte order mark, blank lines at its top or line ends of one CR only."""
    if len(raw) > limits.bytes:
        raise Unreadable("too-big", f"The message is larger than {limits.bytes // 1024 // 1024} MB.")
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")) or _WIDE_START.match(raw):
        raw = from_wide(raw, "utf_16")[0].encode()
    raw = raw.removeprefix(b"\xef\xbb\xbf")
    if raw[:1] in (b"", b"\r", b"\n", b" ", b"\t", b"\0"):
        raw = raw.lstrip(b" \t\r\n\0")
        if not raw:
            raise Unreadable("empty", "The message is empty.")
    return _with_plain_line_ends(raw)


def _with_plain_line_ends(raw: bytes) -> bytes:
    first = raw.find(b"\n")
    if b"\r" not in raw[:first]:
        return raw
    if raw[first - 2 : first] == b"\r\r":  # each line end went through one translation too many
        return raw.replace(b"\r\r\n", b"\r\n")
    if first < 0 or _HEADER_OF_CRS.match(raw):
        return raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return raw


def refuse_what_is_no_mail(headers: Fields) -> None:
    if not any(name in _KNOWN for name in headers.names()):
        raise Unreadable("not-a-mail", "This is not a mail: it has none of the header fields a mail has.")
