"""Signs that a form was filled in by a machine. One sign is none; two together let a person look first. Nothing is ever thrown away."""

import hashlib
import re
from datetime import timedelta

from django.core.signing import BadSignature, TimestampSigner

from apaise.ground.accounts.sign_in import Limit, count_attempt

QUICKEST = timedelta(seconds=4)  # nobody tells a story in less
MOST_LINKS = 3
_LINK = re.compile(r"https?://|www\.|\[url", re.IGNORECASE)
_shown = TimestampSigner(salt="apaise.form.shown")


# From one address of origin. A family, a shop or a library share one: the limits are far above what people need.
LIMITS = {
    "form": Limit(200, timedelta(hours=1)),
    "draft": Limit(400, timedelta(hours=1)),
    "step": Limit(2000, timedelta(hours=1)),
}


def count(what: str, origin: str) -> None:
    """Count one form, draft or step from this origin. Raises TooManyAttempts."""
    digest = hashlib.sha256(origin.encode()).hexdigest()[:40]
    count_attempt(f"{what}:{digest}", LIMITS[what])


def mark_of(once: str) -> str:
    """What the form carries: its own number, and when it was shown, signed."""
    return _shown.sign(once)


def signs(*, once: str, mark: str, honeypot: str, words: str) -> list[str]:
    """The signs there are, by code: honeypot, no_mark, too_quick, links."""
    links = len(_LINK.findall(words))
    found = {
        "honeypot": bool(honeypot),
        "no_mark": not _is_ours(mark, once),
        "too_quick": _is_ours(mark, once) and _is_ours(mark, once, within=QUICKEST) and len(words) > 80,
        "links": links >= MOST_LINKS,
    }
    return [code for code, there in found.items() if there]


def is_suspect(found: list[str]) -> bool:
    """Whether a person should look before it becomes a case."""
    return len(found) >= 2


def _is_ours(mark: str, once: str, within: timedelta | None = None) -> bool:
    try:
        return _shown.unsign(mark, max_age=within) == once
    except BadSignature:
        return False
