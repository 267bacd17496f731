"""Transcripts of what was spoken: WebVTT, SRT, and plain text with a name before each turn.

The three give the same: turns in the order of the file, and what its notes say (`NOTE case: R-2026-00012`)."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from apaise.lib.mime.charset import decode

MOST_TURNS = 20_000
LONGEST_NAME = 80
_CLOCK = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2})(?:[.,](\d{1,3}))?"
_TIMES = re.compile(rf"\s*{_CLOCK}\s*-->\s*{_CLOCK}(?:\s.*)?")
_BEGINS_SRT = re.compile(rf"\s*\d{{1,6}}\s*\n\s*{_CLOCK}\s*-->")
_NOTE = re.compile(r"NOTE(?:\s+|$)")
_NOTED = re.compile(r"([A-Za-z_ -]{2,20}?)\s*:\s*(.+)")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]*)>")
_TAG = re.compile(r"</?(?:[a-z]+(?:\.[^\s>]*)?(?:\s[^>]*)?|\d[\d:.]*)>", re.IGNORECASE)
_NAME = r"([^\W\d_][^:\n<>\[\]]{0,79}?)"
_NAMED = re.compile(rf"\s*{_NAME}\s?:\s+(\S.*)|\s*{_NAME}\s?:\s*")
_TIMED = re.compile(rf"\s*[\[(]?{_CLOCK}[\])]?\s*[-–—]?\s*(.*)")
_MOST_WORDS_OF_A_NAME = 4


@dataclass(frozen=True, slots=True)
class Said:
    """One turn: who, from when to when (milliseconds from the start, None when not told), and what."""

    speaker: str
    text: str
    start_ms: int | None = None
    end_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Transcript:
    turns: list[Said]
    notes: dict[str, str] = field(default_factory=dict)


class Broken(ValueError):
    """It cannot be read as a transcript. `code` says why: bad_time, no_time, cut, nothing, too_long."""

    def __init__(self, code: str, line: int) -> None:
        super().__init__(f"{code} in line {line}")
        self.code, self.line = code, line


def decoded(raw: bytes) -> str:
    """The text of the file: UTF-8, UTF-16 (with its mark or without) or cp1252, line ends made one."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = raw.decode("utf-16", "replace")
    elif raw[1:40:2].count(0) > 12:
        text = raw.decode("utf-16-le", "replace")
    elif raw[0:40:2].count(0) > 12:
        text = raw.decode("utf-16-be", "replace")
    else:
        text = decode(raw.removeprefix(b"\xef\xbb\xbf"), None)[0]
    text = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff").replace("\0", "")
    return re.sub("[\ud800-\udfff]", "\ufffd", text)


def form_of(text: str) -> str:
    """vtt, srt or txt; "" for what is none of them."""
    if text.startswith("WEBVTT"):
        return "vtt"
    if _BEGINS_SRT.match(text):
        return "srt"
    lines = [line for line in text.split("\n")[:60] if line.strip() and not _NOTE.match(line)]
    opening = sum(_opens_turn(line, timed=False) is not None for line in lines)
    return "txt" if lines and _opens_turn(lines[0], timed=False) and opening * 3 >= len(lines) else ""


def read(raw: bytes) -> Transcript:
    """The turns and notes of a transcript. Raises Broken, which names the line."""
    text = decoded(raw)
    lines = text.split("\n")
    notes: dict[str, str] = {}
    turns = (
        list(_cues(lines, notes))
        if form_of(text) in ("vtt", "srt") or any("-->" in line for line in lines[:50])
        else list(_plain(lines, notes))
    )
    if not turns:
        raise Broken("nothing", len(lines))
    if len(turns) > MOST_TURNS:
        raise Broken("too_long", len(lines))
    return Transcript(turns, notes)


# --- WebVTT and SRT: blocks between blank lines ----------------------------------------------------------


def _cues(lines: list[str], notes: dict[str, str]) -> Iterator[Said]:
    blocks = list(_blocks(lines))
    speaker, has_voices = "", any(_VOICE.search(line) for line in lines)
    for number, block in blocks:
        if block[0].startswith(("WEBVTT", "STYLE", "REGION")):
            continue
        if _NOTE.match(block[0]):
            _take_notes([_NOTE.sub("", block[0], count=1), *block[1:]], notes)
            continue
        at = 0 if "-->" in block[0] else 1
        if len(block) <= at or "-->" not in block[at]:
            raise Broken("no_time", number + min(at, len(block) - 1))
        times = _TIMES.fullmatch(block[at])
        if times is None:
            raise Broken("bad_time", number + at)
        words, is_last = "\n".join(block[at + 1 :]), number == blocks[-1][0]
        if is_last and (not words.strip() or words.rfind("<") > words.rfind(">")):
            raise Broken("cut", number + len(block) - 1)
        start, end = _ms(times.groups()[:4]), _ms(times.groups()[4:])
        for voice, said in _voices(words):
            speaker, said = (voice, said) if voice or has_voices else _named(said, speaker)
            if said:
                yield Said(speaker, said, start, end if end >= start else None)


def _blocks(lines: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Each block with the number of its first line."""
    begun, block = 1, list[str]()
    for number, line in enumerate(lines, start=1):
        if line.strip():
            begun = begun if block else number
            block.append(line)
        elif block:
            yield begun, block
            block = []
    if block:
        yield begun, block


def _voices(words: str) -> Iterator[tuple[str, str]]:
    """(speaker, what they say) of one cue; one may hold several voices."""
    pieces = _VOICE.split(words)
    yield "", _clean(pieces[0])
    for voice, said in zip(pieces[1::2], pieces[2::2], strict=True):
        yield _clean(voice)[:LONGEST_NAME], _clean(said)


def _named(said: str, before: str) -> tuple[str, str]:
    """A cue that names nobody goes on with whoever spoke before."""
    found = _name_and_words(said)
    return found if found else (before, said)


def _clean(words: str) -> str:
    return " ".join(html.unescape(_TAG.sub("", words)).split())


# --- plain text ------------------------------------------------------------------------------------------


def _plain(lines: list[str], notes: dict[str, str]) -> Iterator[Said]:
    timed = sum(_opens_turn(line, timed=True) is not None for line in lines) >= 2
    turn: Said | None = None
    for line in lines:
        if _NOTE.match(line):
            _take_notes([_NOTE.sub("", line, count=1)], notes)
        elif found := _opens_turn(line, timed=timed):
            if turn:
                yield turn
            turn = found
        elif turn and line.strip():
            turn = Said(turn.speaker, f"{turn.text} {' '.join(line.split())}".strip(), turn.start_ms)
        elif line.strip():  # words before anybody is named
            turn = Said("", " ".join(line.split()))
    if turn:
        yield turn


def _opens_turn(line: str, *, timed: bool) -> Said | None:
    """The turn this line begins; `timed`: only a time begins one."""
    clock = _TIMED.fullmatch(line)
    if timed and not clock:
        return None
    rest = clock[5] if clock else line
    named = _name_and_words(rest)
    start = _ms(clock.groups()[:4]) if clock else None
    if named:
        return Said(named[0], named[1], start)
    return Said("", " ".join(rest.split()), start) if timed and rest.strip() else None


def _name_and_words(line: str) -> tuple[str, str] | None:
    found = _NAMED.fullmatch(line)
    if not found:
        return None
    name = " ".join((found[1] or found[3]).split())
    if len(name.split()) > _MOST_WORDS_OF_A_NAME:
        return None
    return name[:LONGEST_NAME], " ".join((found[2] or "").split())


def _take_notes(lines: list[str], notes: dict[str, str]) -> None:
    for line in lines:
        if found := _NOTED.fullmatch(line.strip()):
            notes.setdefault(found[1].strip().lower(), found[2].strip()[:400])


def _ms(clock: tuple[str | None, ...]) -> int:
    hours, minutes, seconds, fraction = clock
    whole = int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds or 0)
    return whole * 1000 + int((fraction or "0").ljust(3, "0"))
