"""What counts when a case is to be given to somebody: what they know, whether they are here, who stands in for them."""

from datetime import datetime
from typing import ClassVar, Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apaise.ground.accounts.models import User
from apaise.handling.tasks.models import Task
from apaise.intake.cases.models import Case
from apaise.lib import clock


class Skill(models.Model):
    """What somebody is good at. Nobody is kept from a case for want of a skill; whoever has it is asked first."""

    class Kind(models.TextChoices):
        CAUSE = "cause", _("Cause")  # a family of the taxonomy
        LANGUAGE = "language", _("Language")
        SEGMENT = "segment", _("Segment")

    user = models.ForeignKey(User, models.CASCADE, related_name="skills")
    kind = models.CharField(max_length=8, choices=Kind)
    code = models.CharField(max_length=60)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "kind", "code"], name="routing_skill_once")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind}:{self.code}"


class Presence(models.Model):
    """Whether somebody takes new cases now. Without a row they do."""

    class State(models.TextChoices):
        HERE = "here", _("Here")
        NO_NEW = "no_new", _("Here, without new cases")
        AWAY = "away", _("Away for a moment")

    user = models.OneToOneField(User, models.CASCADE, related_name="presence")
    state = models.CharField(max_length=6, choices=State, default=State.HERE)
    since = models.DateTimeField(default=clock.now)
    most_open = models.PositiveSmallIntegerField(null=True, blank=True)  # no case comes by itself beyond

    def __str__(self) -> str:
        return f"{self.user_id} {self.state}"


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def standing(self) -> Self:
        """Not called off."""
        return self.filter(ended_at=None)

    def at(self, at: datetime) -> Self:
        day = at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
        return self.standing().filter(first_day__lte=day, last_day__gte=day)


class Absence(models.Model):
    """Days on which somebody is not there, and who stands in: for cases, tasks and promises."""

    user = models.ForeignKey(User, models.CASCADE, related_name="absences")
    first_day = models.DateField()
    last_day = models.DateField()  # included
    stand_in = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True)  # back earlier, or never gone

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["first_day", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="routing_absence_forward"),
            models.CheckConstraint(
                condition=Q(stand_in=None) | ~Q(stand_in=F("user")), name="routing_absence_not_oneself"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["last_day"], name="routing_absences_until")]

    def __str__(self) -> str:
        return f"{self.user_id} from {self.first_day} to {self.last_day}"


class Cover(models.Model):
    """A case or a task that somebody keeps warm for an absent person, and that goes back to them."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="covers")
    task = models.ForeignKey(Task, models.CASCADE, null=True, blank=True, related_name="covers")
    of = models.ForeignKey(User, models.PROTECT, related_name="+")  # whose it is
    by = models.ForeignKey(User, models.PROTECT, related_name="+")  # who has it now
    since = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(task=None, ended_at=None), name="routing_case_covered_once"
            ),
            models.UniqueConstraint(
                fields=["task"], condition=Q(ended_at=None), name="routing_task_covered_once"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["ended_at"], name="routing_covers_going_on")]

    def __str__(self) -> str:
        return f"{self.by_id} covers {self.case_id} for {self.of_id}"
