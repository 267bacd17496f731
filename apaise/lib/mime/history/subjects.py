"""What a subject says of a mail: that it answers one, or passes one on."""

from __future__ import annotations

import re

_TAGS = r"\s{0,5}(?:\[[^\[\]]{1,40}\]\s{0,3}){0,3}"
_FORWARD = re.compile(
    _TAGS + r"(?:tr|fw|fwd|wg|rv|enc|i|doorst|pd|vb|vs|vl|transf[ée]r[ée]?)\s{0,3}:", re.IGNORECASE
)
# French Notes writes "Réf. :"; without the full stop a customer gives a reference.
_ANSWER = re.compile(
    _TAGS
    + r"(?:re|r[ée]p|r[ée]ponse|r[ée]f\.|aw|antw|antwort|sv|vs|rif|res|odp|r|ynt|bls|atb|отв|σχετ|απ|رد|השב|vá|回复|回覆|答复|答覆|返信)"
    r"(?:\s?\[\d{1,3}\]|\s?\(\d{1,3}\)|\^\d{1,3})?\s{0,3}[:：]",
    re.IGNORECASE,
)


def is_forward(subject: str) -> bool:
    return bool(_FORWARD.match(subject))


def is_answer(subject: str) -> bool:
    return bool(_ANSWER.match(subject))


def without_marks(subject: str) -> str:
    """The subject as it was first written: no "Re:", no "TR:", however many."""
    for _ in range(10):
        found = _ANSWER.match(subject) or _FORWARD.match(subject)
        if not found:
            break
        subject = subject[found.end() :]
    return subject.strip()
