"""What is about to go wrong among the cases one may read: the figures of a lead's day, each with the cases behind it."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Exists, F, OuterRef, Q

from apaise.intake.cases.deadlines import NOT_OURS
from apaise.intake.cases.message import Message
from apaise.intake.cases.models import BEFORE_ALL, CaseQuerySet, Deadline
from apaise.intake.cases.promise import NOT_OWED, Promise

SOON = timedelta(hours=4)
HARD = ("C1", "C2")


def end_of_day(now: datetime) -> datetime:
    """The midnight that ends this day where the organisation is."""
    zone = ZoneInfo(settings.TIME_ZONE)
    return datetime.combine(now.astimezone(zone).date() + timedelta(days=1), time(0), zone)


def _late(now: datetime) -> Q:
    return Q(urgent_at__gt=BEFORE_ALL, urgent_at__lt=now)


def _soon(now: datetime) -> Q:
    return Q(urgent_at__gte=now, urgent_at__lt=now + SOON)


def _today(now: datetime) -> Q:
    return Q(urgent_at__gte=now, urgent_at__lt=end_of_day(now))


IS_OPEN = Q(urgent_at__gt=BEFORE_ALL)
IS_HARD = IS_OPEN & Q(criticality__in=HARD)
# The customer spoke last, and nobody has answered since; an acknowledgement is no answer.
UNHEARD = (
    IS_OPEN
    & Q(customer_wrote_at__isnull=False)
    & (Q(we_wrote_at__isnull=True) | Q(customer_wrote_at__gt=F("we_wrote_at")))
)


def at_risk(cases: CaseQuerySet, now: datetime) -> CaseQuerySet:
    """Open, and their nearest date falls within the next four hours."""
    return cases.filter(_soon(now))


def due_today(cases: CaseQuerySet, now: datetime) -> CaseQuerySet:
    """Open, and their nearest date falls before midnight. What is late already is not counted again."""
    return cases.filter(_today(now))


def hard(cases: CaseQuerySet) -> CaseQuerySet:
    return cases.filter(IS_HARD)


def unheard(cases: CaseQuerySet) -> CaseQuerySet:
    """Those whose customer waits for a word of ours, the longest wait first."""
    return cases.filter(UNHEARD).order_by("customer_wrote_at", "pk")


def with_promises(cases: CaseQuerySet, which: Q) -> CaseQuerySet:
    return cases.filter(Exists(Promise.objects.filter(which, case=OuterRef("pk"))))


def promised_today(now: datetime) -> Q:
    """Promises whose moment lies in this day, kept or not."""
    end = end_of_day(now)
    return Q(ends_at__gte=end - timedelta(days=1), ends_at__lt=end) & ~Q(case__state__in=NOT_OWED)


BROKEN = Q(state=Promise.State.BROKEN)


def in_doubt(cases: CaseQuerySet) -> CaseQuerySet:
    """Open cases where a message of ours perhaps never arrived, and none has left since that did."""
    ours = Message.objects.filter(direction=Message.Direction.OUT)
    after = ours.filter(
        case=OuterRef("case"), pk__gt=OuterRef("pk"), state=Message.State.SENT, problem=""
    ).exclude(kind=Message.Kind.ACKNOWLEDGEMENT)
    came_back = Q(state=Message.State.SENT, problem__in=Message.CAME_BACK) & ~Exists(after)
    lost = Q(state__in=[Message.State.UNCERTAIN, Message.State.FAILED])
    return cases.open().filter(Exists(ours.filter(lost | came_back, case=OuterRef("pk"))))


class Held(NamedTuple):
    """What one person holds; or nobody."""

    open: int = 0
    hard: int = 0
    late: int = 0
    soon: int = 0
    today: int = 0
    unheard: int = 0

    def __add__(self, other: "Held") -> "Held":  # type: ignore[override]
        return Held(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))


def held(cases: CaseQuerySet, now: datetime) -> Mapping[int | None, Held]:
    """For each holder, None being nobody: how many cases, and how many of them in what trouble. One question."""
    counted = (
        cases.open()
        .order_by()
        .values("handler_id")
        .annotate(
            n_open=Count("pk"),
            n_hard=Count("pk", filter=Q(criticality__in=HARD)),
            n_late=Count("pk", filter=_late(now)),
            n_soon=Count("pk", filter=_soon(now)),
            n_today=Count("pk", filter=_today(now)),
            n_unheard=Count("pk", filter=UNHEARD),
        )
    )
    names = ("handler_id", "n_open", "n_hard", "n_late", "n_soon", "n_today", "n_unheard")
    return {holder: Held(*counts) for holder, *counts in counted.values_list(*names)}


class Falling(NamedTuple):
    """One date of ours that falls in the hours to come."""

    at: datetime
    rule: str
    is_promise: bool
    reference: str
    handler_id: int | None


def falling(cases: CaseQuerySet, since: datetime, until: datetime, most: int) -> list[Falling]:
    """Every running date of ours between two moments, nearest first; not only the nearest of each case."""
    running = Deadline.objects.filter(
        state=Deadline.State.RUNNING, customer_right=False, due_at__gte=since, due_at__lt=until
    ).exclude(owner__in=NOT_OURS)
    rows = running.filter(case__in=cases.open()).order_by("due_at", "pk")
    return [
        Falling(at, rule, promise is not None, reference, handler)
        for at, rule, promise, reference, handler in rows.values_list(
            "due_at", "rule", "promise_id", "case__reference", "case__handler_id"
        )[:most]
    ]
