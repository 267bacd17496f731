"""A context note: a question of fact to somebody who may not handle the case, and their one answer."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from apaise.ground.accounts.models import User
from apaise.intake.cases.message import Message
from apaise.intake.cases.models import Case
from apaise.lib import clock


class ContextNoteQuerySet(models.QuerySet["ContextNote"]):
    def of_case(self, case: Case) -> Self:
        """Those asked on this case, or on one that is followed in it now."""
        return self.filter(Q(case=case) | Q(case__merged_into=case))

    def asked_of(self, user: User) -> Self:
        """What this person was asked, whether or not they may see the case."""
        return self.filter(person=user).exclude(state=ContextNote.State.WITHDRAWN)

    def waiting(self) -> Self:
        return self.filter(state=ContextNote.State.ASKED)


class ContextNote(models.Model):
    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("context note", "Asked")
        SENT = "sent", pgettext_lazy("context note", "Sent")
        DECLINED = "declined", pgettext_lazy("context note", "Declined")
        WITHDRAWN = "withdrawn", pgettext_lazy("context note", "No longer needed")

    case = models.ForeignKey(Case, models.CASCADE, related_name="context_notes")
    person = models.ForeignKey(User, models.PROTECT, related_name="context_notes")
    about = models.CharField(max_length=200)  # the customer or account, as they know it
    question = models.TextField()
    period_from = models.DateField(null=True, blank=True)
    period_to = models.DateField(null=True, blank=True)
    message = models.ForeignKey(
        Message, models.SET_NULL, null=True, blank=True, related_name="+"
    )  # whose words the asker chose to show
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    draft = models.TextField(blank=True)
    text = models.TextField(blank=True)  # as sent, or why it was declined; never changed after that
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = ContextNoteQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["asked_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "person"],
                condition=Q(state="asked"),
                name="contributions_one_question_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="sent") | ~Q(text=""), name="contributions_note_says_something"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["person", "state"], name="contributions_asked_of"),
            models.Index(fields=["due_at"], condition=Q(state="asked"), name="contributions_due"),
        ]

    def __str__(self) -> str:
        return f"context note {self.pk}"
