"""The queue's table: one row per job, in the case database, written in the transaction that asked for it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from apaise.lib import clock


class Job(models.Model):
    class State(models.TextChoices):
        READY = "ready", pgettext_lazy("task", "Waiting")
        RUNNING = "running", pgettext_lazy("task", "Running")
        DONE = "done", pgettext_lazy("task", "Done")
        DEAD = "dead", pgettext_lazy("task", "Stuck")

    task = models.CharField(max_length=160)  # dotted path of the task
    arguments = models.JSONField(default=dict)  # {"args": [...], "kwargs": {...}}: ids and codes only
    queue = models.CharField(max_length=16, default="default")
    state = models.CharField(max_length=8, choices=State, default=State.READY)
    unique_key = models.CharField(max_length=160, null=True, unique=True)
    made_at = models.DateTimeField(default=clock.now)
    run_after = models.DateTimeField(default=clock.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    crashes = models.PositiveSmallIntegerField(default=0)  # in a row: workers that ended in the middle of it
    worker = models.CharField(max_length=120, blank=True)  # host/pid/start, so that a dead one is recognised
    leased_until = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=200, blank=True)  # type and place of the error, no customer text
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["queue", "run_after"], condition=Q(state="ready"), name="journey_jobs_ready"
            ),
            models.Index(fields=["leased_until"], condition=Q(state="running"), name="journey_jobs_leased"),
        ]

    def __str__(self) -> str:
        return f"{self.task} #{self.pk}"
