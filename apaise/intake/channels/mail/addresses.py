"""Reply addresses that carry a signed token: desk+r1a-3f9c…@domain names a case and cannot be made up."""

import re

from apaise.ground.accounts.models import Desk
from apaise.intake.cases.models import Case
from apaise.intake.cases.sealed import MARK, case_of, mark_of

_TOKEN = re.compile(f"r{MARK}")


def reply_address(case: Case) -> str:
    """Where the answer to our mail comes back to."""
    local, _, domain = case.desk.address.partition("@")
    return f"{local}+r{mark_of(case.pk, 'reply')}@{domain}"


def split_token(address: str) -> tuple[str, int | None]:
    """(the desk's own address, the case the token names or None). A forged token is None."""
    address = address.strip().strip("<>").lower()
    local, _, domain = address.rpartition("@")
    base, plus, token = local.partition("+")
    found = _TOKEN.fullmatch(token) if plus else None
    if not found:
        return address, None
    return f"{base}@{domain}", case_of(found[1], found[2], "reply")


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
