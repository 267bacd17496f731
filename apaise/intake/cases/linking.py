"""Say that two cases should be read together, and take it back."""

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from apaise.ground.accounts.models import User
from apaise.ground.ledger.record import System
from apaise.intake.cases import policies
from apaise.intake.cases.grouping import CaseLink
from apaise.intake.cases.history import happened
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case


def link(case: Case, other: Case, *, kind: str, by: User) -> CaseLink:
    """Link two cases that `by` may both see. Raises Refused.

    kind   related, same_incident, or follows: `case` follows `other`"""
    if refusal := policies.link_refusal(by, case, other):
        raise Refused(refusal)
    if kind not in CaseLink.Kind.values:
        raise Refused(_("Say how the two cases belong together."))
    already = _("%(one)s and %(other)s are linked already.") % {
        "one": case.reference, "other": other.reference
    }  # fmt: skip
    if between(case, other).exists():
        raise Refused(already)
    try:
        with transaction.atomic():
            made = CaseLink.objects.create(case=case, other=other, kind=kind, by=by)
            for one, there in in_order(case, other):
                happened(one, "case.linked", by=by, to=there.reference, kind=kind)
    except IntegrityError as problem:  # somebody else did the same at this moment
        raise Refused(already) from problem
    return made


def follow_on(case: Case, earlier: Case) -> CaseLink:
    """A new case takes up one that ended too long ago to be reopened by a mail."""
    with transaction.atomic():
        made = CaseLink.objects.create(case=case, other=earlier, kind=CaseLink.Kind.FOLLOWS)
        for one, there in in_order(case, earlier):
            happened(one, "case.linked", by=System("late-answer"), to=there.reference, kind=made.kind)
    return made


def unlink(case: Case, link_: CaseLink, *, by: User) -> None:
    """They need not be read together any more. Raises Refused."""
    other = link_.other if link_.case_id == case.pk else link_.case
    if refusal := policies.link_refusal(by, case, other):
        raise Refused(refusal)
    with transaction.atomic():
        gone, _rows = CaseLink.objects.filter(pk=link_.pk).delete()
        if gone:
            for one, there in in_order(case, other):
                happened(one, "case.unlinked", by=by, to=there.reference, kind=link_.kind)


def between(case: Case, other: Case) -> "QuerySet[CaseLink]":
    return CaseLink.objects.filter(Q(case=case, other=other) | Q(case=other, other=case))


def in_order(case: Case, other: Case) -> list[tuple[Case, Case]]:
    """Always the older one first, so that two people at once never wait for each other."""
    return sorted([(case, other), (other, case)], key=lambda pair: pair[0].pk)


def links_of(case: Case, reader: User) -> list[tuple[CaseLink, Case]]:
    """The links of a case with the case at their other end, where the reader may see that too."""
    links = CaseLink.objects.filter(Q(case=case) | Q(other=case)).select_related("case", "other")
    ends = [(link_, link_.other if link_.case_id == case.pk else link_.case) for link_ in links]
    seen = set(
        Case.objects.visible_to(reader).filter(pk__in=[end.pk for _link, end in ends]).values_list("pk", flat=True)
    ) if ends else set()  # fmt: skip
    return [(link_, end) for link_, end in ends if end.pk in seen]
