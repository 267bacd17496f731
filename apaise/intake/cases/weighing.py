"""What follows from the facts of a case, kept beside it for lists; and why people departed from it."""

from typing import Any, ClassVar

from django.db import models

from apaise.ground.accounts.models import User
from apaise.intake.cases.models import Case
from apaise.lib import clock


class Weighing(models.Model):
    """What the factors added up to the last time something changed. It can be computed anew at any moment."""

    case = models.OneToOneField(Case, models.CASCADE, related_name="weighing", primary_key=True)
    points = models.PositiveSmallIntegerField(default=0)
    level = models.CharField(max_length=2, blank=True)  # what the points reach: C1 to C4
    set_by = models.CharField(max_length=60, blank=True)  # whose the level is: an actor's code
    factors: Any = models.JSONField(
        default=list
    )  # [[id, weight, true, false or null], …] as they were weighed
    codes: Any = models.JSONField(default=list)  # of its segments
    told_level = models.CharField(max_length=2, blank=True)  # suggested to whoever set a lower one
    first_complaint = models.BooleanField(default=False)
    attempts = models.PositiveSmallIntegerField(default=0)  # earlier contacts about the same matter
    reach = models.PositiveBigIntegerField(null=True, blank=True)  # of its widest post
    at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["at"], name="cases_weighed_at"),
            models.Index(
                fields=["case"], condition=models.Q(first_complaint=True), name="cases_first_complaints"
            ),
        ]

    def __str__(self) -> str:
        return f"weighing of {self.case_id}"

    def held(self) -> list[str]:
        """The ids of the factors that hold, the heaviest first."""
        return [name for name, _weight, holds in sorted(self.factors, key=lambda one: -one[1]) if holds]


class LevelReason(models.Model):
    """In the words of whoever set a criticality: why. The ledger names the row, so that the words can be erased."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="level_reasons")
    level = models.CharField(max_length=2)
    proposed = models.CharField(max_length=2, blank=True)  # what the factors came to at that moment
    text = models.CharField(max_length=300)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.level} for {self.case_id}"


class CaseSegment(models.Model):
    """One segment a case belongs to: `activity:industry`, `key_accounts`. Kept for lists."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="segments")
    code = models.CharField(max_length=80)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["code", "case"], name="cases_segment_once")]

    def __str__(self) -> str:
        return f"{self.code} of {self.case_id}"
