"""The tree of parts, cut top-down by offsets into the raw bytes.

Nothing is copied and nothing recurses while cutting, so ten thousand nested parts or fifty megabytes
cost one scan a level, and levels are capped. A part that lost its end still has its beginning."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from apaise.lib.mime.fields import Fields
from apaise.lib.mime.mail import Limits
from apaise.lib.mime.parameters import parse_parameters

_NAME = re.compile(rb"([!-9;-~]{1,200})[ \t]{0,20}:")
_GUESSED = re.compile(rb"\s{0,20}--([^\s]{1,100}?)[ \t]{0,20}\r?\n")
_GUESSED_LATER = re.compile(rb"\n--([^\s]{1,100})[ \t]{0,20}\r?\n(?=content-[a-z-]{2,40}:)", re.IGNORECASE)
_PREAMBLE = 10_000
_END_OF_DELIMITER = re.compile(rb"(--)?[ \t]{0,100}(?:\r?\n|\Z)")
_MOST_MISSES = 10_000
_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,100}/[a-z0-9!#$&^_.+-]{1,100}")


@dataclass(slots=True)
class Part:
    """One part: its fields, and where its body lies in the raw bytes."""

    headers: Fields
    start: int
    end: int
    depth: int
    type: str = "text/plain"
    parameters: dict[str, str] = field(default_factory=dict)
    disposition: str = ""
    filename: str = ""
    children: list[Part] = field(default_factory=list)
    unread: bool = False  # a multipart that the limits left uncut


def split(raw: bytes, limits: Limits, defects: list[str]) -> Part:
    """The root part with all its children."""
    root = _part(raw, 0, len(raw), 0, "text/plain", limits, defects)
    waiting = [root]
    count = 1
    while waiting:
        part = waiting.pop(0)
        if not part.type.startswith("multipart/"):
            continue
        if part.depth >= limits.depth or count >= limits.parts:
            defects.append("too-deep" if part.depth >= limits.depth else "too-many-parts")
            part.unread = True
            continue
        usual = "message/rfc822" if part.type == "multipart/digest" else "text/plain"
        for start, end in _bodies(raw, part, limits.parts - count, defects):
            part.children.append(_part(raw, start, end, part.depth + 1, usual, limits, defects))
        count += len(part.children)
        if part.children:
            waiting.extend(part.children)
        else:  # a multipart in name only
            part.type = "text/plain"
    return root


def charset_of_words(root: Part) -> str | None:
    """The label of the first text in the tree."""
    waiting = [root]
    while waiting:
        part = waiting.pop()
        if part.type.startswith("text/") and "charset" in part.parameters:
            return part.parameters["charset"]
        waiting.extend(reversed(part.children))
    return None


def read_fields(raw: bytes, start: int, end: int, limits: Limits, defects: list[str]) -> tuple[Fields, int]:
    """The header fields from `start`, and where the body begins."""
    stop = _header_end(raw, start, end)
    pairs: list[tuple[str, list[bytes]]] = []
    if stop - start > limits.header_bytes:
        defects.append("headers-too-long")
    lines = raw[start : min(stop, start + limits.header_bytes)].split(b"\n")
    at = start
    for number, line in enumerate(lines):
        if line[:1] in (b" ", b"\t") and pairs:
            pairs[-1][1].append(line)
        elif found := _NAME.match(line):
            if len(pairs) == limits.header_fields:
                defects.append("too-many-headers")
                break
            pairs.append((found[1].decode("ascii").lower(), [line[found.end() :]]))
        elif line.strip() and not line.startswith((b"From ", b">From ")):
            defects.append("bad-header")
            following = lines[number + 1] if number + 1 < len(lines) else b""
            if pairs and not _NAME.match(following):
                stop = at  # the empty line was forgotten: this is the body already
                break
        at += len(line) + 1
    fields = Fields(((name, b"\n".join(value)) for name, value in pairs), value_chars=limits.value_chars)
    return fields, _after_blank_line(raw, stop, end)


def _header_end(raw: bytes, start: int, end: int) -> int:
    if raw[start : start + 1] == b"\n" or raw[start : start + 2] == b"\r\n":
        return start
    ends = [place for gap in (b"\n\n", b"\n\r\n") if (place := raw.find(gap, start, end)) >= 0]
    return min(ends) + 1 if ends else end


def _after_blank_line(raw: bytes, stop: int, end: int) -> int:
    if raw[stop : stop + 1] == b"\n":
        return min(stop + 1, end)
    return min(stop + 2, end) if raw[stop : stop + 2] == b"\r\n" else stop


def _part(
    raw: bytes, start: int, end: int, depth: int, usual: str, limits: Limits, defects: list[str]
) -> Part:
    fields, body = read_fields(raw, start, end, limits, defects)
    part = Part(fields, body, end, depth, usual)
    if "content-type" in fields:
        kind, part.parameters = parse_parameters(fields.source("content-type"))
        kind = kind.replace('"', "").replace(" /", "/").replace("/ ", "/").partition(" ")[0].rstrip(",")
        if _TYPE.fullmatch(kind):
            part.type = kind
    if "content-disposition" in fields:
        part.disposition, more = parse_parameters(fields.source("content-disposition"))
        part.filename = more.get("filename", "")
    part.filename = part.filename or part.parameters.get("name", "")
    return part


def _bodies(raw: bytes, part: Part, most: int, defects: list[str]) -> list[tuple[int, int]]:
    """Where each child of a multipart begins and ends."""
    given = part.parameters.get("boundary", "").rstrip()
    boundary = given.encode("utf-8", "replace")
    spans, closed = _spans(raw, part, boundary, most) if boundary else ([], False)
    if not spans and not given.isascii():  # written in one charset, read in another
        spans, closed = _spans(raw, part, given.encode("cp1252", "replace"), most)
    if not spans and (guess := _guess(raw, part)):
        defects.append("bad-boundary")
        spans, closed = _spans(raw, part, guess[1], most)
    if not spans:
        defects.append("no-boundary")
    elif len(spans) > most:
        defects.append("too-many-parts")
        spans[most - 1 :] = [(spans[most - 1][0], part.end)]  # the last one read keeps all that follows
    elif not closed:
        defects.append("truncated")
    return spans


def _guess(raw: bytes, part: Part) -> re.Match[bytes] | None:
    """The first line that looks like a delimiter: at the very top, or with a header field below it."""
    far = min(part.end, part.start + _PREAMBLE)
    return _GUESSED.match(raw, part.start, part.end) or _GUESSED_LATER.search(raw, part.start, far)


def _spans(raw: bytes, part: Part, boundary: bytes, most: int) -> tuple[list[tuple[int, int]], bool]:
    """Start and end of what stands between delimiter lines, and whether the last one was closed.

    A delimiter after the closing one opens a part all the same: a part within used the same boundary."""
    line = b"--" + boundary
    spans: list[tuple[int, int]] = []
    start = -1  # of the part that is open
    at = part.start
    misses = 0  # lines that only begin like a delimiter
    while misses < _MOST_MISSES and len(spans) <= most and (at := raw.find(line, at, part.end)) >= 0:
        after = at + len(line)
        shape = _END_OF_DELIMITER.match(raw, after, part.end)
        if shape and (at == part.start or raw[at - 1 : at] == b"\n"):
            before = at - 1 if at > part.start else at
            before -= raw[before - 1 : before] == b"\r" and before > part.start
            if start >= 0:
                spans.append((start, max(start, before)))
            elif shape[1]:
                misses += 1
            start = -1 if shape[1] else shape.end()
        else:
            misses += 1
        at = after
    if start >= 0:
        spans.append((start, part.end))
    return spans, start < 0
