"""Mail to our own people: what waits for them, and where. It names codes and references, never a customer's words."""

import secrets
from datetime import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apaise.ground.accounts.models import Desk, User
from apaise.lib import clock


class StaffMailQuerySet(models.QuerySet["StaffMail"]):
    def waiting(self) -> Self:
        return self.filter(state__in=[StaffMail.State.QUEUED, StaffMail.State.SENDING])


class StaffMail(models.Model):
    """One mail to one person of ours. It leaves by the gate, at most once; one that may have left is not sent again,
    since the page it leads to says the same."""

    class Kind(models.TextChoices):
        SUMMARY = "summary", _("Summary of a morning")
        URGENT = "urgent", _("Something urgent")
        REQUEST = "request", _("A question of fact")

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting to be sent")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        UNCERTAIN = "uncertain", _("Perhaps sent")
        FAILED = "failed", _("Not sent")
        DROPPED = "dropped", _("Of no use any more")

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    desk = models.ForeignKey(Desk, models.CASCADE, related_name="+")  # in whose name it leaves
    kind = models.CharField(max_length=8, choices=Kind)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    link = models.CharField(max_length=200)  # the page it leads to, behind the sign-in
    link_says = models.CharField(max_length=80)
    message_id = models.CharField(max_length=400, unique=True)
    at = models.DateTimeField(default=clock.now)
    until = models.DateTimeField()  # not sent by then, it is of no use any more
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    once = models.CharField(max_length=120, unique=True)  # the same occasion is written of once

    objects = StaffMailQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]
        indexes: ClassVar = [
            models.Index(
                fields=["at"],
                condition=Q(state__in=["queued", "sending"]),
                name="channels_staff_mail_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.user_id}"

    def move(self, to: State, *, leaving: State) -> bool:
        """Whether it was this call that moved it: of two workers one succeeds."""
        more = {"sent_at": clock.now()} if to == self.State.SENT else {}
        moved = StaffMail.objects.filter(pk=self.pk, state=leaving).update(state=to, **more)
        if moved:
            self.state = to
        return bool(moved)

    def tried(self) -> None:
        """It could not be handed over: back into the queue."""
        mine = StaffMail.objects.waiting().filter(pk=self.pk, state=self.state)
        mine.update(state=self.State.QUEUED, attempts=models.F("attempts") + 1)


def can_be_sent() -> bool:
    """Whether there is a mail server and a desk to write from."""
    return bool(settings.SMTP_URL) and Desk.objects.exists()


def desk_for(user: User) -> Desk | None:
    """The desk somebody works at, else the first."""
    return Desk.objects.filter(team__memberships__user=user).order_by("pk").first() or Desk.objects.main()


def write_to_staff(
    user: User,
    kind: StaffMail.Kind,
    *,
    subject: str,
    text: str,
    link: str,
    link_says: str,
    until: datetime,
    once: str,
) -> StaffMail | None:
    """Write a mail to somebody of ours, to be handed to the gate.

    None without a mail server, to somebody who has left, and when `once` is known already.

    link   a path of ours"""
    desk = desk_for(user)
    if not settings.SMTP_URL or desk is None or not user.is_active or not user.email:
        return None
    mail, new = StaffMail.objects.get_or_create(
        once=once,
        defaults={
            "user": user,
            "desk": desk,
            "kind": kind,
            "subject": subject[:200],
            "text": text,
            "link": link,
            "link_says": link_says[:80],
            "message_id": f"<apaise-staff.{secrets.token_hex(12)}@{desk.address.partition('@')[2]}>",
            "until": until,
        },
    )
    return mail if new else None


def forget_old_staff_mail(before: datetime) -> int:
    """Remove what was settled long ago."""
    return StaffMail.objects.filter(at__lt=before).delete()[0]
