"""Who may read and change a customer. It depends on their cases, which people themselves know nothing of."""

from collections.abc import Callable, Collection
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from apaise.ground.accounts.models import User
from apaise.ground.parties import mandates, people
from apaise.ground.parties.duplicates import dismiss
from apaise.ground.parties.merging import merge, undo
from apaise.ground.parties.models import (
    Duplicate,
    DuplicateQuerySet,
    Merge,
    Organisation,
    Person,
    PersonQuerySet,
    Representative,
)
from apaise.intake.cases.excluded import kept_apart
from apaise.intake.cases.messages import Refused
from apaise.intake.cases.models import Case, CaseQuerySet
from apaise.intake.cases.policies import WORKERS

Result = TypeVar("Result")
READ_EVERYBODY = ("complaints_manager", "auditor")


def visible_people(user: User) -> PersonQuerySet:
    """The people this member of staff may read: those with a case they may read; all, for the manager and the auditor.

    Whoever is kept apart from a case does not look up its complainant another way."""
    found = Person.objects.standing()
    readable = Case.objects.visible_to(user)
    sees = Exists(readable.filter(complainant=OuterRef("pk"))) | Exists(
        readable.filter(complainant__merged_into=OuterRef("pk"))
    )
    if not user.has_role(*READ_EVERYBODY):
        return found.filter(sees)
    if not user.exclusions.exists():
        return found
    apart = Case.objects.filter(pk__in=kept_apart(user))
    hidden = Q(pk__in=apart.values("complainant_id")) | Q(pk__in=apart.values("complainant__merged_into_id"))
    return found.filter(sees | ~hidden)


def findable_people(user: User) -> PersonQuerySet:
    """The people whoever takes a call may find: everybody, save the complainants of cases they are kept apart from."""
    people = Person.objects.standing()
    apart = Case.objects.filter(pk__in=kept_apart(user))
    return people.exclude(pk__in=apart.values(kept=Coalesce("complainant__merged_into_id", "complainant_id")))


def visible_organisations(user: User) -> QuerySet[Organisation]:
    """The organisations of the cases they may read; all, for the manager and the auditor."""
    organisations = Organisation.objects.all()
    readable = Case.objects.visible_to(user)
    sees = Exists(readable.filter(organisation=OuterRef("pk")))
    if not user.has_role(*READ_EVERYBODY):
        return organisations.filter(sees)
    if not user.exclusions.exists():
        return organisations
    apart = Case.objects.filter(pk__in=kept_apart(user), organisation__isnull=False)
    return organisations.filter(sees | ~Q(pk__in=apart.values("organisation_id")))


def visible_pairs(user: User) -> DuplicateQuerySet:
    """The possible duplicates of which they may read both people."""
    pairs = Duplicate.objects.open()
    if user.has_role(*READ_EVERYBODY) and not user.exclusions.exists():
        return pairs
    mine = visible_people(user).values("pk")
    return pairs.filter(first_id__in=mine, second_id__in=mine)


def looks_like_another(user: User) -> Exists:
    """For a query of cases: whether the complainant may be somebody we know already under another row."""
    kept = Coalesce(OuterRef("complainant__merged_into_id"), OuterRef("complainant_id"))
    return Exists(visible_pairs(user).filter(Q(first_id=kept) | Q(second_id=kept)))


def change_refusal(user: User, party: Person | Organisation) -> str | None:
    """Why this person may not change the customer: it takes holding one of their cases, or leading."""
    if not user.has_role(*WORKERS):
        return _("Your role lets you read this customer, not change anything.")
    if user.has_role("complaints_manager"):
        return None
    cases = Case.objects.visible_to(user)
    cases = cases.of_person(party) if isinstance(party, Person) else cases.filter(organisation=party)
    if cases.filter(handler=user).exists():
        return None
    if user.has_role("team_lead") and cases.exists():
        return None
    return _(
        "Those who handle a case of this customer change what we know of them. Take the case, or ask your lead."
    )


def change(
    user: User, party: Person | Organisation, verb: Callable[..., Result], *args: Any, **said: Any
) -> Result:
    """The way in for staff: one of the verbs of parties, once it is allowed. Raises Refused, or what the verb refuses."""
    if refusal := change_refusal(user, party):
        raise Refused(refusal)
    return verb(*args, **said, by=user)


def change_person(person: Person, *, by: User, company: str | None = None, **said: Any) -> list[str]:
    """`people.change_person` for staff. Whoever joins a company sees it with their next case: one must see it already.

    Raises Refused, NotKept."""
    if refusal := change_refusal(by, person):
        raise Refused(refusal)
    with transaction.atomic():
        known = people.organisation_named(company or "")
        if known and known.pk != person.organisation_id and not _reads(by, known):
            raise Refused(
                _(
                    "You handle no case of this company, so you cannot add people to it. Ask a complaints manager."
                )
            )
        return people.change_person(person, by=by, company=company, **said)


def readable_mandates(user: User, person: Person) -> list[Representative]:
    """Who speaks for this person; and for their company, if one may read it."""
    company = person.organisation
    return mandates.mandates_for(person, company if company and _reads(user, company) else None)


def end_mandate(mandate: Representative, *, by: User) -> None:
    """It takes the right to change whom the mandate is of. Raises Refused."""
    represented = mandate.organisation or mandate.represents
    assert represented is not None
    change(by, represented, mandates.end_mandate, mandate)


def _reads(user: User, organisation: Organisation) -> bool:
    return visible_organisations(user).filter(pk=organisation.pk).exists()


def merge_people(survivor: Person, absorbed: Person, *, by: User, sure: bool) -> Merge:
    """Merge two people one may both change. Raises Refused, MergeRefused."""
    for person in (survivor, absorbed):
        if refusal := change_refusal(by, person):
            raise Refused(refusal)
    return merge(survivor, absorbed, by=by, sure=sure)


def undo_merge(made: Merge, *, by: User) -> None:
    """Raises Refused, MergeRefused."""
    if refusal := change_refusal(by, made.survivor):
        raise Refused(refusal)
    undo(made, by=by)


def dismiss_pair(pair: Duplicate, *, by: User) -> None:
    """They are two. Raises Refused, NotKept."""
    for person in (pair.first, pair.second):
        if refusal := change_refusal(by, person):
            raise Refused(refusal)
    dismiss(pair, by=by)


def changeable(user: User, person_ids: Collection[int]) -> set[int]:
    """Of these people, those one may change: `change_refusal` for a whole page at once."""
    if user.has_role("complaints_manager"):
        return set(person_ids)
    if not user.has_role(*WORKERS):
        return set()
    cases = Case.objects.visible_to(user)
    if not user.has_role("team_lead"):
        cases = cases.filter(handler=user)
    return set(person_ids) & set(cases_by_person(cases, person_ids))


def cases_by_person(cases: CaseQuerySet, person_ids: Collection[int]) -> dict[int, int]:
    """How many of these cases each of these people has, merged people counted in."""
    theirs = cases.filter(Q(complainant_id__in=person_ids) | Q(complainant__merged_into_id__in=person_ids))
    counted = (
        theirs.order_by().values_list("complainant_id", "complainant__merged_into_id").annotate(Count("pk"))
    )
    found: dict[int, int] = {}
    for person, kept, many in counted:
        found[kept or person] = found.get(kept or person, 0) + many
    return found
