"""The words this writer added: quoted mail, copied headers and signatures left out.

Line by line, each line looked at a bounded number of times. When a rule would leave nothing of a mail,
the rule is doubted before the mail is."""

from __future__ import annotations

from collections.abc import Sequence

from apaise.lib.mime import history_marks as marks

_MOST_LINES = 5_000  # what is longer is a log or an attack, and is kept as it is
_BLANK_LINES = 3  # between a head and its quote


def trim(text: str, *, subject: str = "") -> str:
    """The text without history and signature."""
    lines = text.split("\n")
    heads = [line[: marks.LINE_CHARS].strip() for line in lines[:_MOST_LINES]]
    kept: list[str] = []
    segment: list[int] = []  # new lines since the last quote
    at = 0
    while at < len(heads):
        after = _attribution(heads, at)
        if marks.QUOTED.match(heads[at]) or (after and _is_quoted(heads, after)):
            _close(segment, lines, heads, kept)
            at = after or at + 1
        elif marks.FORWARDED.match(heads[at]):
            break
        elif after or _is_divider(heads, at) or is_header_block(heads, at):
            if kept or any(heads[one] for one in segment) or marks.REPLY_SUBJECT.match(subject):
                _close(segment, lines, heads, kept)
                return _joined(kept)
            break  # nothing above it and no reply: a letter's own heading, or a forward without a mark
        else:
            segment.append(at)
            at += 1
    _close(segment, lines, heads, kept)
    rest = lines[at:]
    return _joined([*kept, "", *rest] if at and rest and not lines[at - 1].strip() else [*kept, *rest])


def _joined(lines: list[str]) -> str:
    return "\n".join(lines).strip("\n").rstrip()


def _close(segment: list[int], lines: Sequence[str], heads: Sequence[str], kept: list[str]) -> None:
    """Keep a stretch of new lines between two quotes, without the signature at its end."""
    if not segment:
        return
    new = _unsigned(segment, heads)
    while new and (not heads[new[-1]] or marks.RULE.match(heads[new[-1]])):
        new.pop()
    if new and kept and kept[-1]:
        kept.append("")
    first = next((place for place, one in enumerate(new) if heads[one]), 0)
    kept.extend(lines[one].rstrip() for one in new[first:])
    segment.clear()


def _unsigned(segment: list[int], heads: Sequence[str]) -> list[int]:
    new: list[int] = []
    for place, one in enumerate(segment):
        if marks.SIGNATURE.match(heads[one]) and any(heads[earlier] for earlier in new):
            rest = [heads[later] for later in segment[place + 1 : place + 100] if heads[later]]
            if len(rest) <= marks.SIGNATURE_LINES:
                break
        if not marks.MOBILE_SIGNATURE.match(heads[one]):
            new.append(one)
    return new


def _attribution(heads: Sequence[str], at: int) -> int:
    """The line after a "Le …, … a écrit :" that starts here, or 0."""
    line = heads[at]
    if line.endswith(":") and (marks.DATE_FIRST.match(line) or _names_first(line)):
        return at + 1
    if marks.WEBMAIL_HEAD.match(line):
        return at + 1
    if not line or not marks.HEAD_START.match(line):
        return 0
    joined = ""
    for place in range(at, min(at + marks.HEAD_LINES, len(heads))):
        if not heads[place]:
            return 0
        joined = f"{joined} {heads[place]}"
        if _ends_a_head(joined[-200:], "@" in joined):
            if marks.HEAD_PROOF.search(joined):
                return place + 1
            return place + 1 if marks.WEAK_PROOF.search(joined) and _is_quoted(heads, place + 1) else 0
    return 0


def _names_first(line: str) -> bool:
    return bool(marks.NAME_FIRST.search(line) and marks.HEAD_PROOF.search(line))


def _ends_a_head(line: str, has_address: bool) -> bool:
    if found := marks.HEAD_END.search(line):
        return bool(found[1]) or has_address  # without the colon it could be the end of any wrapped line
    return line.endswith(":") and bool(marks.VERB_BEFORE_NAME.search(line))


def _is_quoted(heads: Sequence[str], at: int) -> bool:
    return bool(marks.QUOTED.match(_words_at(heads, at)[1]))


def _words_at(heads: Sequence[str], at: int) -> tuple[int, str]:
    """The next line with words, a blank line or two further on."""
    for place in range(at, min(at + _BLANK_LINES, len(heads))):
        if heads[place]:
            return place, heads[place]
    return len(heads), ""


def _is_divider(heads: Sequence[str], at: int) -> bool:
    line = heads[at]
    if len(line) > 8 and marks.DIVIDER.match(line):
        # The words alone could end a sentence; the dashes, or a copied header below, make them a mark.
        return line[0] in "-_=*—" or is_header_block(heads, _words_at(heads, at + 1)[0])
    return bool(marks.RULE.match(line)) and is_header_block(heads, _words_at(heads, at + 1)[0])


def is_header_block(heads: Sequence[str], at: int) -> bool:
    """A copied header: three labels of one, the sender among them, in the lines from here."""
    if at >= len(heads) or ":" not in heads[at]:
        return False
    if not (marks.FROM_LABEL.match(heads[at]) or marks.SENT_LABEL.match(heads[at])):
        return False
    senders = sent = others = 0
    for line in heads[at : at + marks.BLOCK_LINES]:
        senders += bool(marks.FROM_LABEL.match(line))
        sent += bool(marks.SENT_LABEL.match(line))
        others += bool(marks.OTHER_LABEL.match(line))
    return senders > 0 and (sent > 0 or others > 1) and sent + others > 1
