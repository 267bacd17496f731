"""Whether a complaint is the customer's first, and how often they had told us of the matter before."""

from django.db.models import Q

from apaise.intake.cases.kindred import kin_of
from apaise.intake.cases.models import Case, CaseQuerySet, State

THIRD = 2  # earlier contacts that make the present one the third
NO_COMPLAINT = (State.MERGED, State.REDIRECTED)  # counted where it is followed, or never one


def is_first_complaint(case: Case) -> bool:
    """No complaint of this customer came before: of the person, or of the company they belong to."""
    return not _earlier(case).exists()


def earlier_contacts(case: Case) -> int:
    """How often the customer had told us of this matter before now.

    Counted: their earlier cases that are linked with this one or like it, the days on which they came back while
    we had not answered, and each reopening. A suggestion that a person dismissed does not count."""
    tied = [one for one in kin_of(case) if one.what in ("like", "link")]
    ends = {one.other_id if one.case_id == case.pk else one.case_id for one in tied}
    like = _earlier(case).filter(pk__in=ends).count() if ends else 0
    return like + _came_back(case) + case.reopened_count


def _earlier(case: Case) -> CaseQuerySet:
    theirs = Q(pk__in=Case.objects.all().of_person(case.complainant).order_by().values("pk"))
    if case.organisation_id:
        theirs |= Q(organisation=case.organisation_id)
    before = Q(received_at__lt=case.received_at) | Q(received_at=case.received_at, pk__lt=case.pk)
    return Case.objects.filter(theirs, before).exclude(pk=case.pk).exclude(state__in=NO_COMPLAINT)


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
