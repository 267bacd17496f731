"""Mails of an mbox, one after the other, in the memory of one mail, whatever the size of the file.

Where a mail begins is told by its `From ` line alone. A Content-Length is never believed: after one edit it is wrong,
and the mails behind it are lost. `>From ` is read as mboxo and mboxrd write it: one `>` is taken off."""

import re
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

PIECE = 64 * 1024  # a line may be as long as the file
_TIME = rb"\d{1,2}:\d{2}(?::\d{2})?"
_YEAR = rb"(?:19|20)\d{2}"
_STAMPED = re.compile(
    rb"From [^\n]{0,400}?(?:%b[^\n]{0,60}?\b%b\b|\b%b\b[^\n]{0,60}?%b)" % (_TIME, _YEAR, _YEAR, _TIME)
)
_BY_THE_BOOK = re.compile(
    rb"From [^\s\n]{1,320} +(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? +(?:[A-Z][a-z]{2} +\d{1,2}|\d{1,2} +[A-Z][a-z]{2}) +[^\n]{0,40}%b"
    % _TIME
)
_HEADER = re.compile(rb"[!-9;-~]{1,80}:|>From ")
_ESCAPED = re.compile(rb">+From ")
_BLANK = (b"\n", b"\r\n")
_FOLDER_DATA = b"FOLDER INTERNAL DATA"


class Found(NamedTuple):
    """One mail. `raw` is None when it is larger than asked for: it was read past, not kept."""

    number: int
    raw: bytes | None
    read: int  # bytes of the file read so far


def begins_one(head: bytes) -> bool:
    """Whether a file that begins like this is an mbox."""
    first, _newline, rest = head.partition(b"\n")
    return _STAMPED.match(first) is not None and (not rest or _is_header(rest) or rest.startswith(_BLANK))


def mails(file: BinaryIO, *, largest: int) -> Iterator[Found]:
    """Each mail of the mbox, without its `From ` line, in the order of the file."""
    current, read = _Mail(1, largest), 0
    after_blank = begins = True
    line = first = file.readline(PIECE)
    while line:
        following = None  # looked at only where it tells something: most lines are none of our business
        if begins and line.startswith(b"From "):
            following = file.readline(PIECE)
            if _separates(line, following, after_blank=after_blank):
                if read:
                    yield current.found(read)
                    current = _Mail(current.number + 1, largest)
            else:
                current.add(line)
        elif begins and line.startswith(b">") and _ESCAPED.match(line):
            current.add(line[1:])
        else:
            current.add(line)
        read += len(line)
        after_blank, begins = begins and line in _BLANK, line.endswith(b"\n")
        line = file.readline(PIECE) if following is None else following
    if first:
        yield current.found(read)


def is_folder_data(raw: bytes) -> bool:
    """The page some mail programs keep their own notes on, in front of the mails."""
    return _FOLDER_DATA in raw[:2000] and (b"\nX-IMAP" in raw[:2000] or raw.startswith(b"X-IMAP"))


def _separates(line: bytes, following: bytes, *, after_blank: bool) -> bool:
    by_the_book = _BY_THE_BOOK.match(line) is not None
    if not after_blank:
        return by_the_book and _is_header(following)
    if by_the_book:
        return True
    # A sentence may begin with “From ”; it has neither time and year nor header fields below.
    may_follow = not following or following in _BLANK or _is_header(following) or _STAMPED.match(following)
    return _STAMPED.match(line) is not None and bool(may_follow)


def _is_header(line: bytes) -> bool:
    return _HEADER.match(line) is not None


class _Mail:
    def __init__(self, number: int, largest: int) -> None:
        self.number, self.largest = number, largest
        self.raw, self.too_large = bytearray(), False

    def add(self, piece: bytes) -> None:
        if self.too_large:
            return
        if len(self.raw) + len(piece) > self.largest:
            self.raw, self.too_large = bytearray(), True
        else:
            self.raw += piece

    def found(self, read: int) -> Found:
        if self.too_large:
            return Found(self.number, None, read)
        end = (
            2 if self.raw.endswith(b"\n\r\n") else 1 if self.raw.endswith(b"\n\n") or self.raw == b"\n" else 0
        )
        return Found(self.number, bytes(self.raw[: len(self.raw) - end]), read)
