"""A person of ours whom the customer names: perhaps a party, which a person decides."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from apaise.ground.accounts.models import User
from apaise.intake.cases.message import Message
from apaise.intake.cases.models import Case
from apaise.lib import clock


class NamedStaff(models.Model):
    """Where the customer names somebody of ours. The words themselves stay in the message."""

    class State(models.TextChoices):
        OPEN = "open", _("To be decided")
        CONFIRMED = "confirmed", _("Kept apart")
        DISMISSED = "dismissed", _("Not about them")

    case = models.ForeignKey(Case, models.CASCADE, related_name="named_staff")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    message = models.ForeignKey(Message, models.CASCADE, related_name="+")
    start = models.PositiveIntegerField()  # of the name in the message's new text
    end = models.PositiveIntegerField()
    because = models.CharField(max_length=40)  # the function it would be
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    found_at = models.DateTimeField(default=clock.now)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "user"], name="cases_named_once")]

    def __str__(self) -> str:
        return f"{self.user_id} named on {self.case_id}"
