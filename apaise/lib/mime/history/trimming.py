"""The walk through a text, line by line: own words are kept, quotes and what announces them are not.

When a rule would leave nothing of a mail, the rule is doubted before the mail is."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from apaise.lib.mime.history.about import About
from apaise.lib.mime.history.blocks import (
    announces_history,
    end_of_header,
    is_about_something_else,
    is_forward_mark,
    is_from_elsewhere,
    is_header_alone,
    is_header_block,
)
from apaise.lib.mime.history.endings import without_ending, without_own_footers
from apaise.lib.mime.history.facts import BRACKETED, PIPED, QUOTED, is_quoted, plain, words_at
from apaise.lib.mime.history.heads import head_end
from apaise.lib.mime.history.within import are_answers_within

_MOST_LINES = 5_000  # what is longer is a log or an attack, and is kept as it is
_LONGEST_CITATION = 12  # lines of a quote that the writer made on purpose
_WRAPPED_AT = 68
_BARE_MARK = re.compile(r"(?:[>|\s]|&gt;){1,20}")
_FIGURE = re.compile(r">\s?\d")


def trim(text: str, about: About) -> str:
    """The text without history, signature and disclaimer; the whole text if nothing would be left."""
    whole = text.strip("\n").rstrip()
    reply = _Reply(text.split("\n"), about)
    words = reply.trimmed() or whole
    return whole if reply.left_out_history and reply.stretches == 1 and are_answers_within(words) else words


@dataclass
class _Reply:
    lines: list[str]
    about: About
    heads: list[str] = field(default_factory=list)  # the lines as the rules see them
    kept: list[str] = field(default_factory=list)
    segment: list[int] = field(default_factory=list)  # own lines since the last quote
    told: dict[int, tuple[int, bool]] = field(default_factory=dict)  # see _announced
    history: str | None = None  # see _history_below
    answers: bool = False  # a head was seen, so quotes are quotes
    stretches: int = 0  # of own words, between quotes
    left_out_history: bool = False

    def trimmed(self) -> str:
        self.heads = [plain(line) for line in self.lines[:_MOST_LINES]]
        at = 0
        while at < len(self.heads):
            if not self.heads[at]:
                self.segment.append(at)
                at += 1
                continue
            if self._is_quote(at):
                at = self._pass_quote(at)
                continue
            after, announced = self._announced(at)
            after = after or (self._quoted_below(at) if announced else 0)
            if is_forward_mark(self.heads[at]):
                break
            if not announced:
                self.segment.append(at)
                at += 1
            elif self._is_to_be_read(at, after):
                break
            elif self._is_own_heading(at, after):
                end = max(after, end_of_header(self.heads, at))
                self.segment.extend(range(at, end))
                at = end
            else:
                self._close()
                if self.about.opens or not after or not is_quoted(self.heads, after):
                    return self._joined()
                self.answers = True
                at = after
        self._close(followed=False)
        self._keep_from(at)
        return self._joined()

    def _announced(self, at: int) -> tuple[int, bool]:
        """The line after a head that starts here, or 0; and whether this or anything else announces history."""
        if (told := self.told.get(at)) is None:
            after = head_end(self.heads, at)
            told = self.told[at] = after, bool(after) or announces_history(self.heads, at)
        return told

    def _quoted_below(self, at: int) -> int:
        """The line after a copied header below which the mail stands with ">", or 0: between its lines one answers."""
        start = at if is_header_block(self.heads, at) else words_at(self.heads, at + 1)
        if start >= len(self.heads) or not is_header_block(self.heads, start):
            return 0
        end = end_of_header(self.heads, start)
        return end if is_quoted(self.heads, end) else 0

    def _is_to_be_read(self, at: int, after: int) -> bool:
        """Whether this and all that follows was put there by the writer, who answers nothing."""
        if self.about.opens and after and is_quoted(self.heads, after):
            return not (self._has_words() and self._is_program_quote(at, after))
        return self.about.opens or self.about.passes_on

    def _is_own_heading(self, at: int, after: int) -> bool:
        """Whether the writer set this above words of their own: a letter's heading, or a mail shown to make a point.

        With nothing above it, it may also be all that is left of an answer, which is then kept."""
        if after and is_quoted(self.heads, after):
            return False
        if not self._has_words():
            return True
        above = next((self.heads[one] for one in reversed(self.segment[-3:]) if self.heads[one]), "")
        return above.endswith(":") and (
            is_from_elsewhere(self.heads, at, self.about.houses())
            or is_about_something_else(self.heads, at, self.about.subject)
        )

    def _has_words(self) -> bool:
        return bool(self.kept) or any(self.heads[one] for one in self.segment)

    def _is_program_quote(self, at: int, after: int) -> bool:
        """Whether only quoted lines follow a head with an address: no person writes those marks."""
        if not BRACKETED.search(" ".join(self.heads[at:after])):
            return False
        lines = (place for place in range(after, len(self.heads)) if self.heads[place])
        return all(QUOTED.match(self.heads[place]) or self._is_wrapped_end(place) for place in lines)

    def _keep_from(self, at: int) -> None:
        if at >= len(self.lines):
            return
        if self.kept and self.kept[-1] and at and not self.lines[at - 1].strip():
            self.kept.append("")
        rest = list(range(at, len(self.heads)))
        if self.about.opens:
            rest = without_own_footers(rest, self.heads, self.about)
        self.kept.extend(self.lines[one] for one in rest)
        self.kept.extend(self.lines[len(self.heads) :])

    def _joined(self) -> str:
        return "\n".join(self.kept).strip("\n").rstrip()

    def _is_quote(self, at: int) -> bool:
        if self.about.passes_on or self.about.opens:
            return False
        return bool(QUOTED.match(self.heads[at]) or (self.answers and PIPED.match(self.heads[at])))

    def _pass_quote(self, at: int) -> int:
        """The line after the quote, which is left out unless the writer quotes to make a point."""
        end = self._end_of_list(at) or self._quote_end(at)
        quoted = [
            _BARE_MARK.sub("", line, count=1) for line in self.heads[at : min(end, at + _LONGEST_CITATION)]
        ]
        if self._is_own_citation(at, end, quoted):
            self.segment.extend(range(at, end))
            return end
        self._close()
        if not self.answers and self.kept and is_header_alone(quoted) and end - at == len(quoted):
            return len(self.heads)  # so some webmails quote: marks at the header, and the mail itself bare
        self.answers = True
        return end

    def _quote_end(self, at: int) -> int:
        """Quoted lines, and the short ends of long ones that a program wrapped without a mark."""
        heads, end = self.heads, at + 1
        while end < len(heads):
            if self._is_quote(end):
                end += 1
            elif self._is_wrapped_end(end):
                end += 2
            else:
                break
        return end

    def _is_wrapped_end(self, at: int) -> bool:
        heads = self.heads
        if not heads[at] or at + 1 >= len(heads) or not QUOTED.match(heads[at + 1]):
            return False
        return (
            len(heads[at - 1]) >= _WRAPPED_AT and heads[at - 1][-1] not in ".?!:" and heads[at][0].islower()
        )

    def _is_own_citation(self, at: int, end: int, quoted: list[str]) -> bool:
        """ "Votre conseiller m'a écrit : > Vous serez remboursé." in a mail that answers nothing else."""
        if self.answers or end - at > _LONGEST_CITATION or not self.segment:
            return False
        if any(head_end(quoted, place) or is_header_block(quoted, place) for place in range(len(quoted))):
            return False
        if below := self._history_below(end):
            return not any(letters and letters in below for letters in map(_letters, quoted))
        if self._end_of_list(at) or self._is_arrow(at, end):
            return True
        before = self.heads[at - 1]
        if end - at == 1 and _FIGURE.match(self.heads[at]) and before and before[-1] not in ".?!":
            return True  # "Il a fallu / >3 semaines": more than
        above = [self.heads[one] for one in self.segment[-2:] if self.heads[one]]
        return bool(above) and above[-1].endswith(":")

    def _end_of_list(self, at: int) -> int:
        """The line after a list whose points begin with ">", or 0: programs mark the empty lines between as well."""
        heads, points, end = self.heads, 0, at
        while end < len(heads) and QUOTED.match(heads[end]):
            following = words_at(heads, end + 1, within=2)
            if following == end + 1 and following < len(heads) and QUOTED.match(heads[following]):
                return 0
            points, end = points + 1, following
        return end if points > 1 and not self.answers else 0

    def _is_arrow(self, at: int, end: int) -> bool:
        """One line with a mark in the midst of a paragraph, and no other in the mail: nothing was quoted."""
        heads = self.heads
        if (
            end - at > 1
            or not heads[at - 1]
            or end >= len(heads)
            or not heads[end]
            or heads[at].endswith("?")
        ):
            return False
        return sum(bool(QUOTED.match(line)) for line in heads) == 1

    def _history_below(self, at: int) -> str:
        """The letters of the earlier mail that is announced further down, if one is."""
        if self.history is None:
            heads = self.heads
            below = (
                one
                for one in range(at, len(heads))
                if heads[one]
                and not (self._is_quote(one) and self._is_quote(one - 1))
                and self._announced(one)[1]
            )
            start = next(below, len(heads))
            self.history = "".join(map(_letters, heads[start:]))
        return self.history

    def _close(self, *, followed: bool = True) -> None:
        """Keep a stretch of own lines, without the signature at its end."""
        answered = any(line.strip() for line in self.kept)
        new = without_ending(self.segment, self.heads, self.about, answered=answered, followed=followed)
        if new and self.kept and self.kept[-1]:
            self.kept.append("")
        self.left_out_history |= followed
        self.stretches += any(self.heads[one] for one in new)
        first = next((place for place, one in enumerate(new) if self.heads[one]), 0)
        self.kept.extend(self.lines[one].rstrip() for one in new[first:])
        self.segment.clear()


def _letters(line: str) -> str:
    return "".join(filter(str.isalnum, line))
