"""On which level of the ladder a case stands, since when, with whom, and how it came there."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from apaise.ground.accounts.models import User
from apaise.intake.cases.models import Case
from apaise.lib import clock


class Escalation(models.Model):
    """One move on the ladder, up or down. The last one says where the case stands; none: on the first level."""

    class Why(models.TextChoices):
        ENTERED = "entered", _("received")
        PERSON = "person", _("somebody decided it")
        NEAR = "near", _("a date is near")
        MISSED = "missed", _("a date was missed")
        DWELL = "dwell", _("too long on one level")
        RISK = "risk", _("what is known of the case")
        RETURNED = "returned", _("handed back")
        APART = "apart", _("whoever held it is kept apart")  # somebody else on the same level
        EMPTY = "empty", _("nobody else on the level may have it")

    case = models.ForeignKey(Case, models.CASCADE, related_name="escalations")
    level = models.PositiveSmallIntegerField()
    from_level = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=40)  # the role or function of the level
    person = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    came_from = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    why = models.CharField(max_length=10, choices=Why)
    note = models.TextField(
        blank=True
    )  # words of staff to staff: what is done, left and promised; or why it came back
    by = models.CharField(max_length=60)  # an actor's code
    at = models.DateTimeField(default=clock.now)
    until = models.DateTimeField(null=True, blank=True)  # how long it may stay on this level
    overstayed_at = models.DateTimeField(null=True, blank=True)  # when that was noticed
    returned_at = models.DateTimeField(null=True, blank=True)  # when it was handed back from here

    class Meta:
        ordering: ClassVar = ["pk"]
        indexes: ClassVar = [
            models.Index(
                fields=["until"],
                condition=models.Q(overstayed_at__isnull=True, returned_at__isnull=True),
                name="routing_escalations_until",
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} on level {self.level}"

    @property
    def goes_up(self) -> bool:
        return self.level > self.from_level
