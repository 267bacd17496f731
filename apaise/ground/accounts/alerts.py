"""Tell staff. The same thing is told once, however often it is found."""

from collections.abc import Iterable

from django.db.models import QuerySet

from apaise.ground.accounts.models import Alert, User
from apaise.lib import clock


def alert(people: Iterable[User], kind: str, *, chain: str = "", detail: str = "", once: str) -> int:
    """Alert these people. `once` names the occasion; returns how many were told now."""
    at = clock.now()
    told = 0
    for user in {person.pk: person for person in people}.values():
        _, new = Alert.objects.get_or_create(
            once=f"{once}:{user.pk}",
            defaults={"user": user, "kind": kind, "chain": chain, "detail": detail, "at": at},
        )
        told += new
    return told


def unseen(user: User) -> QuerySet[Alert]:
    """What this person was told and has not looked at."""
    return Alert.objects.filter(user=user, seen_at__isnull=True)


def see_all(user: User, *, up_to: int) -> int:
    """Mark all of this person's alerts as seen that they could know of: up to this key. Returns how many."""
    unseen = Alert.objects.filter(user=user, pk__lte=up_to, seen_at__isnull=True)
    return unseen.update(seen_at=clock.now())


def see(user: User, alert_id: int) -> bool:
    """Mark one of this person's own alerts as seen."""
    return bool(
        Alert.objects.filter(pk=alert_id, user=user, seen_at__isnull=True).update(seen_at=clock.now())
    )
