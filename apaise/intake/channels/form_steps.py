"""How far people come in the public form, and how many give up. Counted without a name, an address or a cookie."""

import hashlib
from collections.abc import Mapping
from datetime import date, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Q

from apaise.intake.channels.public_form import FormVisit
from apaise.lib import clock

Step = FormVisit.Step
STILL_WRITING = timedelta(
    hours=24
)  # not given up before that; with a kept draft, not before its days are over
KEPT_FOR = timedelta(days=400)


def reached(once: str, step: int, *, saved: bool = False) -> None:
    """One filling of the form came at least this far. Never goes back; harmless to repeat."""
    now, form = clock.now(), digest_of(once)
    visit, new = FormVisit.objects.get_or_create(
        form=form, defaults={"day": _today(), "step": step, "saved": saved, "last_at": now}
    )
    if not new:
        FormVisit.objects.filter(pk=visit.pk, step__lt=step).update(step=step)
        FormVisit.objects.filter(pk=visit.pk).update(last_at=now, saved=saved or visit.saved)


def step_of(typed: Mapping[str, str]) -> int:
    """How far these fields are filled."""
    if len(typed.get("story", "").split()) < 2:
        return Step.BEGUN
    return Step.REACHABLE if typed.get("email") or typed.get("phone") else Step.TOLD


def digest_of(once: str) -> str:
    return hashlib.sha256(f"visit:{once}".encode()).hexdigest()


class Abandonment(NamedTuple):
    """Of the forms begun in these days: how many were sent, are still open, were given up, and at which step."""

    begun: int
    sent: int
    still_open: int
    given_up: int
    at_step: dict[int, int]

    @property
    def rate(self) -> float | None:
        """Share given up of those that are decided; None when none is."""
        decided = self.sent + self.given_up
        return self.given_up / decided if decided else None


def abandonment(first: date, last: date) -> Abandonment:
    """The forms begun from `first` to `last`, both included."""
    now = clock.now()
    visits = FormVisit.objects.filter(day__gte=first, day__lte=last)
    open_ = Q(step__lt=Step.SENT) & (
        Q(last_at__gt=now - STILL_WRITING) | Q(saved=True, last_at__gt=now - timedelta(days=14))
    )
    given_up = visits.filter(step__lt=Step.SENT).exclude(open_)
    at_step = dict(given_up.values_list("step").annotate(n=Count("pk")).order_by("step"))
    return Abandonment(
        begun=visits.count(),
        sent=visits.filter(step=Step.SENT).count(),
        still_open=visits.filter(open_).count(),
        given_up=sum(at_step.values()),
        at_step=at_step,
    )


def by_day(first: date, last: date) -> list[tuple[date, Abandonment]]:
    days = (first + timedelta(days=number) for number in range((last - first).days, -1, -1))
    known = set(FormVisit.objects.filter(day__gte=first, day__lte=last).values_list("day", flat=True))
    return [(day, abandonment(day, day)) for day in days if day in known]


def forget_old_visits() -> int:
    return FormVisit.objects.filter(day__lt=_today() - KEPT_FOR).delete()[0]


def _today() -> date:
    return clock.now().astimezone(ZoneInfo(settings.TIME_ZONE)).date()
