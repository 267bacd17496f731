"""Sign in with limited attempts: ten a minute from one address, five in five minutes on one account."""

import hashlib
from datetime import timedelta
from typing import NamedTuple

from django.contrib.auth import authenticate
from django.db import transaction
from django.db.models import F

from apaise.ground.accounts.models import Attempt, User
from apaise.ground.ledger.record import HOUSE, record
from apaise.lib import clock


class Limit(NamedTuple):
    failures: int
    window: timedelta


FROM_ONE_ADDRESS = Limit(10, timedelta(minutes=1))
ON_ONE_ACCOUNT = Limit(5, timedelta(minutes=5))


class Refused(Exception):
    """The pair does not open, and how many tries are left on the account in this window."""

    def __init__(self, tries_left: int) -> None:
        super().__init__("refused")
        self.tries_left = tries_left


class TooManyAttempts(Exception):
    """Wait `minutes` before the next try. The same whether or not the account exists."""

    def __init__(self, minutes: int) -> None:
        super().__init__("too many attempts")
        self.minutes = minutes


def check(email: str, password: str, *, origin: str) -> User:
    """The person this pair belongs to. Raises Refused or TooManyAttempts; never tells whether the account exists."""
    email = email.strip().lower()
    keys = {f"ip:{_digest(origin)}": FROM_ONE_ADDRESS, f"account:{_digest(email)}": ON_ONE_ACCOUNT}
    # The try is counted before the password is looked at, so that tries at the same moment cannot slip through.
    left = min(count_attempt(key, limit) for key, limit in keys.items())
    user = authenticate(username=email, password=password)
    if not isinstance(user, User) or not user.is_active:
        raise Refused(left)
    Attempt.objects.filter(key=f"account:{_digest(email)}").delete()
    # Colleagues behind one address sign in at nine: a try that succeeds does not count.
    Attempt.objects.filter(key=f"ip:{_digest(origin)}", failures__gt=0).update(failures=F("failures") - 1)
    record(HOUSE, "staff.signed_in", by=user)
    return user


def count_attempt(key: str, limit: Limit) -> int:
    """Count one try under this key and return how many are left. Raises TooManyAttempts."""
    now = clock.now()
    with transaction.atomic():
        Attempt.objects.filter(key=key, until__lt=now).delete()
        _, new = Attempt.objects.get_or_create(key=key, defaults={"failures": 1, "until": now + limit.window})
        if not new:
            Attempt.objects.filter(key=key).update(failures=F("failures") + 1)
        attempt = Attempt.objects.get(key=key)
    if attempt.failures > limit.failures:
        raise TooManyAttempts(max(1, -(-int((attempt.until - now).total_seconds()) // 60)))
    return limit.failures - attempt.failures


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:40]


def forget_old_attempts() -> int:
    """Remove windows that have ended."""
    return Attempt.objects.filter(until__lt=clock.now()).delete()[0]
