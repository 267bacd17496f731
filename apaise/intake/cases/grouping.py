"""Cases that belong together: merged, split, linked, or perhaps the same. The verbs are in files of their own."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apaise.ground.accounts.models import User
from apaise.intake.cases.models import Case
from apaise.lib import clock

MERGE_REASONS = {
    "sent_twice": _("The same complaint, sent twice"),
    "other_channel": _("The same complaint, by another channel"),
    "same_matter": _("Two complaints about one matter"),
    "split_undone": _("Split off by mistake"),
}


class Regrouping(models.Model):
    """What went from one case into another, and whether it came back: a merge, or a split."""

    class Kind(models.TextChoices):
        MERGE = "merge", _("Merge")
        SPLIT = "split", _("Split")

    kind = models.CharField(max_length=5, choices=Kind)
    case = models.ForeignKey(Case, models.CASCADE, related_name="regroupings")  # what it left
    into = models.ForeignKey(Case, models.CASCADE, related_name="taken_in")
    reason = models.CharField(max_length=20, blank=True)  # of a merge: a key of MERGE_REASONS
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)
    before = models.JSONField(default=dict)  # what an undoing restores and the ledger does not say
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(case=F("into")), name="cases_not_into_itself"),
            # Of two people who merge one case at once, one wins.
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(kind="merge", undone_at__isnull=True),
                name="cases_merged_into_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.case_id} into {self.into_id}"

    def note(self, what: str, row: int, *, number: int | None = None, meanwhile: bool = False) -> None:
        """Remember that this row went along."""
        self.moved.create(what=what, row=row, number=number, meanwhile=meanwhile)

    def rows(self, what: str) -> list[int]:
        return [moved.row for moved in self.moved.all() if moved.what == what]


class Moved(models.Model):
    """One row that went along, and the number it had."""

    regrouping = models.ForeignKey(Regrouping, models.CASCADE, related_name="moved")
    what = models.CharField(max_length=12)  # message, note, grievance, promise, exclusion, link
    row = models.PositiveBigIntegerField()
    number = models.PositiveSmallIntegerField(
        null=True, blank=True
    )  # of a grievance; 1: it became the complaint
    meanwhile = models.BooleanField(default=False)  # came to the merged case by its thread, link or reference

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.what} {self.row}"


class CaseLink(models.Model):
    """Two cases that should be read together: a person said so, or one is the late answer to the other (`by` None)."""

    class Kind(models.TextChoices):
        RELATED = "related", _("Related")
        SAME_INCIDENT = "same_incident", _("Same incident")
        FOLLOWS = "follows", _("Follows")

    case = models.ForeignKey(Case, models.CASCADE, related_name="links_out")
    other = models.ForeignKey(Case, models.CASCADE, related_name="links_in")
    kind = models.CharField(max_length=13, choices=Kind)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "other"], name="cases_linked_once"),
            models.CheckConstraint(condition=~Q(case=F("other")), name="cases_not_linked_to_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind} {self.other_id}"


class Likeness(models.Model):
    """What the customer's words of a case are compared by. It goes when the case goes."""

    case = models.OneToOneField(Case, models.CASCADE, related_name="likeness", primary_key=True)
    weights = models.JSONField(default=dict)  # feature -> weight, of a vector of length 1
    numbers = models.JSONField(default=dict)  # a number as compared -> what it was called
    stems = models.JSONField(default=list)  # the features that were counted in Commonness
    at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"likeness of {self.case_id}"


class Mark(models.Model):
    """Something a case can be found by: a rare feature of its words, or a number it quotes."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="marks")
    mark = models.CharField(max_length=48)  # w:… a feature; r:… a number as quoted

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["mark", "case"], name="cases_mark_once")]

    def __str__(self) -> str:
        return f"{self.mark} in {self.case_id}"


class Commonness(models.Model):
    """In how many cases a feature occurs: common words tell nothing."""

    feature = models.CharField(max_length=48, primary_key=True)
    cases = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.feature}: {self.cases}"


class SuggestionQuerySet(models.QuerySet["Suggestion"]):
    def about(self, case: Case) -> "SuggestionQuerySet":
        """Those that concern this case, best first."""
        either = self.filter(Q(case=case) | Q(other=case), dismissed_at__isnull=True)
        return either.order_by("-score", "-pk")


class Suggestion(models.Model):
    """Two cases that may be about the same; only ever a suggestion. `case` is the younger one."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="suggestions")
    other = models.ForeignKey(Case, models.CASCADE, related_name="suggested_by")
    score = models.PositiveSmallIntegerField()  # percent
    reasons: Any = models.JSONField(default=list)  # [[code, value], …]: see likeness.py
    at = models.DateTimeField(default=clock.now)
    dismissed_at = models.DateTimeField(null=True, blank=True)  # and never suggested again
    dismissed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "other"], name="cases_suggested_once")
        ]

    def __str__(self) -> str:
        return f"{self.case_id} like {self.other_id}"
