"""What came in, as it came in; and what the demo's mail server was handed."""

from datetime import timedelta
from pathlib import Path
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apaise.ground.accounts.models import Desk, User
from apaise.intake.cases.excluded import kept_apart
from apaise.intake.cases.message import Message
from apaise.intake.cases.models import Case
from apaise.lib import clock
from apaise.lib.file_store import FileStore

ATTEND_WITHIN = timedelta(hours=1)  # how long a quarantined message may wait for a person

REASONS = {
    "unreadable": _("It could not be read as a message."),
    "empty": _("It says nothing: no words, no file."),
    "no_sender": _("It names no sender to answer."),
    "not_a_participant": _("Its sender is not part of the case it answers."),
    "forward_no_address": _("A colleague forwarded it, but the customer's address is not in it."),
    "forward_several": _("A colleague forwarded mails of several customers in one."),
    "from_ourselves": _("One of our own desks sent it, and it forwards no customer's mail."),
    "no_desk": _("It is addressed to none of our desks."),
    "too_large": _("It is larger than we accept."),
    "not_fetched": _("Its mail server does not hand it over. It lies there still, and is asked for again."),
    "fetched_later": _("Its mail server handed it over later."),
    "failed": _("Filing it failed; the cause is in the log."),
    "bad_line": _("It is no line of JSON we can read."),
    "bad_transcript": _("It is no transcript we can read."),
    "no_such_case": _("It names a case that does not exist."),
    "form_suspect": _("It looks as if a machine had filled in the form. A person decides."),
    "received_before": _("The same mail was received before."),
    "id_taken": _("A message with the same number has other words."),
    "spam": _("It is spam."),
    # Why a machine wrote it: the first sign that tells (lib/mime/machine.py).
    "bounce": _("A mail server returns a mail."),
    "delivery-report": _("A mail server tells how a delivery stands."),
    "read-receipt": _("A mail program says that a mail was read or deleted."),
    "feedback-report": _("A provider passes on that somebody called a mail spam."),
    "calendar-reply": _("A calendar accepts or declines an invitation."),
    "challenge": _("A filter asks its sender to prove that they are a person."),
    "out-of-office": _("Somebody is absent: their mail program answers."),
    "auto-responder": _("A program answers by itself."),
    "auto-submitted": _("Its header says that a program sent it."),
    "notice": _("A monitor, a timer or a service reports."),
    "mailing-list": _("It went to a mailing list."),
    "bulk": _("It went to many people at once."),
    "loop": _("It goes round in circles: it is our own, or passed too many servers."),
}


def file_store() -> FileStore:
    """Raw mail and attachments."""
    return FileStore(Path(settings.DATA) / "files")


class ArrivalQuerySet(models.QuerySet["Arrival"]):
    def visible_to(self, user: User) -> Self:
        """The desk's people see what their desk received; managers and auditors see it all."""
        if user.has_role("complaints_manager", "auditor"):
            mine = self.all()
        elif user.has_role("handler", "team_lead"):
            mine = self.filter(Q(desk__team_id__in=user.team_ids) | Q(desk__isnull=True))
        else:
            return self.none()
        # A mail may answer, or be a copy of one that answers, a case found only later.
        ways = ("case_id", "message__case_id", "same_as__case_id", "same_as__message__case_id")
        for way in ways:
            mine = mine.exclude(**{f"{way}__in": kept_apart(user)})
        return mine

    def in_quarantine(self) -> Self:
        return self.filter(state=Arrival.State.QUARANTINED)

    def spam(self) -> Self:
        return self.filter(state=Arrival.State.SPAM)

    def by_machines_alone(self) -> Self:
        """Written by machines and shown in no case."""
        return self.filter(state=Arrival.State.MACHINE, message=None)

    def duplicates(self) -> Self:
        """Mails taken for one received before. What comes by other ways bears a number of its own."""
        return self.filter(state=Arrival.State.DUPLICATE, form=Arrival.Form.MAIL)


class Arrival(models.Model):
    """One message as it reached us. Its raw bytes are durable before we say yes to the sender."""

    class State(models.TextChoices):
        NEW = "new", _("To be read")
        FILED = "filed", _("Filed")
        MACHINE = "machine", _("Written by a machine")
        DUPLICATE = "duplicate", _("Received before")
        QUARANTINED = "quarantined", _("In quarantine")
        SET_ASIDE = "set_aside", _("Set aside by a person")
        SPAM = "spam", _("Spam")

    class Verdict(models.TextChoices):
        PERSON = "person", _("A person decided so.")
        FILTER = (
            "filter",
            _("Your mail filter marks it, its sender is unknown and it answers nothing of ours."),
        )
        REVERSED = "reversed", _("It was taken for spam and is none.")
        HEARD = "heard", _("It was taken for a machine's; a person wrote it.")
        APART = "apart", _("It was taken for one received before, and is another.")

    class Form(models.TextChoices):
        MAIL = "mail", _("Mail")
        LINE = "line", _("Line of JSON")
        TRANSCRIPT = "transcript", _("Transcript")
        WEB_FORM = "web_form", _("Our own form")

    channel = models.CharField(max_length=16)
    form = models.CharField(max_length=12, choices=Form, default=Form.MAIL)
    given = models.JSONField(default=dict, blank=True)  # beside the bytes: {channel, case, name, files}
    raw = models.CharField(max_length=64)  # SHA-256 in the file store
    size = models.PositiveBigIntegerField()
    received_at = models.DateTimeField(default=clock.now)
    envelope_from = models.CharField(max_length=320, blank=True)
    envelope_to = models.CharField(max_length=320, blank=True)
    desk = models.ForeignKey(Desk, models.PROTECT, null=True, blank=True, related_name="arrivals")
    state = models.CharField(max_length=12, choices=State, default=State.NEW)
    reason = models.CharField(
        max_length=40, blank=True
    )  # a code: of quarantine, or which sign gave the machine away
    fingerprint = models.CharField(max_length=64, null=True, unique=True)  # same message twice is one message
    message = models.ForeignKey(Message, models.SET_NULL, null=True, blank=True, related_name="arrivals")
    case = models.ForeignKey(Case, models.SET_NULL, null=True, blank=True, related_name="arrivals")
    same_as = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="duplicates"
    )  # of a duplicate: the one received before
    accepted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    owner = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )  # who looks after it
    attend_by = models.DateTimeField(null=True, blank=True)
    overdue_told = models.BooleanField(default=False)
    verdict = models.CharField(
        max_length=8, choices=Verdict, blank=True
    )  # why it is spam; or that it is none, or no machine's
    spam_at = models.DateTimeField(null=True, blank=True)

    objects = ArrivalQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["state", "received_at"], name="channels_arrivals"),
            models.Index(fields=["raw"], name="channels_arrival_raw"),
        ]

    def __str__(self) -> str:
        return f"arrival {self.pk}"

    def raw_bytes(self) -> bytes:
        return file_store().read(self.raw)

    @property
    def has_original(self) -> bool:
        """Whether its bytes are something to look at besides the message; a transcript is among the files already."""
        if self.form == self.Form.MAIL:
            return self.channel != "web_form"  # our own form keeps what was typed, as we keep it
        return self.form == self.Form.LINE

    def reason_text(self) -> str:
        return str(REASONS.get(self.reason, self.reason))


class OutboxMail(models.Model):
    """A mail the built-in demo server took: it goes nowhere, one can read it on the outbox page."""

    envelope_from = models.CharField(max_length=320)
    envelope_to = models.CharField(max_length=320)
    raw = models.CharField(max_length=64)
    subject = models.CharField(max_length=400, blank=True)
    message = models.ForeignKey(Message, models.CASCADE, null=True, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"outbox mail {self.pk}"


from apaise.intake.channels import checked as _checked  # noqa: E402, F401  (Django looks for models here)
from apaise.intake.channels import details as _details  # noqa: E402, F401  (Django looks for models here)
from apaise.intake.channels import forwards as _forwards  # noqa: E402, F401  (Django looks for models here)
from apaise.intake.channels import particulars as _particulars  # noqa: E402, F401  (Django looks for models here)
from apaise.intake.channels import public_form as _public_form  # noqa: E402, F401
from apaise.intake.channels.mail import mailboxes as _mailboxes  # noqa: E402, F401
from apaise.intake.channels.mail import stops as _stops  # noqa: E402, F401
from apaise.intake.channels.mail import to_staff as _to_staff  # noqa: E402, F401
