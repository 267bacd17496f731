"""Who in the house is told when a case reaches a stage, or when something happens on it: the company's own table."""

from typing import ClassVar

from django.db import models

from apaise.lib import clock


class Notification(models.Model):
    """One cell of the table: at this stage, or on this word, these people are told."""

    occasion = models.CharField(max_length=40)  # a public stage, or a ledger word
    code = models.CharField(max_length=40)  # a role or function
    since = models.DateTimeField(default=clock.now)

    class Meta:
        ordering: ClassVar = ["occasion", "code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["occasion", "code"], name="routing_notification_once")
        ]

    def __str__(self) -> str:
        return f"{self.occasion}: {self.code}"
