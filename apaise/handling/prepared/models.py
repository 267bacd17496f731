"""A message that waits for a human glance: what it says, what it promises, and when it leaves by itself."""

from typing import ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from apaise.ground.accounts.models import User
from apaise.intake.cases.message import Message
from apaise.intake.cases.models import Case
from apaise.lib import clock


class UpdateQuerySet(models.QuerySet["Update"]):
    def visible_to(self, user: User) -> Self:
        """Those on the cases this person may read."""
        return self.filter(case__in=Case.objects.visible_to(user))

    def waiting(self) -> Self:
        return self.filter(state=Update.State.WAITING)


class Update(models.Model):
    """Prepared words to the customer of a case."""

    class Kind(models.TextChoices):
        INTRODUCTION = "introduction", _("Who takes over")
        PROGRESS = "progress", _("Where we are")
        HOLDING = "holding", _("Where we are, with a new date")
        HOLDING_AFTER_CAP = "holding_after_cap", _("Where we are, with a new date and the mediator")
        EIGHT_WEEKS = "eight_weeks", _("Eight-week letter")
        APOLOGY = "apology", _("Apology for a broken promise")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting for a look")
        SENT = "sent", _("Sent")
        DROPPED = "dropped", _("Not sent")

    case = models.ForeignKey(Case, models.CASCADE, related_name="updates")
    kind = models.CharField(max_length=20, choices=Kind)
    rule = models.CharField(max_length=60, blank=True)  # the deadline it is about
    subject = models.CharField(max_length=400)
    text = models.TextField()
    reply_by = models.DateField(null=True, blank=True)  # the new date of our reply that it tells
    promise = models.CharField(max_length=300, blank=True)  # what else it promises, …
    promised_on = models.DateField(null=True, blank=True)  # … until when, …
    promised_at = models.DateTimeField(null=True, blank=True)  # … to the hour, …
    promised_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )  # … and who keeps it
    signed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    made_by = models.CharField(max_length=60)  # an actor's code
    leaves_at = models.DateTimeField(null=True, blank=True)  # by itself; none: never without a person
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.CharField(max_length=60, blank=True)
    message = models.ForeignKey(Message, models.SET_NULL, null=True, blank=True, related_name="+")
    once = models.CharField(max_length=120, unique=True)  # the same occasion prepares one

    objects = UpdateQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["pk"]
        indexes: ClassVar = [
            models.Index(
                fields=["case"], condition=models.Q(state="waiting"), name="prepared_waiting_of_case"
            ),
            models.Index(fields=["leaves_at"], condition=models.Q(state="waiting"), name="prepared_leaving"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.case_id}"
