"""Marks that name a case and cannot be made up: in our reply addresses, and in the numbers of our mails.

The key is the installation's own, so a mark of another one, or of a copy under another key, names nothing here. A mark
outlives the row it was made for: an answer to a mail sent after the safe copy was taken still finds its case."""

import hashlib
import hmac
import re
import secrets

from django.conf import settings

MARK = r"([0-9a-z]{1,12})-([0-9a-f]{16})"
_NUMBER = re.compile(rf"<apaise\.{MARK}\.([0-9a-f]{{16}})@[^<>@\s]{{1,255}}>")


def mark_of(case_id: int, purpose: str) -> str:
    """The case and its seal, fit for an address."""
    return f"{_base36(case_id)}-{_seal(case_id, purpose, settings.SECRET_KEY)}"


def case_of(number: str, seal: str, purpose: str) -> int | None:
    """The case a mark names, or None when it was made up."""
    case_id = int(number, 36)
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    genuine = any(hmac.compare_digest(seal, _seal(case_id, purpose, key)) for key in keys)
    return case_id if genuine else None


def mail_number(case_id: int, domain: str) -> str:
    """A Message-ID that names the case; each is new."""
    once = secrets.token_hex(8)
    return f"<apaise.{mark_of(case_id, f'mail:{once}')}.{once}@{domain}>"


def case_of_mail(message_id: str) -> int | None:
    """The case that one of our own mails was written in, told by its Message-ID alone."""
    found = _NUMBER.fullmatch(message_id.strip().lower())
    return case_of(found[1], found[2], f"mail:{found[3]}") if found else None


def _seal(case_id: int, purpose: str, key: str) -> str:
    return hmac.new(key.encode(), f"{purpose}:{case_id}".encode(), hashlib.sha256).hexdigest()[:16]


def _base36(number: int) -> str:
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    out = ""
    while True:
        number, rest = divmod(number, 36)
        out = digits[rest] + out
        if not number:
            return out
