"""A ticket in a system elsewhere: which system, its number there, and how it stands."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from apaise.intake.cases.models import Case
from apaise.lib import clock


class Ticket(models.Model):
    """An incident that a case is about. It has a life of its own: its end ends nothing here."""

    class State(models.TextChoices):
        OPEN = "open", _("Open there")
        RESOLVED = "resolved", _("Solved there")
        CLOSED = "closed", _("Closed there")
        UNKNOWN = "unknown", _("Not known")

    case = models.ForeignKey(Case, models.CASCADE, related_name="tickets")
    system = models.CharField(max_length=40)
    number = models.CharField(max_length=80)
    url = models.URLField(max_length=400, blank=True)  # a link only when https; else plain words
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    linked_at = models.DateTimeField(default=clock.now)
    linked_by = models.CharField(max_length=60)  # an actor's code
    changed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "system", "number"], name="tickets_linked_once")
        ]

    def __str__(self) -> str:
        return f"{self.system} {self.number}"

    @property
    def is_link(self) -> bool:
        return self.url.startswith("https://")
