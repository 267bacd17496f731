"""What the public form leaves behind before it is a complaint: a draft somebody asked us to keep, and how far people come."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apaise.ground.accounts.models import Desk
from apaise.intake.cases.models import Case
from apaise.lib import clock


class FormDraft(models.Model):
    """A half-filled form, kept because its writer asked for it (or was refused with files). Opened by a signed link."""

    nonce = models.CharField(max_length=32)
    desk = models.ForeignKey(Desk, models.CASCADE, related_name="+")
    language = models.CharField(max_length=2)
    typed = models.JSONField(default=dict)  # the fields by name, as typed
    files = models.JSONField(default=list)  # [{name, content_type, size, sha256}] in the store already
    made_at = models.DateTimeField(default=clock.now)
    saved_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    case = models.ForeignKey(Case, models.CASCADE, null=True, related_name="+")  # once it is a complaint

    class Meta:
        indexes: ClassVar = [models.Index(fields=["expires_at"], name="channels_drafts_old")]

    def __str__(self) -> str:
        return f"form draft {self.pk}"


class FormVisit(models.Model):
    """How far one filling of the form came. No name, no address: a digest of the form's own number, a day and a step."""

    class Step(models.IntegerChoices):
        BEGUN = 1, _("Begun")
        TOLD = 2, _("Story told")
        REACHABLE = 3, _("Contact given")
        SENT = 4, _("Sent")

    form = models.CharField(max_length=64, unique=True)
    day = models.DateField()
    step = models.PositiveSmallIntegerField(choices=Step)
    saved = models.BooleanField(default=False)  # kept as a draft: not given up yet
    last_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["day", "step"], name="channels_form_visits")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(step__gte=1, step__lte=4), name="channels_form_step_known")
        ]

    def __str__(self) -> str:
        return f"form of {self.day}: {self.step}"
