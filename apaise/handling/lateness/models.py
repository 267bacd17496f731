"""The register of missed dates: which, by how much, and why."""

from datetime import datetime
from typing import ClassVar, Self

from django.db import models

from apaise.ground.accounts.models import User
from apaise.intake.cases.models import Case, Deadline
from apaise.lib import clock


class BreachQuerySet(models.QuerySet["Breach"]):
    def visible_to(self, user: User) -> Self:
        """Missed dates of the cases this person may read."""
        return self.filter(case__in=Case.objects.visible_to(user))

    def unexplained(self) -> Self:
        return self.filter(explained_at__isnull=True)


class Breach(models.Model):
    """A date of ours that was missed, entered because the pack says so."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="breaches")
    rule = models.CharField(max_length=60)
    force = models.CharField(max_length=20)  # law, recommendation, charter, practice, contract, internal
    owner = models.CharField(max_length=40)  # the role or function that owed it
    due_at = models.DateTimeField()
    entered_at = models.DateTimeField(default=clock.now)
    reason = models.TextField(blank=True)  # in the owner's words
    explained_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    explained_at = models.DateTimeField(null=True, blank=True)
    once = models.CharField(max_length=120, unique=True)  # the entry that told of it

    objects = BreachQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-due_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.rule} of {self.case_id}"

    def ended_at(self) -> datetime | None:
        """When what was owed was done; None while it still is not."""
        for clock_ in self.case.deadlines.all():
            if clock_.rule == self.rule and clock_.state == Deadline.State.STOPPED:
                return clock_.stopped_at
        return None

    def days_late(self, now: datetime) -> int:
        """Whole days late, in the calendar of the case: the day after the due day is day one."""
        zone = self.case.pack_version.pack.calendar.zone
        until = self.ended_at() or now
        return max(0, (until.astimezone(zone).date() - self.due_at.astimezone(zone).date()).days)
