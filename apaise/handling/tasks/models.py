"""A task: a code, a case and whoever owes it; never a customer's words."""

from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from apaise.ground.accounts.models import User
from apaise.intake.cases.models import Case
from apaise.lib import clock


class TaskQuerySet(models.QuerySet["Task"]):
    def visible_to(self, user: User) -> Self:
        """Tasks on the cases this person may read."""
        return self.filter(case__in=Case.objects.visible_to(user))

    def open(self) -> Self:
        return self.filter(done_at__isnull=True)

    def of(self, user: User) -> Self:
        """Named to this person, or to nobody on a case that they hold."""
        return self.filter(Q(person=user) | Q(person__isnull=True, case__handler=user))

    def late(self, at: datetime) -> Self:
        return self.open().filter(due_at__lt=at)


class Task(models.Model):
    case = models.ForeignKey(Case, models.CASCADE, related_name="tasks")
    kind = models.CharField(max_length=60)  # what is to be done; its words are in wording.py
    detail = models.CharField(max_length=80, blank=True)  # a code: which deadline, which question
    owner = models.CharField(max_length=40)  # the role or function that owes it
    person = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="tasks"
    )  # whom that means; nobody: who holds the case
    due_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(default=clock.now)
    opened_by = models.CharField(max_length=60)  # an actor's code
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.CharField(max_length=60, blank=True)
    once = models.CharField(max_length=120, unique=True)  # the same occasion opens one task

    objects = TaskQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["due_at", "pk"]
        indexes: ClassVar = [
            models.Index(
                fields=["person", "due_at"], condition=Q(done_at__isnull=True), name="tasks_open_of_person"
            ),
            models.Index(fields=["case"], condition=Q(done_at__isnull=True), name="tasks_open_of_case"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} on {self.case_id}"
