"""What only one channel knows of a message: a row beside it, for the call, the letter, the visit, the posting."""

import re
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from apaise.ground.accounts.models import User
from apaise.intake.cases.message import Message
from apaise.lib import clock


class Recap(models.TextChoices):
    """The durable written form that everybody who only spoke to us is offered."""

    EMAIL = "email", _("By e-mail")
    LETTER = "letter", _("By letter")
    HANDED = "handed", _("Printed and handed over now")
    DECLINED = "declined", _("Not wanted")


class Call(models.Model):
    """A phone call, noted by whoever took it."""

    message = models.OneToOneField(Message, models.CASCADE, related_name="call")
    taken_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    tried = models.JSONField(default=list)  # channels tried before, as codes
    tried_on = models.DateField(null=True, blank=True)
    tried_line = models.CharField(max_length=300, blank=True)  # what came of it
    recap = models.CharField(max_length=8, choices=Recap)

    def __str__(self) -> str:
        return f"call {self.message_id}"


class Letter(models.Model):
    """A letter that came in: its clocks start at receipt, some periods of the law when it was posted."""

    message = models.OneToOneField(Message, models.CASCADE, related_name="letter")
    typed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    posted_on = models.DateField(null=True, blank=True)
    received_on = models.DateField()
    registered_number = models.CharField(max_length=40, blank=True)  # as typed
    registered_key = models.CharField(max_length=40, blank=True)  # normalised: see registered_key()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["registered_key"], name="channels_letter_registered")]

    def __str__(self) -> str:
        return f"letter {self.message_id}"


class Visit(models.Model):
    """Somebody came to a counter, or we met them."""

    message = models.OneToOneField(Message, models.CASCADE, related_name="visit")
    received_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    place = models.CharField(max_length=120)
    wish = models.TextField(blank=True)
    recap = models.CharField(max_length=8, choices=Recap)

    def __str__(self) -> str:
        return f"visit {self.message_id}"


class Posting(models.Model):
    """A letter of ours that a person posted: what left, when, and how one could prove it."""

    message = models.OneToOneField(Message, models.CASCADE, related_name="posting")
    posted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    posted_on = models.DateField()
    registered_number = models.CharField(max_length=40, blank=True)
    registered_key = models.CharField(max_length=40, blank=True)
    pdf = models.CharField(max_length=64)  # SHA-256 of the letter as it was printed, in the file store
    proof = models.CharField(max_length=64, blank=True)  # SHA-256 of the proof of posting
    proof_name = models.CharField(max_length=255, blank=True)
    proof_type = models.CharField(max_length=120, blank=True)
    noted_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["registered_key"], name="channels_posting_registered")]

    def __str__(self) -> str:
        return f"posting of {self.message_id}"


def registered_key(typed: str) -> str:
    """The form a registered number is compared in: capitals and digits, however it was spaced."""
    return re.sub(r"[\W_]", "", typed).upper()
