"""What a channel knows of a message beside its words: a post and its reach, the turns of a call, a line's own keys."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apaise.intake.cases.message import Message


class Post(models.Model):
    """A message that stands on a network or a review site, where others read it."""

    message = models.OneToOneField(Message, models.CASCADE, related_name="post")
    network = models.CharField(max_length=60)  # as people call it: Mastodon, AvisClients
    author = models.CharField(max_length=200)  # the handle, or the name a review is signed with
    reach = models.PositiveBigIntegerField(null=True, blank=True)  # how many people may have seen it
    url = models.CharField(max_length=2000, blank=True)
    rating = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    is_private = models.BooleanField(default=False)  # a private message on a network

    def __str__(self) -> str:
        return f"post {self.pk}"

    @property
    def rating_said(self) -> int | float | None:
        """The rating as one writes it: 1, 3.5."""
        if self.rating is None:
            return None
        return int(self.rating) if self.rating == int(self.rating) else float(self.rating)


class Turn(models.Model):
    """What one person said in a call or a chat, before somebody else spoke."""

    class Role(models.TextChoices):
        CUSTOMER = "customer", _("Customer")
        AGENT = "agent", _("Us")
        UNKNOWN = "unknown", _("Not known")

    message = models.ForeignKey(Message, models.CASCADE, related_name="turns")
    number = models.PositiveIntegerField()
    speaker = models.CharField(max_length=80, blank=True)
    role = models.CharField(max_length=8, choices=Role, default=Role.UNKNOWN)
    start_ms = models.PositiveBigIntegerField(null=True, blank=True)  # from the start of the conversation
    end_ms = models.PositiveBigIntegerField(null=True, blank=True)
    text = models.TextField()

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["message", "number"], name="channels_turn_number_once")
        ]

    def __str__(self) -> str:
        return f"turn {self.number} of message {self.message_id}"


class Details(models.Model):
    """A message that came as a line of JSON: its number in the system it comes from, and the keys of its channel."""

    message = models.OneToOneField(Message, models.CASCADE, related_name="details")
    channel = models.CharField(max_length=16)
    external_id = models.CharField(max_length=200, blank=True)
    thread = models.CharField(max_length=200, blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["channel", "external_id"],
                condition=~Q(external_id=""),
                name="channels_external_id_once",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["channel", "thread"], name="channels_details_thread")]

    def __str__(self) -> str:
        return f"details of message {self.message_id}"
