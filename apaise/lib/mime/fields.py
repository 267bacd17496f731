"""Header fields: asked by name, answered decoded and on one line. Asking never fails."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterable

from apaise.lib.mime.charset import codec_of, decode, fits
from apaise.lib.mime.doubled import undoubled
from apaise.lib.mime.transfer import from_base64

_FOLD = re.compile(r"\r?\n[ \t]*|\r")
# Controls would split log lines and headers of our own; bidi overrides show a text in another order.
_UNWELCOME = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]{1,100}")
_OVERRIDES = re.compile("[\u202a-\u202e\u2066-\u2069]")
_VALUE_CHARS = 10_000
_LIST_CHARS = 64 * 1024  # of addresses and references: the last ones count as much as the first
_ESCAPE = re.compile(r"=[0-9A-Fa-f]{2}")
_MOST_QUESTIONS = 20
_LONGEST_WORD = 200


class Fields:
    """The header fields of one part, in their order. Names match whatever their case."""

    __slots__ = ("_cap", "_values", "charset")

    def __init__(self, pairs: Iterable[tuple[str, bytes]], *, value_chars: int = _VALUE_CHARS) -> None:
        self._cap = value_chars
        self.charset: str | None = (
            None  # what the words of the mail are in: raw bytes here are likely in it, too
        )
        self._values: dict[str, list[bytes]] = {}
        for name, value in pairs:
            self._values.setdefault(name, []).append(value)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.lower() in self._values

    def names(self) -> list[str]:
        return list(self._values)

    def get(self, name: str, default: str = "") -> str:
        """The first field of that name, for a person to read."""
        values = self._values.get(name.lower())
        return plain(decode_words(self._unfolded(values[0]))) if values else default

    def all(self, name: str) -> list[str]:
        return [plain(decode_words(self._unfolded(value))) for value in self._values.get(name.lower(), ())]

    def source(self, name: str) -> str:
        """The first field of that name with its encoded words left alone: structure is read before words."""
        values = self._values.get(name.lower())
        return self._unfolded(values[0]) if values else ""

    def sources(self, name: str) -> list[str]:
        """All fields of that name, as long as a list of a thousand addresses may be."""
        return [self._unfolded(value, _LIST_CHARS) for value in self._values.get(name.lower(), ())]

    def is_cut(self, name: str) -> bool:
        return any(len(value) > self._cap for value in self._values.get(name.lower(), ()))

    def _unfolded(self, value: bytes, most: int = 0) -> str:
        value = value[: most or self._cap]
        text, in_utf8 = decode(value, "utf-8")
        if not in_utf8 and not value.isascii():
            text = fits(value, self.charset) or text
        return _FOLD.sub(" ", text).strip()


def plain(text: str) -> str:
    """One line, nothing invisible that could mislead. Run after decoding: encoded words carry CR LF, too."""
    if text.isascii() and text.isprintable():
        return text.strip()
    return _OVERRIDES.sub("", _UNWELCOME.sub(" ", undoubled(text))).strip()


def decode_words(text: str) -> str:
    """RFC 2047 encoded words read, well or badly formed ones alike; all else stays as it is.

    Scans by find() so that a line of a million `=?` costs one pass."""
    if "=?" not in text:
        return text
    out: list[str] = []
    run: list[tuple[str, bytes]] = []  # neighbours in one charset may share a letter: decoded together
    at = 0
    while word := _next_word(text, at):
        start, end, label, data = word
        between = text[at:start]
        if between.strip() or not run:
            _flush(run, out)
            out.append(between)
        elif run[-1][0] != label:
            _flush(run, out)
        run.append((label, data))
        at = end
    _flush(run, out)
    out.append(text[at:])
    return "".join(out)


def _flush(run: list[tuple[str, bytes]], out: list[str]) -> None:
    if run:
        out.append(decode(b"".join(data for _, data in run), run[0][0])[0])
        run.clear()


def _next_word(text: str, at: int) -> tuple[int, int, str, bytes] | None:
    """Next `=?charset?b|q?…?=` from `at`: start, end, charset, bytes."""
    while (start := text.find("=?", at)) >= 0:
        mark = text.find("?", start + 2, start + 64)
        if (
            mark < 0
            or text[mark + 1 : mark + 2].lower() not in ("b", "q")
            or text[mark + 2 : mark + 3] != "?"
        ):
            at = start + 2
            continue
        end = _end_of_word(text, mark + 3)
        label = text[start + 2 : mark].partition("*")[0].lower()
        if end < 0:
            if not codec_of(label):
                return None
            end = len(text)  # whoever shortened this subject forgot the end of its last word
        kind, words = text[mark + 1].lower(), text[mark + 3 : end]
        return start, min(end + 2, len(text)), label, _from_b(words) if kind == "b" else _from_q(words)
    return None


def _end_of_word(text: str, at: int) -> int:
    """Where `?=` ends a word. A `?` before `=C3` does not, if another end comes before the next space."""
    end = text.find("?=", at)
    for _ in range(_MOST_QUESTIONS):
        if end < 0 or not _ESCAPE.match(text, end + 1):
            return end
        later = text.find("?=", end + 2, end + _LONGEST_WORD)
        if later < 0 or " " in text[end:later] or "=?" in text[end:later]:
            return end
        end = later
    return end


def _from_b(words: str) -> bytes:
    return from_base64(words.encode("ascii", "ignore"))[0]


def _from_q(words: str) -> bytes:
    return binascii.a2b_qp(words.encode("utf-8", "replace").replace(b" ", b"_"), header=True)
