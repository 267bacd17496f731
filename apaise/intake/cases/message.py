"""Words in or out, on any channel, and the files that came with them."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apaise.ground.accounts.models import User
from apaise.ground.packs.vocabulary import CHANNELS
from apaise.ground.parties.models import Person
from apaise.intake.cases.models import CHANNEL_NAMES, Case
from apaise.lib import clock
from apaise.lib.file_danger import danger_of

BY_A_PERSON = (
    "recap",
    "restatement",
    "reply",
    "question",
    "final_reply",
    "date_notice",
    "prolongation",
    "redirection",
    "closing_notice",
    "update",
)
AUTOMATIC = ("acknowledgement", "reminder", "auto_update")
EITHER = ("eight_weeks",)  # a person sends it, or it leaves by itself when nobody looked


class MessageQuerySet(models.QuerySet["Message"]):
    def shown_to_complainant(self) -> "MessageQuerySet":
        """What both sides may read; notes are no messages and can never be among them."""
        return (
            self.filter(is_machine=False)
            .exclude(state__in=["queued", "sending", "to_post", "failed", "taken_back"])
            .order_by("at", "pk")
        )

    def automatic(self) -> "MessageQuerySet":
        """Mails that leave by themselves, on nobody's word."""
        return self.filter(direction=Message.Direction.OUT, channel="email", author_user__isnull=True)

    def claim(self, pk: int) -> "Message | None":
        """QUEUED -> SENDING for one worker; None if another has it, or it is not to be sent."""
        queued = self.filter(pk=pk, state=Message.State.QUEUED)
        if not queued.update(state=Message.State.SENDING, claimed_at=clock.now()):
            return None
        return self.select_related("case__desk", "case__complainant", "author_user").get(pk=pk)


class Message(models.Model):
    """One message of a case. Staff notes live in another table."""

    class Direction(models.TextChoices):
        IN = "in", _("received")
        OUT = "out", _("sent")

    class State(models.TextChoices):
        RECEIVED = "received", pgettext_lazy("message", "Received")
        QUEUED = "queued", _("Waiting to be sent")
        SENDING = "sending", _("Being sent")
        TO_POST = "to_post", _("To be posted")
        SENT = "sent", _("Sent")
        SHOWN = "shown", _("Shown on the tracking page")
        UNCERTAIN = "uncertain", _("Perhaps sent")
        FAILED = "failed", _("Not sent")
        TAKEN_BACK = "taken_back", _("Taken back before it left")

    class Problem(models.TextChoices):
        """Why a message has not left. `%(code)s` is what the mail server answered (RFC 5321 §4.2)."""

        NO_SERVER = (
            "no_server",
            _("No mail server is set. The administrator sets SMTP_URL; the message leaves by itself then."),
        )
        AWAY = "away", _("The mail server cannot be reached. We keep trying.")
        ASKED_TO_WAIT = "wait", _("The mail server asks to wait (code %(code)s). We keep trying.")
        REFUSED = "refused", _("The mail server refused it (code %(code)s). Check the address.")
        REFUSED_FOR = (
            "refused_to",
            _(
                "The mail server refused %(address)s (code %(code)s). Correct the address, or write without it."
            ),
        )
        MUTED = (
            "muted",
            _("An administrator or an import has stopped all mail. It leaves by itself after that."),
        )
        PAUSED = (
            "paused",
            _("Too many automatic mails left at once, so they wait until an administrator lets them go."),
        )
        CAPPED = (
            "capped",
            _(
                "This address had many automatic mails within the hour. It leaves later by itself; look for a loop."
            ),
        )
        UNFIT = "unfit", _("It cannot be sent as it is. Check the address; the cause is in the log.")
        # It left, and came back.
        NO_MAILBOX = "no_mailbox", _("The mailbox is unknown there. Ask the customer for another address.")
        NO_DOMAIN = "no_domain", _("There is no mail at this domain. Look for a slip of the pen after the @.")
        FULL = (
            "full",
            _("The customer's mailbox is full. Reach them by phone or letter, or write again later."),
        )
        UNWANTED = "unwanted", _("Their server does not take it. Reach them by phone or letter.")
        TOO_LARGE = "too_large", _("It is too large for their server. Send it with smaller files.")
        NOT_REACHED = "no_way", _("Their server could not be reached for days. Write again later.")
        RETURNED = "returned", _("It could not be delivered. Check the address; the original says more.")

    CAME_BACK: ClassVar = (
        Problem.NO_MAILBOX,
        Problem.NO_DOMAIN,
        Problem.FULL,
        Problem.UNWANTED,
        Problem.TOO_LARGE,
        Problem.NOT_REACHED,
        Problem.RETURNED,
    )

    class Kind(models.TextChoices):
        COMPLAINT = "complaint", _("Complaint")
        MESSAGE = "message", _("Message")
        ACKNOWLEDGEMENT = "acknowledgement", _("Acknowledgement")
        RECAP = "recap", _("Written recap")
        RESTATEMENT = "restatement", _("Restatement")
        REPLY = "reply", _("Reply")
        QUESTION = "question", _("Question")
        REMINDER = "reminder", _("Reminder of our question")
        FINAL_REPLY = "final_reply", _("Final reply")
        DATE_NOTICE = "date_notice", _("New date announced")
        PROLONGATION = "prolongation", _("A date prolonged")
        REDIRECTION = "redirection", _("Redirection")
        CLOSING_NOTICE = "closing_notice", _("Closing notice")
        UPDATE = "update", _("Where we are")  # prepared by the product, looked at and sent by a person
        AUTO_UPDATE = "auto_update", _("Where we are, sent by itself")
        EIGHT_WEEKS = "eight_weeks", _("Eight-week letter")

    case = models.ForeignKey(Case, models.CASCADE, related_name="messages")
    direction = models.CharField(max_length=3, choices=Direction)
    kind = models.CharField(max_length=16, choices=Kind)
    channel = models.CharField(max_length=16, choices=list(CHANNEL_NAMES.items()))
    author_person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    author_user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    to_address = models.CharField(max_length=600, blank=True)  # of a letter: name and address, a line each
    from_address = models.CharField(max_length=320, blank=True)  # of a mail that came in: where it came from
    copies = models.JSONField(default=list, blank=True)  # the others in To and Cc, as bare addresses
    subject = models.CharField(max_length=400, blank=True)
    text = models.TextField(blank=True)  # all of it
    new_text = models.TextField(blank=True)  # without quoted history and signature
    at = models.DateTimeField(default=clock.now)
    state = models.CharField(max_length=10, choices=State)
    is_thanks = models.BooleanField(default=False)  # nothing but thanks: changes no state and no deadline
    is_machine = models.BooleanField(default=False)  # written by a machine: changes no state and no deadline

    message_id = models.CharField(max_length=400, blank=True)  # of the mail, with its angle brackets
    in_reply_to = models.CharField(max_length=400, blank=True)
    send_after = models.DateTimeField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)  # when we last began to hand it over
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=10, choices=Problem, blank=True)  # why it has not left
    problem_code = models.PositiveSmallIntegerField(null=True, blank=True)
    problem_address = models.CharField(max_length=320, blank=True)  # the one of several that was refused
    # Of those in copy, whom it did not reach: {address, why: a code of lib/mime/reports.py, hard}.
    unreached = models.JSONField(default=list, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(channel__in=list(CHANNELS)), name="cases_message_channel_known"
            ),
            models.CheckConstraint(
                condition=Q(
                    direction="in",
                    kind__in=["complaint", "message"],
                    author_user__isnull=True,
                    state="received",
                )
                | (Q(direction="out") & ~Q(kind__in=["complaint", "message"]) & ~Q(state="received")),
                name="cases_message_is_in_or_out",
            ),
            # A human signs every reply; only the acknowledgement and reminders may leave by themselves.
            models.CheckConstraint(
                condition=~Q(kind__in=list(BY_A_PERSON)) | Q(author_user__isnull=False),
                name="cases_reply_has_a_human_author",
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(kind="acknowledgement"), name="cases_one_acknowledgement"
            ),
            models.UniqueConstraint(
                fields=["message_id"],
                condition=Q(direction="out") & ~Q(message_id=""),
                name="cases_out_message_id_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["case", "at"], name="cases_messages_of"),
            models.Index(fields=["message_id"], name="cases_message_by_id"),
            # A handful at any time: the rail of each page counts them.
            models.Index(fields=["at", "id"], condition=Q(state="to_post"), name="cases_letters_to_post"),
            # The rate caps of the gate look back an hour; the sweep of uncertain mails a few days.
            models.Index(
                fields=["claimed_at"],
                condition=Q(direction="out", author_user__isnull=True),
                name="cases_automatic_mail",
            ),
            models.Index(
                fields=["claimed_at", "id"], condition=Q(state="uncertain"), name="cases_uncertain_mail"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.case_id}"

    def problem_in_words(self) -> str:
        """Why it has not left, in the reader's language; "" when nothing is wrong."""
        return self.get_problem_display() % {"code": self.problem_code, "address": self.problem_address}

    def unreached_in_words(self) -> list[tuple[str, str]]:
        """Each in copy whom it did not reach, and why, with what to do."""
        return [
            (
                (
                    _("Not reached for good: %(address)s.")
                    if one["hard"]
                    else _("Not reached for now: %(address)s.")
                )
                % {"address": one["address"]},
                str(Unreached(one["why"]).label),
            )
            for one in self.unreached
        ]

    @property
    def came_back(self) -> bool:
        """Whether it left and was returned."""
        return self.problem in self.CAME_BACK

    @property
    def is_ours(self) -> bool:
        return self.direction == self.Direction.OUT

    def hold_case(self) -> Case:
        """Hold the case it is in, and return it. The case always first, then its messages: see Case.hold.

        A merge of this very moment takes it along, or has done so."""
        self.case.hold()
        case_id = Message.objects.values_list("case_id", flat=True).get(pk=self.pk)
        if case_id == self.case_id:
            return self.case
        self.case = Case.objects.get(pk=case_id)
        return self.hold_case()

    def hold_until(self, moment: datetime) -> None:
        """Keep a queued message back; used for the time in which a reply may be taken back."""
        Message.objects.filter(pk=self.pk, state=self.State.QUEUED).update(send_after=moment)
        self.send_after = moment


class Unreached(models.TextChoices):
    """Why somebody in copy was not reached; the codes are those of lib/mime/reports.py."""

    NO_MAILBOX = (
        "no_mailbox",
        _("The mailbox is unknown there. Correct the address before you write to it again."),
    )
    NO_DOMAIN = "no_domain", _("There is no mail at this domain: look for a slip of the pen after the @.")
    FULL = "full", _("The mailbox is full. Write again later.")
    REFUSED = "refused", _("Their server does not take it. Reach them by another way.")
    TOO_LARGE = "too_large", _("It is too large for their server: send it with smaller files.")
    NOT_REACHED = "not_reached", _("Their server was out of reach for days. Write again later.")
    OTHER = "other", _("Their server does not say why. Reach them by another way.")


class LeftOut(models.TextChoices):
    """Why a file that came with a mail was not taken out of it; it stays in the original."""

    TOO_LARGE = "too_large", _("too large: only in the original e-mail")
    TOO_MANY = "too_many", _("too many files: only in the original e-mail")
    UNWELCOME = "unwelcome", _("of a kind that is not taken: only in the original e-mail")


class Attachment(models.Model):
    """A file of a message; its bytes lie in the file store under their SHA-256, unless it was left out."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=255)  # cleaned
    content_type = models.CharField(max_length=120)  # by its bytes; see lib/file_kind
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64, blank=True)
    left_out = models.CharField(max_length=10, choices=LeftOut, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        indexes: ClassVar = [models.Index(fields=["sha256"], name="cases_attachment_bytes")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(left_out="") & ~Q(sha256="") | Q(sha256="") & ~Q(left_out=""),
                name="cases_attachment_kept_or_left_out",
            )
        ]

    def __str__(self) -> str:
        return f"file {self.pk}"

    @property
    def danger(self) -> str:
        """What harm opening it may do; see lib/file_danger."""
        return danger_of(self.content_type, self.name)
