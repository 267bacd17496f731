"""What holds outgoing mail back: a mute of everything, a breaker for what leaves by itself, a cap for each address."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import ClassVar, NamedTuple

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apaise.ground.accounts.models import User
from apaise.ground.ledger.record import HOUSE, System, record
from apaise.intake.cases.message import Message
from apaise.intake.cases.messages import Refused
from apaise.intake.channels import policies
from apaise.lib import clock

BY = System("outbound-gate")
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
LONGEST = timedelta(
    minutes=10
)  # between two looks at whether mail may leave; letting it go does not wait for them


class Stop(models.Model):
    """A time in which mail stays in the queue. Several may hold at once: mail leaves when the last has ended."""

    class What(models.TextChoices):
        ALL = "all", _("All mail")
        AUTOMATIC = "automatic", _("Automatic mail")

    class Why(models.TextChoices):
        ADMINISTRATOR = "administrator", _("An administrator stopped it")
        IMPORT = "import", _("An import is running")
        TOO_MANY = "too_many", _("Too many automatic mails within a minute")

    what = models.CharField(max_length=10, choices=What)
    why = models.CharField(max_length=14, choices=Why)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    since = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["-since", "-pk"]
        constraints: ClassVar = [
            # Of two clicks, or two workers that count at once, one stops the mail; an import may run beside.
            models.UniqueConstraint(
                fields=["why"],
                condition=Q(ended_at__isnull=True) & ~Q(why="import"),
                name="channels_stop_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what} since {self.since}"


class Wait(NamedTuple):
    """Why a message stays in the queue, and when to look again."""

    problem: Message.Problem
    pause: timedelta


def reason_to_wait(message: Message) -> Wait | None:
    """Whether this message must stay in the queue for now. Asked before anything is said to the mail server."""
    if is_muted():
        return Wait(Message.Problem.MUTED, _patience(message))
    if message.author_user_id is not None:
        return None
    if Stop.objects.filter(what=Stop.What.AUTOMATIC, ended_at=None).exists():
        return Wait(Message.Problem.PAUSED, _patience(message))
    return _too_many_at_once(message) or _too_many_for_one(message)


def reason_to_hold_staff_mail() -> Message.Problem | None:
    """Mail to our own people leaves by itself, so it waits like any automatic mail; it counts towards no cap."""
    if is_muted():
        return Message.Problem.MUTED
    if Stop.objects.filter(what=Stop.What.AUTOMATIC, ended_at=None).exists():
        return Message.Problem.PAUSED
    return None


def _patience(message: Message) -> timedelta:
    # Thousands may wait for days: those that have waited long ask seldom.
    return min(LONGEST, max(MINUTE, (clock.now() - message.at) / 4))


def is_muted() -> bool:
    return settings.MUTE or Stop.objects.filter(what=Stop.What.ALL, ended_at=None).exists()


def _too_many_at_once(message: Message) -> Wait | None:
    if not settings.AUTOMATIC_PER_MINUTE:
        return None
    since = clock.now() - MINUTE
    # Whoever lets the mail go again has looked: what left before does not count against them.
    let_go = Stop.objects.filter(why=Stop.Why.TOO_MANY, ended_at__gt=since).order_by("-ended_at").first()
    recent = Message.objects.automatic().exclude(pk=message.pk)
    if (
        recent.filter(claimed_at__gt=let_go.ended_at if let_go else since).count()
        < settings.AUTOMATIC_PER_MINUTE
    ):
        return None
    _stop(Stop.What.AUTOMATIC, Stop.Why.TOO_MANY)
    return Wait(Message.Problem.PAUSED, MINUTE)


def _too_many_for_one(message: Message) -> Wait | None:
    if not settings.AUTOMATIC_PER_ADDRESS:
        return None
    told = Message.objects.automatic().filter(
        claimed_at__gt=clock.now() - HOUR, to_address__iexact=message.to_address
    )
    begun = list(
        told.exclude(pk=message.pk)
        .order_by("-claimed_at")
        .values_list("claimed_at", flat=True)[: settings.AUTOMATIC_PER_ADDRESS]
    )
    if len(begun) < settings.AUTOMATIC_PER_ADDRESS or begun[-1] is None:
        return None
    return Wait(Message.Problem.CAPPED, max(MINUTE, begun[-1] + HOUR - clock.now()))


def mute(*, by: User) -> bool:
    """Stop all outgoing mail until it is let go again; False if it was stopped already. Raises Refused."""
    _check(by)
    return _stop(Stop.What.ALL, Stop.Why.ADMINISTRATOR, by) is not None


def let_go(stop: Stop, *, by: User) -> bool:
    """End one stop: what waited leaves by itself. False if it had ended already. Raises Refused."""
    _check(by)
    return _end(stop, by)


@contextmanager
def muted_for_import(*, by: User | None = None) -> Iterator[None]:
    """No mail leaves meanwhile. An import that dies leaves it muted: rather silent than a thousand mails."""
    stop = _stop(Stop.What.ALL, Stop.Why.IMPORT, by)
    assert stop is not None  # an import never stands in the way of another
    yield
    _end(stop, by)


def _check(by: User) -> None:
    if refusal := policies.stop_mail_refusal(by):
        raise Refused(refusal)


def _stop(what: Stop.What, why: Stop.Why, by: User | None = None) -> Stop | None:
    try:
        with transaction.atomic():
            stop = Stop.objects.create(what=what, why=why, by=by)
            record(HOUSE, "mail.stopped", by=by or BY, stopped=what, why=why)
    except IntegrityError:  # stopped this very moment by somebody else
        return None
    return stop


def _end(stop: Stop, by: User | None) -> bool:
    with transaction.atomic():
        going_on = Stop.objects.filter(pk=stop.pk, ended_at=None)
        if not going_on.update(ended_at=clock.now(), ended_by=by):
            return False
        record(HOUSE, "mail.resumed", by=by or BY, stopped=stop.what, why=stop.why)
    return True
