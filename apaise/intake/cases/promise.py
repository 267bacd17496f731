"""A promise made to the customer: until when, by whom, and whether it was kept."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from apaise.ground.accounts.models import User
from apaise.intake.cases.message import Message
from apaise.intake.cases.models import Case, State
from apaise.lib import clock, saying

NOT_OWED = (State.WITHDRAWN, State.REDIRECTED)


class Promise(models.Model):
    """What we said we would do. A broken one stays broken, even when it is done later."""

    class State(models.TextChoices):
        OPEN = "open", _("To come")
        KEPT = "kept", _("Kept")
        BROKEN = "broken", _("Not kept")

    case = models.ForeignKey(Case, models.CASCADE, related_name="promises")
    text = models.CharField(max_length=300)
    due_on = models.DateField()
    due_at = models.DateTimeField(null=True, blank=True)  # the very moment, when an hour was said
    ends_at = models.DateTimeField()  # the moment, or the end of the day
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    message = models.ForeignKey(Message, models.SET_NULL, null=True, blank=True, related_name="promises")
    state = models.CharField(max_length=6, choices=State, default=State.OPEN)
    kept_at = models.DateTimeField(null=True, blank=True)
    broken_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["ends_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(text=""), name="cases_promise_says_something"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["ends_at"], condition=Q(state="open"), name="cases_promises_open")
        ]

    def __str__(self) -> str:
        return f"promise {self.pk} of {self.case_id}"

    def due_in_words(self) -> str:
        """The day, and the hour when one was said, in the reader's language."""
        language = get_language() or "fr"
        day = saying.day(self.due_on, language, year=False, weekday=True)
        if self.due_at is None:
            return day
        hour = saying.hour(self.due_at, language, timezone.get_current_timezone())
        return f"{day}, {hour}"
