"""Reply addresses that carry a signed token: desk+r1a-3f9c…@domain names a case and cannot be made up."""

import hashlib
import hmac
import re

from django.conf import settings

from apaise.ground.accounts.models import Desk
from apaise.intake.cases.models import Case

_TOKEN = re.compile(r"r([0-9a-z]{1,12})-([0-9a-f]{16})")


def reply_address(case: Case) -> str:
    """Where the answer to our mail comes back to."""
    local, _, domain = case.desk.address.partition("@")
    return f"{local}+r{_base36(case.pk)}-{_seal(case.pk, settings.SECRET_KEY)}@{domain}"


def split_token(address: str) -> tuple[str, int | None]:
    """(the desk's own address, the case the token names or None). A forged token is None."""
    address = address.strip().strip("<>").lower()
    local, _, domain = address.rpartition("@")
    base, plus, token = local.partition("+")
    found = _TOKEN.fullmatch(token) if plus else None
    if not found:
        return address, None
    case_id = int(found[1], 36)
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    genuine = any(hmac.compare_digest(found[2], _seal(case_id, key)) for key in keys)
    return f"{base}@{domain}", case_id if genuine else None


def is_ours(address: str) -> bool:
    """Whether we accept mail for this address: one of our desks, plain or with a genuine token."""
    plain = address.strip().strip("<>").lower()
    if Desk.objects.at(plain):
        return True
    base, case_id = split_token(plain)
    return case_id is not None and Desk.objects.at(base) is not None


def desk_of(address: str) -> Desk | None:
    """The desk an address belongs to."""
    base, _ = split_token(address)
    return Desk.objects.at(base)


def _seal(case_id: int, key: str) -> str:
    return hmac.new(key.encode(), f"reply:{case_id}".encode(), hashlib.sha256).hexdigest()[:16]


def _base36(number: int) -> str:
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    out = ""
    while True:
        number, rest = divmod(number, 36)
        out = digits[rest] + out
        if not number:
            return out
