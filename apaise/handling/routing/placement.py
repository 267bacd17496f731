"""Where a case was put, why, and what people made of the suggestion."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apaise.ground.accounts.models import User
from apaise.handling.routing.rule import Rule
from apaise.intake.cases.models import Case
from apaise.lib import clock


class Placement(models.Model):
    """The last placing of a case. The ledger has those before it."""

    class Decision(models.TextChoices):
        NONE = "", _("Not decided")
        FOLLOWED = "followed", _("Followed")
        OVERRIDDEN = "overridden", _("Decided otherwise")

    case = models.OneToOneField(Case, models.CASCADE, related_name="placement")
    queue = models.CharField(max_length=60)  # team:3, function:billing, role:executive, person:7
    lane = models.CharField(max_length=8, blank=True)  # vip
    rule = models.ForeignKey(Rule, models.SET_NULL, null=True, blank=True, related_name="+")
    person = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    reasons = models.JSONField(default=list)  # codes: ["cause:billing", "language:en", "load:12/2"]
    at = models.DateTimeField(default=clock.now)

    suggested = models.CharField(max_length=60, blank=True)  # a target
    confidence = models.PositiveSmallIntegerField(null=True, blank=True)  # per cent
    decision = models.CharField(max_length=10, choices=Decision, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_why = models.CharField(max_length=40, blank=True)  # a code

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["case"], condition=Q(lane="vip"), name="routing_vip_lane"),
            models.Index(
                fields=["suggested", "-decided_at"],
                condition=~Q(decision=""),
                name="routing_suggestions_decided",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} in {self.queue}"


class Serving(models.Model):
    """A case that somebody asked for with « Dossier suivant »: why it was the next, and whether they gave it back."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="servings")
    user = models.ForeignKey(User, models.CASCADE, related_name="servings")
    because = models.CharField(max_length=20)  # a code: waited, vip, late, soon, skill, balance, first
    was_hard = models.BooleanField(default=False)
    at = models.DateTimeField(default=clock.now)
    given_back_at = models.DateTimeField(null=True, blank=True)
    given_back_because = models.CharField(max_length=40, blank=True)  # a code

    class Meta:
        indexes: ClassVar = [models.Index(fields=["user", "-at"], name="routing_servings_of")]

    def __str__(self) -> str:
        return f"{self.case_id} served to {self.user_id}"
