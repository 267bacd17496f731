"""What people have said, or a reading has found, about a case: one value of each fact, and whose it is."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from apaise.ground.accounts.models import User
from apaise.intake.cases.models import Case
from apaise.lib import clock
from apaise.lib.prepared import Prepared

PERSON, READING = "person", "reading"


class KnownFact(models.Model):
    """One fact as one source knows it. The two stand side by side: a reading never touches a person's word."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="known_facts")
    fact = models.CharField(max_length=60)  # of the packs' vocabulary: see knowable.py
    source = models.CharField(max_length=8, choices=[(PERSON, PERSON), (READING, READING)])
    value: Any = models.JSONField()  # true, false, a number, an amount as text
    by = models.CharField(max_length=60)  # an actor's code
    person = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "fact", "source"], name="cases_known_once")
        ]

    def __str__(self) -> str:
        return f"{self.fact} of {self.case_id}"


def known_rows(case: Case) -> dict[str, KnownFact]:
    """The row that counts for each fact: a person's, else what was read. What was known of merged cases stays known."""
    return _that_count(case.pk, _ABOUT.all(case=case.pk))


_ABOUT: Prepared[KnownFact] = Prepared(
    lambda case: KnownFact.objects.filter(
        Q(case=case) | Q(case__merged_into=case) | Q(case__merged_into__merged_into=case)
    ).select_related("person"),
    case=int,
)


def _that_count(case: int, rows: Iterable[KnownFact]) -> dict[str, KnownFact]:
    # The last one stays: a person's before a reading's, this case's before a merged one's, the latest.
    known = sorted(rows, key=lambda row: (row.source == PERSON, row.case_id == case, row.at, row.pk))
    return {row.fact: row for row in known}


def known_facts(case: Case) -> dict[str, object]:
    """Their values."""
    return {fact: row.value for fact, row in known_rows(case).items()}


def known_facts_of(cases: Sequence[int]) -> dict[int, dict[str, object]]:
    """The same of many cases, by their keys, with one question."""
    here = Q(case__in=cases) | Q(case__merged_into__in=cases) | Q(case__merged_into__merged_into__in=cases)
    of: dict[int, list[KnownFact]] = {pk: [] for pk in cases}
    for row in KnownFact.objects.filter(here).select_related("case__merged_into"):
        first = row.case.merged_into
        for pk in {row.case_id, row.case.merged_into_id, first.merged_into_id if first else None}:
            if pk in of:
                of[pk].append(row)
    return {pk: {fact: row.value for fact, row in _that_count(pk, rows).items()} for pk, rows in of.items()}
