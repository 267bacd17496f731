"""Who is kept apart from a case, how that was found, and whom an executive let in again, for a time and a reason."""

from datetime import datetime
from typing import ClassVar, Self

from django.db import connection, models
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from apaise.ground.accounts.models import User
from apaise.lib import clock


class ExclusionQuerySet(models.QuerySet["Exclusion"]):
    def in_force(self) -> Self:
        """Without those who are let in at this moment."""
        return self.filter(Q(let_in_until=None) | Q(let_in_until__lte=clock.now()))


class Exclusion(models.Model):
    """A person kept away from a case, because nobody is judge and party. It never ends by itself."""

    class Found(models.TextChoices):
        CONTRACT = "contract", _("from the customer's contract")
        WORDS = "words", _("named in the customer's words")
        THEMSELVES = "themselves", _("said by themselves")
        PERSON = "person", _("said by a lead")
        DECISION = "decision", _("from the first decision")

    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="exclusions")
    user = models.ForeignKey(User, models.CASCADE, related_name="exclusions")
    because = models.CharField(max_length=40)  # a function code: onsite_technician, account_manager, …
    found = models.CharField(max_length=12, choices=Found, default=Found.PERSON)
    since = models.DateTimeField(default=clock.now)
    let_in_until = models.DateTimeField(null=True, blank=True)  # by an executive; see ConflictOverride

    objects = ExclusionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "user"], name="cases_excluded_once")]
        indexes: ClassVar = [models.Index(fields=["user", "case"], name="cases_exclusions_of")]

    def __str__(self) -> str:
        return f"{self.user_id} kept from {self.case_id}"

    @property
    def holds(self) -> bool:
        return self.let_in_until is None or self.let_in_until <= clock.now()


class ConflictOverride(models.Model):
    """An executive lets an excluded person in, with a reason, until a moment. Kept for good."""

    exclusion = models.ForeignKey(Exclusion, models.CASCADE, related_name="overrides")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    reason = models.TextField()
    at = models.DateTimeField(default=clock.now)
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(reason=""), name="cases_conflict_override_has_a_reason"),
            models.UniqueConstraint(
                fields=["exclusion"], condition=Q(ended_at=None), name="cases_conflict_override_one_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"override of exclusion {self.exclusion_id}"


def kept_apart(user: User) -> RawSQL:
    """The ids of the cases this person is kept away from, for `pk__in` or `case_id__in`.

    Written out: each list and count asks it, and composing it anew each time took a tenth of a page."""
    return RawSQL(
        "SELECT case_id FROM cases_exclusion WHERE user_id = %s AND (let_in_until IS NULL OR let_in_until <= %s)",
        [user.pk, _written(clock.now())],
    )


def _written(moment: datetime) -> object:
    """As this database writes a moment: SQLite as text."""
    return connection.ops.adapt_datetimefield_value(moment)
