"""Whether a complaint is the customer's first, and how often they had told us of the matter before."""

from datetime import datetime

from django.db.models import Q

from apaise.intake.cases.kindred import kin_of
from apaise.intake.cases.models import Case, CaseQuerySet, State
from apaise.lib.prepared import Prepared

THIRD = 2  # earlier contacts that make the present one the third
NO_COMPLAINT = (State.MERGED, State.REDIRECTED)  # counted where it is followed, or never one


def is_first_complaint(case: Case) -> bool:
    """No complaint of this customer came before: of the person, or of the company they belong to."""
    if case.organisation_id:
        return not _earlier(case).exists()
    root = case.complainant.merged_into_id or case.complainant_id
    return not _BEFORE.rows(person=root, at=case.received_at, case=case.pk)


def earlier_contacts(case: Case) -> int:
    """How often the customer had told us of this matter before now.

    Counted: their earlier cases that are linked with this one or like it, the days on which they came back while
    we had not answered, and each reopening. A suggestion that a person dismissed does not count."""
    tied = [one for one in kin_of(case) if one.what in ("like", "link")]
    ends = {one.other_id if one.case_id == case.pk else one.case_id for one in tied}
    like = _earlier(case).filter(pk__in=ends).count() if ends else 0
    return like + _came_back(case) + case.reopened_count


def _earlier(case: Case) -> CaseQuerySet:
    theirs = _of(case.complainant.merged_into_id or case.complainant_id)
    if case.organisation_id:
        theirs |= Q(organisation=case.organisation_id)
    return _before(theirs, case.received_at, case.pk)


def _of(person: int) -> Q:
    """The complaints of this person and of everybody merged into them."""
    of_them = Q(complainant_id=person) | Q(complainant__merged_into_id=person)
    return Q(pk__in=Case.objects.filter(of_them).order_by().values("pk"))


def _before(theirs: Q, at: datetime, case: int) -> CaseQuerySet:
    earlier = Q(received_at__lt=at) | Q(received_at=at, pk__lt=case)
    return Case.objects.filter(theirs, earlier).exclude(state__in=NO_COMPLAINT)


_BEFORE: Prepared[Case] = Prepared(
    lambda person, at, case: _before(_of(person), at, case).values_list("pk")[:1],
    person=int, at=datetime, case=int,
)  # fmt: skip


def _came_back(case: Case) -> int:
    """The days on which they wrote again without a word from a person of ours in between."""
    said = case.messages.filter(is_machine=False).exclude(state="taken_back").order_by("at", "pk")
    zone, again, last, answered = case.pack_version.pack.calendar.zone, 0, None, False
    for direction, at, author in said.values_list("direction", "at", "author_user_id"):
        if direction == "out":
            answered = answered or author is not None
            continue
        day = at.astimezone(zone).date()
        again += last is not None and day > last and not answered
        last, answered = day, False
    return again
