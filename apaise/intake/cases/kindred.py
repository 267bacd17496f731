"""The cases that belong with one: merged, split, linked, perhaps the same, of the same people; only those a reader may see."""

import json
from datetime import datetime
from typing import Any, NamedTuple

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Cast

from apaise.ground.accounts.models import User
from apaise.ground.parties.models import Person
from apaise.intake.cases.grouping import CaseLink, Regrouping, Suggestion
from apaise.intake.cases.models import Case, State
from apaise.lib.prepared import Prepared


class Kin(NamedTuple):
    """One row that ties a case to another one; `what` is group, link or like."""

    what: str
    pk: int
    case_id: int
    other_id: int
    kind: str
    reason: str
    score: int
    at: datetime
    by: str
    reasons: list[list[str]]


def kin_of(case: Case) -> list[Kin]:
    """All that ties this case to others, in one question: what stands of merges and splits, links, suggestions."""
    kin = [Kin._make([*row[:9], json.loads(row[9]) if row[9] else []]) for row in _TIED.rows(case=case.pk)]
    return sorted(kin, key=lambda one: (-one.score, one.pk))


def _tied(case: int) -> models.QuerySet[Any, Any]:
    text, number = models.CharField(), models.IntegerField()
    nothing, none = Value("", text), Value(0, number)
    either = Q(case=case) | Q(other=case)
    groups = Regrouping.objects.filter(Q(case=case) | Q(into=case), undone_at=None).order_by()
    return groups.values_list(
        Value("group", text), "pk", "case_id", "into_id", Cast("kind", text), Cast("reason", text), none, "at", "by__name", nothing
    ).union(
        CaseLink.objects.filter(either).order_by().values_list(
            Value("link", text), "pk", "case_id", "other_id", Cast("kind", text), nothing, none, "at", "by__name", nothing
        ),
        Suggestion.objects.filter(either, dismissed_at=None).order_by().values_list(
            Value("like", text), "pk", "case_id", "other_id", nothing, nothing, Cast("score", number), "at", nothing, Cast("reasons", models.TextField())
        ),
        all=True,
    )  # fmt: skip


_TIED: Prepared[Regrouping] = Prepared(_tied, case=int)


class Kindred(NamedTuple):
    tied: list[tuple[Kin, Case]]  # the likest first
    earlier: list[Case]  # at most five complaints of the same people, the latest first

    @property
    def similar(self) -> list[tuple[Kin, Case]]:
        """At most three cases that may be about the same, best first."""
        return [(one, case) for one, case in self.tied if one.what == "like" and case.state != State.MERGED][
            :3
        ]


def kindred(case: Case, reader: User) -> Kindred:
    """A case the reader may not see is not even counted. Three queries at most."""
    kin = [(one, one.other_id if one.case_id == case.pk else one.case_id) for one in kin_of(case)]
    beside = {end for _one, end in kin}
    same = _same_people(case.complainant)
    known = Case.objects.visible_to(reader).filter(Q(pk__in=beside) | Q(complainant__in=same))
    known = known.exclude(pk=case.pk).annotate(beside=Q(pk__in=beside) if beside else Value(False))
    seen = {other.pk: other for other in known.order_by(F("beside").desc(), "-pk")[: len(beside) + 5]}
    theirs = [other for other in seen.values() if other.complainant_id in same]
    return Kindred(
        tied=[(one, seen[end]) for one, end in kin if end in seen],
        earlier=sorted(theirs, key=lambda other: -other.pk)[:5],
    )


def _same_people(person: Person) -> list[int]:
    if not person.merged_into_id and not person.has_absorbed:
        return [person.pk]
    return list(Person.objects.same_as(person).values_list("pk", flat=True))
