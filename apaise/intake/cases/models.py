"""The case and what hangs on it; its messages are in message.py."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar, Self

from django.db import models, transaction
from django.db.models import Case as Either
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from apaise.ground.accounts.models import Desk, Team, User
from apaise.ground.packs.models import PackVersion
from apaise.ground.packs.vocabulary import CHANNELS
from apaise.ground.parties.contract import Contract
from apaise.ground.parties.models import Organisation, Person
from apaise.intake.cases.excluded import ConflictOverride, Exclusion, kept_apart  # noqa: F401  (Django looks for models here)
from apaise.lib import clock
from apaise.lib.prepared import Prepared
from apaise.lib.rows import change
from apaise.lib.working_time import Calendar

CHANNEL_NAMES = {
    "web_form": _("Form"),
    "email": _("E-mail"),
    "phone": _("Phone"),
    "chat": _("Chat"),
    "letter": _("Letter"),
    "in_person": _("In person"),
    "social_media": _("Social network"),
    "app": _("Application"),
    "review_site": _("Review site"),
    "partner": _("Partner"),
}
PUBLIC = ("social_media", "review_site")  # others read it too, and our answer may not go there
CRITICALITIES = ("C1", "C2", "C3", "C4")
UNTIL_SET = "C3"  # the criticality that counts before a person or a score has set one


class WrongStage(Exception):
    """The case has moved on since the page was shown; the text says what to do."""


class State(models.TextChoices):
    RECEIVED = "received", _("Received")
    QUALIFYING = "qualifying", _("Being qualified")
    AWAITING_CUSTOMER = "awaiting_customer", _("Waiting for the customer")
    INVESTIGATING = "investigating", _("Under investigation")
    AWAITING_THIRD_PARTY = "awaiting_third_party", _("Waiting for a third party")
    DECIDING = "deciding", _("Being decided")
    ANSWERED = "answered", _("Answered")
    EXECUTING = "executing", _("Being carried out")
    CLOSED = "closed", _("Closed")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    MERGED = "merged", _("Merged")
    REDIRECTED = "redirected", _("Redirected")


ENDED = (State.CLOSED, State.WITHDRAWN, State.MERGED, State.REDIRECTED)
OPEN = tuple(state for state in State if state not in ENDED)
IS_OPEN = Q(urgent_at__isnull=False)
BEFORE_ALL = datetime(1900, 1, 1, tzinfo=UTC)
NOT_DUE = datetime(9000, 1, 1, tzinfo=UTC)  # stands for "no deadline of ours", behind every date


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, user: User) -> Self:
        """Cases this person may read. No other code decides this: pages, API, search and exports ask here."""
        if user.has_role("complaints_manager", "auditor"):
            mine = self.all()
        elif user.has_role("handler", "team_lead"):
            mine = self.filter(Q(team_id__in=user.team_ids) | Q(handler=user))
        elif user.has_role("executive"):
            mine = self.filter(handler=user)
        else:
            return self.none()
        return mine.exclude(pk__in=kept_apart(user))

    def of_person(self, person: Person) -> Self:
        """Their cases and those of everybody merged into them."""
        root = person.merged_into_id or person.pk
        return self.filter(Q(complainant_id=root) | Q(complainant__merged_into_id=root))

    def open(self) -> Self:
        # A bound, not "is not null": PostgreSQL reckons several bounds of one column as one, and so finds the index.
        return self.filter(urgent_at__gt=BEFORE_ALL)

    def ended(self) -> Self:
        return self.filter(urgent_at__isnull=True)

    def mine(self, user: User) -> Self:
        return self.filter(handler=user)

    def unassigned(self) -> Self:
        return self.filter(handler__isnull=True)

    def late(self, at: datetime) -> Self:
        return self.open().filter(urgent_at__lt=at)

    def most_urgent_first(self) -> Self:
        """For open cases: by next deadline, those without one last; see `behind` for the next page."""
        return self.order_by("urgent_at", "pk")

    def behind(self, urgent_at: datetime, pk: int) -> Self:
        """Those after this place in `most_urgent_first`, found by the index however far behind."""
        return self.filter(~Q(urgent_at=urgent_at, pk__lte=pk), urgent_at__gte=urgent_at)


class Case(models.Model):
    """One complaint or dispute, from the first message to the last promise kept."""

    reference = models.CharField(
        max_length=20, unique=True
    )  # quoted by customers; the name of its ledger chain
    title = models.CharField(max_length=200, blank=True)
    channel = models.CharField(max_length=16, choices=list(CHANNEL_NAMES.items()))
    language = models.CharField(max_length=2, default="fr")
    wants_paper = models.BooleanField(default=False)  # asked for letters, though mail could reach them
    state = models.CharField(max_length=24, choices=State, default=State.RECEIVED)
    resume_state = models.CharField(max_length=24, blank=True)  # where `awaiting_customer` returns to
    merged_into = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="merged_from"
    )  # the case it is followed in
    desk = models.ForeignKey(Desk, models.PROTECT, related_name="cases")
    team = models.ForeignKey(Team, models.PROTECT, related_name="cases")
    handler = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="cases")
    complainant = models.ForeignKey(Person, models.PROTECT, related_name="cases")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="cases"
    )
    contract = models.ForeignKey(Contract, models.PROTECT, null=True, blank=True, related_name="cases")
    pack_version = models.ForeignKey(PackVersion, models.PROTECT, related_name="+")
    region = models.CharField(max_length=20, blank=True)  # whose public holidays its calendar has, frozen too

    sent_at = models.DateTimeField()  # when the customer sent it; never later than received_at
    received_at = models.DateTimeField()  # never moves later
    written_complaint_at = models.DateTimeField(null=True, blank=True)  # never moves later
    announced_for = models.DateTimeField(null=True, blank=True)  # the reply-by date we told the customer
    answer_by = models.DateField(null=True, blank=True)  # until when we wait for the customer
    remind_on = models.DateField(
        null=True, blank=True
    )  # the next reminder of our question; none once stopped
    reminded = models.PositiveSmallIntegerField(default=0)  # how many reminders of this question were written

    criticality = models.CharField(max_length=2, blank=True)
    public_exposure = models.BooleanField(default=False)  # a post or a review tells of it
    declared_cause = models.CharField(max_length=60, blank=True)
    found_cause = models.CharField(max_length=60, blank=True)
    scope = models.CharField(max_length=10, blank=True)
    outcome = models.CharField(
        max_length=10, blank=True
    )  # of the final reply: accepted, partial, refused, goodwill
    accepted_at = models.DateTimeField(null=True, blank=True)
    final_reply_at = models.DateTimeField(null=True, blank=True)  # when it left
    closed_at = models.DateTimeField(null=True, blank=True)
    reopened_count = models.PositiveSmallIntegerField(default=0)

    # Kept beside each change so that a list of fifty costs one query.
    next_due_at = models.DateTimeField(null=True, blank=True)  # earliest running deadline of ours
    next_due_rule = models.CharField(max_length=60, blank=True)
    customer_wrote_at = models.DateTimeField(null=True, blank=True)
    we_wrote_at = models.DateTimeField(null=True, blank=True)  # a person of ours, not the acknowledgement
    excerpt = models.CharField(max_length=160, blank=True)  # of the customer's last words
    # The database computes it: the place of an open case in the list, empty once it has ended. One column to order by,
    # never null among the open ones, is what lets both databases read a page straight from an index.
    urgent_at = models.GeneratedField(
        expression=Either(
            models.When(
                state__in=[str(state) for state in OPEN], then=Coalesce("next_due_at", models.Value(NOT_DUE))
            )
        ),
        output_field=models.DateTimeField(null=True),
        db_persist=True,
    )

    objects = CaseQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(channel__in=list(CHANNELS)), name="cases_channel_known"),
            models.CheckConstraint(
                condition=Q(sent_at__lte=F("received_at")), name="cases_sent_before_received"
            ),
            # No closing without a reasoned written answer, whatever a page or script tries.
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(final_reply_at__isnull=False),
                name="cases_closed_only_when_answered",
            ),
        ]
        indexes: ClassVar = [
            # Of the open cases only: they stay few while the ended ones grow for years.
            models.Index(fields=["urgent_at", "id"], condition=IS_OPEN, name="cases_urgent"),
            models.Index(
                fields=["handler", "urgent_at", "id"], condition=IS_OPEN, name="cases_urgent_of_handler"
            ),
            models.Index(fields=["team", "urgent_at", "id"], condition=IS_OPEN, name="cases_urgent_of_team"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def calendar(self) -> Calendar:
        """The working days and hours its clocks are counted by."""
        return self.pack_version.pack.calendar_in(self.region or None)

    @property
    def ball(self) -> str:
        """Who must act next: `us`, `customer` or `nobody`."""
        if not self.is_open:
            return "nobody"
        waiting = self.state in (State.AWAITING_CUSTOMER, State.ANSWERED)
        wrote_since = (
            self.customer_wrote_at and self.we_wrote_at and self.customer_wrote_at > self.we_wrote_at
        )
        return "customer" if waiting and not wrote_since else "us"

    def is_excluded(self, user: User) -> bool:
        return any(one.user_id == user.pk and one.holds for one in self.exclusions.all())

    def move(self, to: State, *, leaving: Sequence[str], **fields: Any) -> None:
        """Go to another state. Of two people clicking at once only the first succeeds, on both databases.

        The caller records the ledger word in the same transaction. Raises WrongStage."""
        with transaction.atomic():
            moved = Case.objects.filter(pk=self.pk, state__in=leaving).update(state=to, **fields)
            if not moved:
                raise WrongStage(
                    _("%(reference)s has moved on; reload it and look again.") % {"reference": self.reference}
                )
        self.state = to
        for name, value in fields.items():
            setattr(self, name, value)

    def followed_in(self) -> "Case":
        """The case in which this one is followed: itself, unless it was merged."""
        return self.merged_into.followed_in() if self.merged_into else self

    def hold(self) -> None:
        """Let others who change this case wait until the transaction ends.

        Always the case first, then its ledger and clocks: two verbs then never wait for each other on PostgreSQL."""
        held = _HELD.rows(pk=self.pk)
        if not held:
            raise Case.DoesNotExist(f"{self.reference} is gone.")
        self.next_due_at, self.next_due_rule = held[0]

    def keep(self, **fields: Any) -> None:
        """Set fields of this row alone."""
        change(self, **fields)


_HELD: Prepared[Case] = Prepared(
    lambda pk: (
        Case.objects.select_for_update(no_key=True).filter(pk=pk).values_list("next_due_at", "next_due_rule")
    ),
    pk=int,
)


class Counter(models.Model):
    """The last number given to a case in a year."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class Grievance(models.Model):
    """One point to answer."""

    class Verdict(models.TextChoices):
        UPHELD = "upheld", _("Upheld")
        PARTLY = "partly", _("Partly upheld")
        NOT_UPHELD = "not_upheld", _("Not upheld")

    case = models.ForeignKey(Case, models.CASCADE, related_name="grievances")
    number = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)
    verdict = models.CharField(max_length=12, choices=Verdict, blank=True)
    reason = models.TextField(blank=True)  # facts found and why; owed when not fully upheld

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "number"], name="cases_grievance_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.case_id} n°{self.number}"


class Note(models.Model):
    """Words of staff to staff. A table of its own, without recipient: a note cannot be sent."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="notes")
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    text = models.TextField()
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering: ClassVar = ["at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(text=""), name="cases_note_says_something")
        ]

    def __str__(self) -> str:
        return f"note on {self.case_id}"


class Deadline(models.Model):
    """A moment we owe something, or until which the customer has a right. Computed by the pack frozen in the case."""

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        PAUSED = "paused", _("Suspended")
        STOPPED = "stopped", _("Kept")

    case = models.ForeignKey(Case, models.CASCADE, related_name="deadlines")
    rule = models.CharField(max_length=60)  # id of the deadline in the pack
    promise = models.ForeignKey("cases.Promise", models.CASCADE, null=True, blank=True, related_name="clocks")
    owner = models.CharField(max_length=40)  # a role or function code
    state = models.CharField(max_length=8, choices=State, default=State.RUNNING)
    customer_right = models.BooleanField(default=False)
    level = models.CharField(max_length=2)  # the criticality its duration was chosen by
    start_at = models.DateTimeField()
    due_at = models.DateTimeField()
    pauses = models.JSONField(default=list)  # [{from, to}] moments, to = null while open
    extended_to = models.DateTimeField(null=True, blank=True)  # told to the customer with a reason
    deferred_to = models.DateTimeField(null=True, blank=True)  # what the pack lets us wait for came then
    extensions = models.PositiveSmallIntegerField(default=0)
    near_told = models.PositiveSmallIntegerField(default=0)  # how many warn_at fractions were announced
    warn_next_at = models.DateTimeField(null=True, blank=True)
    missed_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    stopped_by = models.CharField(max_length=60, blank=True)  # the ledger word

    class Meta:
        ordering: ClassVar = ["due_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "rule"], condition=Q(promise__isnull=True), name="cases_deadline_once"
            ),
            models.UniqueConstraint(
                fields=["case", "rule", "promise"], name="cases_deadline_of_promise_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "due_at"], name="cases_deadlines_due"),
            models.Index(fields=["warn_next_at"], condition=Q(state="running"), name="cases_deadlines_warn"),
        ]

    def __str__(self) -> str:
        return f"{self.rule} of {self.case_id}"

    @property
    def key(self) -> str:
        """One of each rule in a case, but one for each promise."""
        return f"{self.rule}/{self.promise_id}" if self.promise_id else self.rule

    @property
    def was_kept(self) -> bool:
        return self.stopped_at is not None and self.stopped_at <= self.due_at


from apaise.intake.cases import findable as _findable  # noqa: E402, F401  (Django looks for models here)
from apaise.intake.cases import grouping as _grouping  # noqa: E402, F401
from apaise.intake.cases import happening as _happening  # noqa: E402, F401
from apaise.intake.cases import known_fact as _known_fact  # noqa: E402, F401
from apaise.intake.cases import link as _link  # noqa: E402, F401
from apaise.intake.cases import message as _message  # noqa: E402, F401
from apaise.intake.cases import named_staff as _named_staff  # noqa: E402, F401
from apaise.intake.cases import promise as _promise  # noqa: E402, F401
from apaise.intake.cases import weighing as _weighing  # noqa: E402, F401
from apaise.intake.cases.what_if import trial as _trial  # noqa: E402, F401
