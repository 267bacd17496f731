"""What the scanner said of each file, by its bytes: the same file is looked at once, however often it comes."""

from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Q

from apaise.lib import clock

PATIENCE = timedelta(
    minutes=10
)  # how long a scanner may be away before a file counts as one it cannot look at


class FileCheck(models.Model):
    """The last word of the scanner on one file. A file without a row waits for its first look."""

    class State(models.TextChoices):
        CLEAN = "clean"
        INFECTED = "infected"
        UNCHECKED = "unchecked"

    class Why(models.TextChoices):
        AWAY = "away"
        TOO_LARGE = "too_large"  # for the scanner
        FAILED = "failed"  # it could not read it

    sha256 = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=9, choices=State)
    why = models.CharField(max_length=9, choices=Why, blank=True)  # it could not be looked at
    found = models.CharField(max_length=120, blank=True)  # what it is infected with, as the scanner names it
    first_at = models.DateTimeField(default=clock.now)
    last_at = models.DateTimeField(default=clock.now)
    told = models.BooleanField(default=False)  # of an infected one: whoever administers knows

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["last_at"], condition=Q(why="away"), name="channels_check_again"),
            models.Index(
                fields=["id"], condition=Q(state="infected", told=False), name="channels_check_untold"
            ),
        ]

    def __str__(self) -> str:
        return f"check {self.pk}"

    @property
    def is_given_up(self) -> bool:
        """Nobody will look at it soon: a person decides whether to open it."""
        tried_long = self.first_at <= clock.now() - PATIENCE
        return self.state == self.State.UNCHECKED and (self.why != self.Why.AWAY or tried_long)


class LookedThrough(models.Model):
    """How far the round of the scanner has come through one column that names files, by the rows' numbers."""

    column = models.CharField(max_length=80, unique=True)
    newest = models.PositiveBigIntegerField()  # what came in: up to here
    walked = models.PositiveBigIntegerField(default=0)  # all rows, again and again: up to here

    def __str__(self) -> str:
        return f"{self.column} up to {self.newest}, {self.walked}"
