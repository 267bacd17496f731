"""The company's own rules: which cases go to whom."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from apaise.ground.accounts.models import User
from apaise.lib import clock

TARGETS = ("team", "function", "role", "person")


class Rule(models.Model):
    """The first rule that fits a case decides. What is left empty fits every case; what is unknown of a case fits none."""

    name = models.CharField(max_length=120)  # the company's words: « Facturation », « Grands comptes »
    position = models.PositiveSmallIntegerField(default=0)
    family = models.CharField(max_length=40, blank=True)  # of the taxonomy
    language = models.CharField(max_length=2, blank=True)
    channel = models.CharField(max_length=16, blank=True)
    segment = models.CharField(max_length=60, blank=True)
    condition = models.JSONField(null=True, blank=True)  # a predicate over facts, as in a pack
    target = models.CharField(max_length=60)  # team:3, function:billing, role:executive, person:7
    names_person = models.BooleanField(default=True)  # else the case waits in the queue of the target
    takes_over = models.BooleanField(default=False)  # also from a person, once the case is qualified
    active = models.BooleanField(default=True)
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(name="") & ~Q(target=""), name="routing_rule_says_where")
        ]

    def __str__(self) -> str:
        return self.name
