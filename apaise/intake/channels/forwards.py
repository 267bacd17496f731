"""Which messages a colleague passed on for a customer, and what the colleague wrote above."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from apaise.ground.accounts.models import Desk, User
from apaise.ground.parties.models import Person
from apaise.intake.cases.message import Message
from apaise.intake.cases.models import Note


class Forward(models.Model):
    """A customer's words that reached us by a colleague, or by another desk of ours."""

    message = models.OneToOneField(Message, models.CASCADE, related_name="forward")
    colleague = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    desk = models.ForeignKey(Desk, models.PROTECT, null=True, blank=True, related_name="+")
    customer = models.ForeignKey(Person, models.PROTECT, related_name="+")
    on_behalf = models.BooleanField(default=True)  # False: a person says it is the colleague's own complaint
    note = models.OneToOneField(Note, models.SET_NULL, null=True, blank=True, related_name="forward")
    words = models.TextField(
        blank=True
    )  # of a desk, or of somebody kept apart from the case: no note of staff

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(colleague__isnull=False) | Q(desk__isnull=False), name="channels_forwarded_by_us"
            )
        ]

    def __str__(self) -> str:
        return f"forward {self.message_id}"

    @property
    def forwarder(self) -> str:
        """Who passed it on, for people."""
        return self.colleague.name if self.colleague else self.desk.address if self.desk else ""
