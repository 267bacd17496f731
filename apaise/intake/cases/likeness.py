"""Suggest cases that may be about the same: words alike, a number both quote, the same person. Only ever a suggestion."""

import math
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from apaise.ground.accounts.models import User
from apaise.ground.parties.models import Address, Person
from apaise.intake.cases import policies
from apaise.intake.cases.grouping import CaseLink, Commonness, Likeness, Mark, Suggestion
from apaise.intake.cases.history import happened
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case, State
from apaise.lib import clock, likeness
from apaise.lib.quoted_numbers import quoted_numbers, without_contacts
from apaise.lib.rows import change

AROUND = timedelta(days=180)  # between the receipts of two cases that are compared
ENOUGH = 60  # percent
MARKS = 20  # rare features a case is found by
MOST_FOUND = 1500  # rows looked through, however many cases there are
COMPARED = 40  # cases compared word by word
SHARED_BY_MANY = 6  # a number that more cases quote is our own, or a shop's: no clue
SLOPE = 4.36  # words that share 0.21 of their weight make 60 %
MOST_SUGGESTED = 5  # at one time
BY_NUMBER, BY_PERSON = 0.75, 0.35
ALL = ""  # the row of Commonness that counts the cases themselves
PRIOR = 200  # how many cases the built-in expectation is worth


def look_for_similar(case: Case) -> list[Suggestion]:
    """Learn the customer's words of this case, and suggest the cases that are like it. Bounded work; safe to repeat."""
    if case.state == State.MERGED:
        return []
    with transaction.atomic():
        mine, marks = _learn(case)
        compared = [
            (score_of(reasons), other, reasons)
            for other, reasons in _compared(case, mine, _candidates(case, marks), _people(case))
        ]
        enough = sorted((one for one in compared if one[0] >= ENOUGH), key=lambda one: (-one[0], -one[1]))
        return _suggest(case, enough[:MOST_SUGGESTED])


# --- learning -------------------------------------------------------------------------------------------


def _learn(case: Case) -> tuple[Likeness, list[str]]:
    """What the case is compared by, and the marks to search by."""
    words = _words(case)
    there = likeness.features(without_contacts(words))
    common = _commonness(there)
    weights = likeness.vector(there, common.share)
    numbers = {number.value: number.kind for number in quoted_numbers(words)}
    known = Likeness.objects.filter(case=case).first()
    stems = {likeness.mark_of(stem) for stem in there if "+" not in stem} & weights.keys()
    counted = set(known.stems) if known else set()
    _count(stems - counted, first=known is None)
    rare = sorted(stems, key=lambda mark: (common.cases(mark), mark))[:MARKS]
    called = {f"r:{value}"[:48] for value in numbers}
    before = set(case.marks.values_list("mark", flat=True)) if known else set()
    _mark(case, before, {f"w:{mark}" for mark in rare} | called)
    mine = Likeness(
        case=case, weights=weights, numbers=numbers, stems=sorted(stems | counted), at=clock.now()
    )
    mine.save(force_insert=known is None, force_update=known is not None)
    return mine, [*sorted(called), *_narrow(rare, common)]


def _mark(case: Case, before: set[str], marks: set[str]) -> None:
    if gone := before - marks:
        Mark.objects.filter(case=case, mark__in=gone).delete()
    Mark.objects.bulk_create(Mark(case=case, mark=mark) for mark in sorted(marks - before))


def _narrow(rare: list[str], common: "_Common") -> list[str]:
    """The rarest first, as long as they lead to few enough rows."""
    chosen, rows = [], 0
    for mark in rare:
        rows += common.cases(mark)
        if rows > MOST_FOUND:
            break
        chosen.append(f"w:{mark}")
    return chosen


def _words(case: Case) -> str:
    said = (
        case.messages.filter(direction="in", is_machine=False)
        .order_by("pk")
        .values_list("subject", "new_text")
    )
    words = dict.fromkeys(part for subject, text in said[:20] for part in (subject, text) if part)
    return "\n".join(words)[: likeness.LONGEST]


class _Common:
    """How many of the desk's cases say a stem."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self._counts, self._all = counts, counts.get(ALL, 0)

    def cases(self, mark: str) -> int:
        return self._counts.get(mark, 0)

    def share(self, feature: str) -> float:
        if "+" in feature:
            one, _plus, other = feature.partition("+")
            return math.sqrt(self.share(one) * self.share(other))
        there = self.cases(likeness.mark_of(feature))
        return (there + likeness.expected(feature) * PRIOR) / (self._all + PRIOR)


def _commonness(there: Iterable[str]) -> _Common:
    marks = [likeness.mark_of(feature) for feature in there if "+" not in feature][:500]
    known = Commonness.objects.filter(feature__in=[ALL, *marks])
    return _Common(dict(known.values_list("feature", "cases")))


def _count(marks: set[str], *, first: bool) -> None:
    if not marks and not first:
        return
    # The row of all cases first: two workers then never wait for each other in another order.
    if not Commonness.objects.filter(feature=ALL).update(cases=F("cases") + int(first)):
        Commonness.objects.bulk_create([Commonness(feature=ALL, cases=int(first))], ignore_conflicts=True)
    Commonness.objects.bulk_create(
        [Commonness(feature=mark) for mark in sorted(marks)], ignore_conflicts=True
    )
    Commonness.objects.filter(feature__in=marks).update(cases=F("cases") + 1)


# --- finding --------------------------------------------------------------------------------------------


def _candidates(case: Case, marks: list[str]) -> dict[int, set[str]]:
    """Cases worth comparing, with the numbers they share."""
    rows = Mark.objects.filter(mark__in=marks).exclude(case=case).order_by("-case_id")
    found: dict[int, dict[str, None]] = {}
    for other, mark in rows.values_list("case_id", "mark")[:MOST_FOUND]:
        found.setdefault(other, {})[mark] = None
    shared: dict[str, int] = {}
    for theirs in found.values():
        for mark in theirs:
            shared[mark] = shared.get(mark, 0) + 1
    telling = {mark for mark, many in shared.items() if mark.startswith("r:") and many < SHARED_BY_MANY}
    best = sorted(
        found,
        key=lambda pk: (-sum(1 / shared[mark] for mark in found[pk]), -pk),
    )[:COMPARED]
    chosen = {pk: {mark[2:] for mark in found[pk] if mark in telling} for pk in best}
    for pk, theirs in found.items():
        if numbers := {mark[2:] for mark in theirs if mark in telling}:
            chosen.setdefault(pk, numbers)
    return chosen


def _people(case: Case) -> set[int]:
    """Whoever complains here, merges counted, and whoever has the same phone or postal address."""
    people = set(Person.objects.same_as(case.complainant).values_list("pk", flat=True))
    shared = Address.objects.filter(person__in=people, kind__in=["phone", "postal"]).order_by("pk")
    for kind, value in list(shared.values_list("kind", "value")[:5]):
        people |= set(Address.objects.filter(kind=kind, value=value).values_list("person_id", flat=True)[:20])
    return people


def _compared(
    case: Case, mine: Likeness, others: dict[int, set[str]], people: set[int]
) -> list[tuple[int, list[tuple[str, str]]]]:
    """The candidates and the cases of the same person, each with what speaks for it. Cases that are linked are known."""
    theirs_too = Case.objects.filter(complainant__in=people).exclude(pk=case.pk).order_by("-pk")
    for pk in theirs_too.values_list("pk", flat=True)[:10]:
        others.setdefault(pk, set())
    linked = CaseLink.objects.filter(Q(case=case) | Q(other=case)).values_list("case_id", "other_id")
    joined = {pk for pair in linked for pk in pair}
    around = (case.received_at - AROUND, case.received_at + AROUND)
    near = Likeness.objects.filter(case__in=others.keys() - joined, case__received_at__range=around)
    rows = near.exclude(case__state=State.MERGED).order_by("case")
    return [
        (pk, _reasons(mine, weights, numbers, others[pk], same_person=complainant in people))
        for pk, complainant, weights, numbers in rows.values_list(
            "case_id", "case__complainant_id", "weights", "numbers"
        )
    ]


def _reasons(
    mine: Likeness,
    weights: Mapping[str, float],
    numbers: Mapping[str, str],
    shared: set[str],
    *,
    same_person: bool,
) -> list[tuple[str, str]]:
    reasons = []
    for value in sorted(shared):
        kinds = {mine.numbers.get(value, "number"), numbers.get(value, "number")}
        kind = min(kinds - {"number"}, default="number")
        if not (same_person and kind == "phone"):  # one's own phone is in all one writes
            reasons.append((kind, value))
    if same_person:
        reasons.append(("person", ""))
    if (percent := percent_of(likeness.alike(mine.weights, weights))) >= 20:
        reasons.append(("text", str(percent)))
    return reasons


def percent_of(text: float) -> int:
    """Shared weight, 0 to 1, in the percent people are told."""
    return round(100 * (1 - math.exp(-SLOPE * text)))


def score_of(reasons: Iterable[tuple[str, str]]) -> int:
    """The chance that none of the reasons is a coincidence, in percent; a second number adds little."""
    doubt = 1.0
    for code, value in reasons:
        doubt *= 1 - (int(value) / 100 if code == "text" else BY_PERSON if code == "person" else BY_NUMBER)
    return min(99, round(100 * (1 - doubt)))


def _suggest(case: Case, found: list[tuple[int, int, list[tuple[str, str]]]]) -> list[Suggestion]:
    """Those that stand now, of `found`: score, other case, reasons. One that was dismissed stays so."""
    either = Suggestion.objects.filter(Q(case=case) | Q(other=case))
    known = {frozenset((one.case_id, one.other_id)): one for one in either} if found else {}
    made, new = [], []
    for score, other, reasons in found:
        said: dict[str, Any] = {"score": score, "reasons": [list(one) for one in reasons], "at": clock.now()}
        if (there := known.get(frozenset((case.pk, other)))) is None:
            younger, older = max(case.pk, other), min(case.pk, other)
            new.append(Suggestion(case_id=younger, other_id=older, **said))
        elif there.dismissed_at is None:
            change(there, **said)
            made.append(there)
    # Ignored is what was suggested this very moment, from the other case.
    Suggestion.objects.bulk_create(new, ignore_conflicts=True)
    return made + new


# --- deciding ---------------------------------------------------------------------------------------------


def dismiss(case: Case, suggestion: Suggestion, *, by: User) -> bool:
    """A person says that the two are not about the same. It is not suggested again. Raises Refused."""
    if case.pk not in (suggestion.case_id, suggestion.other_id):
        raise Refused(_("This suggestion is about another case."))
    if refusal := policies.work_refusal(by, case):
        raise Refused(refusal)
    other = suggestion.other if suggestion.case_id == case.pk else suggestion.case
    if not Case.objects.visible_to(by).filter(pk=other.pk).exists():
        raise Refused(_("This suggestion is not there any more."))
    with transaction.atomic():
        case.hold()
        mine = Suggestion.objects.filter(pk=suggestion.pk, dismissed_at=None)
        if not mine.update(dismissed_at=clock.now(), dismissed_by=by):
            return False
        happened(case, "suggestion.dismissed", by=by, to=other.reference)
    return True
