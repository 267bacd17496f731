"""Merge two people who are one, and undo it exactly.

A merge moves nothing. The one who is taken in keeps their row, addresses, mandates, contracts and cases, and points to the
one who is kept; reading goes through that one. So undoing is taking the pointer away: everything stands where it stood, and
what was written since under the one who was kept stays there. Why so: docs/decisions/0010-merging-people.md."""

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from apaise.ground.accounts.models import User
from apaise.ground.ledger.record import record
from apaise.ground.parties.duplicates import look_again
from apaise.ground.parties.errors import MergeRefused
from apaise.ground.parties.models import Duplicate, Merge, Person
from apaise.lib import clock


def merge(survivor: Person, absorbed: Person, *, by: User, sure: bool) -> Merge:
    """`absorbed` is `survivor`. Of two people merging at once one wins; the other is told. Raises MergeRefused.

    sure   the person who merges says to have checked; needed where the reasons are weak or none are known"""
    pair = Duplicate.objects.filter(first_id__in=(survivor.pk, absorbed.pk)).filter(
        second_id__in=(survivor.pk, absorbed.pk)
    )
    known = pair.first()
    _check(survivor, absorbed, by, sure or bool(known and not known.is_weak))
    with transaction.atomic():
        for pk in sorted((survivor.pk, absorbed.pk)):  # always in this order: two merges never wait in a ring
            if not Person.objects.filter(pk=pk, merged_into=None).update(revision=F("revision") + 1):
                raise MergeRefused(_("One of the two has just been merged. Reload the page and look again."))
        along = list(Person.objects.filter(merged_into=absorbed).values_list("pk", flat=True))
        Person.objects.filter(pk__in=[absorbed.pk, *along]).update(merged_into=survivor, has_absorbed=False)
        Person.objects.filter(pk=survivor.pk).update(has_absorbed=True)
        made = Merge.objects.create(
            survivor=survivor,
            absorbed=absorbed,
            along=along,
            score=known.score if known else 0,
            at=clock.now(),
            by=by,
        )
        pair.update(state=Duplicate.State.MERGED)
        _record("person.merged", made, by)
        survivor.has_absorbed, absorbed.merged_into, absorbed.has_absorbed = True, survivor, False
        look_again(survivor)
    return made


def undo(made: Merge, *, by: User) -> None:
    """They are two after all: everything goes back where it was. Raises MergeRefused."""
    with transaction.atomic():
        if not Merge.objects.filter(pk=made.pk, undone_at=None).update(undone_at=clock.now(), undone_by=by):
            raise MergeRefused(_("This merge has been undone already."))
        # Who was kept first, whoever is merged into them after: as a merge does, or the two would wait in a ring.
        for pk, into in ((made.survivor_id, None), (made.absorbed_id, made.survivor_id)):
            if not Person.objects.filter(pk=pk, merged_into_id=into).update(revision=F("revision") + 1):
                raise MergeRefused(
                    _("The person who was kept has been merged into another since. Undo that merge first.")
                )
        Person.objects.filter(pk=made.absorbed_id).update(merged_into=None, has_absorbed=bool(made.along))
        Person.objects.filter(pk__in=made.along, merged_into_id=made.survivor_id).update(
            merged_into_id=made.absorbed_id
        )
        still = Person.objects.filter(merged_into_id=made.survivor_id).exists()
        Person.objects.filter(pk=made.survivor_id).update(has_absorbed=still)
        _say_that_they_are_two(made)
        _record("person.merge_undone", made, by)
        made.refresh_from_db()
        for person in Person.objects.filter(pk__in=(made.survivor_id, made.absorbed_id)):
            look_again(person)


def _check(survivor: Person, absorbed: Person, by: User, sure: bool) -> None:
    if not isinstance(by, User):
        raise MergeRefused(_("Only a person merges people."))
    if survivor.pk == absorbed.pk:
        raise MergeRefused(_("This is one and the same person already. Choose another one."))
    for person in (survivor, absorbed):
        if person.merged_into_id:
            raise MergeRefused(
                _("Person no. %(number)s was merged already. Merge the one who was kept, or undo that first.")
                % {"number": person.pk}
            )
    if not sure:
        raise MergeRefused(
            _(
                "What speaks for it is weak: many people share a phone or a name. Say that you have checked, then merge."
            )
        )


def _say_that_they_are_two(made: Merge) -> None:
    first, second = sorted((made.survivor_id, made.absorbed_id))
    Duplicate.objects.update_or_create(
        first_id=first,
        second_id=second,
        defaults={"state": Duplicate.State.DISMISSED},
        create_defaults={"state": Duplicate.State.DISMISSED, "score": made.score},
    )


def _record(what: str, made: Merge, by: User) -> None:
    """On the ledger of both."""
    for person in (made.survivor, made.absorbed):
        record(
            person, what, by=by, merge=made.pk, survivor=made.survivor_id, absorbed=made.absorbed_id, score=made.score
        )  # fmt: skip
