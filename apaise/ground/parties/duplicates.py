"""Who may be one and the same: compared when somebody is new or changed, by index, never all with all.

A score is the sum of what speaks for it. One key alone (a phone, a name) stays below WEAK: families share a phone,
and towns are full of namesakes."""

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from apaise.ground.accounts.models import User
from apaise.ground.ledger.record import record
from apaise.ground.parties.contract import Contract
from apaise.ground.parties.errors import NotKept
from apaise.ground.parties.models import Address, Duplicate, Organisation, Person, compared_by
from apaise.ground.parties.names import are_close, name_key, name_sound

POINTS = {
    "same_phone": 45,
    "same_name": 30,
    "close_name": 20,
    "same_contract": 40,
    "same_postcode": 35,
    "same_organisation": 25,
}
NAMES = {"same_name", "close_name"}
MOST = 20  # a key that more people share than this says nothing about any two of them
SWEEP = 200


def sweep(most: int = SWEEP) -> int:
    """Compare those who are new or changed; how many were. Safe to run twice at once."""
    waiting = list(Person.objects.filter(to_compare=True).order_by("pk").values_list("pk", flat=True)[:most])
    for pk in waiting:
        if person := Person.objects.filter(pk=pk).select_related("merged_into").first():
            look_again(person)
    return len(waiting)


def look_again(person: Person) -> None:
    """Bring the candidates of this person up to date. What a person has decided stays decided."""
    root = person.survivor
    with transaction.atomic():
        same = list(Person.objects.same_as(root))
        Person.objects.filter(pk__in=[one.pk for one in same]).update(to_compare=False)
        for one in same:
            _write_keys(one)
        found = _candidates(root, same)
        _keep(root, found)
        decided = _decided(same)
        for other, reasons in found.items():
            if other not in decided:
                _propose(root.pk, other, reasons)


def score_of(reasons: Iterable[str]) -> int:
    return min(99, sum(POINTS[reason] for reason in reasons))


def dismiss(pair: Duplicate, *, by: User) -> None:
    """A person knows that they are two. They are not proposed again. Raises NotKept if it was decided meanwhile."""
    with transaction.atomic():
        for person in sorted((pair.first, pair.second), key=lambda one: one.pk):
            person.hold()
        if not Duplicate.objects.filter(pk=pair.pk, state=Duplicate.State.OPEN).update(
            state=Duplicate.State.DISMISSED
        ):
            raise NotKept(_("Somebody has decided about these two meanwhile. Reload the page and look."))
        for person, other in ((pair.first, pair.second), (pair.second, pair.first)):
            record(person, "duplicate.dismissed", by=by, other=other.pk, score=pair.score)
        Person.objects.filter(pk__in=(pair.first_id, pair.second_id)).update(to_compare=False)


def _write_keys(person: Person) -> None:
    """People are made in many places; what they are compared by is made here."""
    wanted = {"name_key": name_key(person.name), "name_sound": name_sound(person.name)}
    if any(getattr(person, name) != value for name, value in wanted.items()):
        Person.objects.filter(pk=person.pk).update(**wanted)
        person.name_key, person.name_sound = wanted["name_key"], wanted["name_sound"]
    for address in person.addresses.filter(key=""):
        key, postcode = compared_by(address.kind, address.value)
        if key:
            Address.objects.filter(pk=address.pk).update(key=key, postcode=postcode)
    if person.organisation and not person.organisation.name_key:
        company = person.organisation
        Organisation.objects.filter(pk=company.pk).update(name_key=name_key(company.name))


def _candidates(root: Person, same: list[Person]) -> dict[int, set[str]]:
    """The people kept who share something telling with this one, and what."""
    reasons: dict[int, set[str]] = {}
    ours = {one.pk for one in same}
    for other in _sharing_a_phone(ours):
        reasons.setdefault(other, set()).add("same_phone")
    for other in _sharing_a_name({one.name_key for one in same} - {""}, ours):
        reasons.setdefault(other, set()).add("same_name")
    beside = _colleagues(same, ours) | _sounding_alike({one.name_sound for one in same} - {""}, ours)
    names = _names(set(reasons) | beside)
    own_names = [one.name_key for one in same]
    for other, keys in names.items():
        close = any(are_close(own, key) for own in own_names for key in keys)
        if close and "same_name" not in reasons.get(other, ()):
            reasons.setdefault(other, set()).add("close_name")
    _add_what_counts_beside_a_name(reasons, same)
    return {other: why for other, why in reasons.items() if why != {"close_name"}}


def _add_what_counts_beside_a_name(reasons: dict[int, set[str]], same: list[Person]) -> None:
    """Postcode, contract and organisation say nothing alone: half a town shares them."""
    named = [other for other, why in reasons.items() if why & NAMES]
    if not named:
        return
    mine, theirs = _belongings([one.pk for one in same]), _belongings(named, roots=True)
    own: dict[str, set[Any]] = {}
    for belonging in mine.values():
        for what, values in belonging.items():
            own.setdefault(what, set()).update(values)
    for other in named:
        for what, values in theirs.get(other, {}).items():
            if values & own.get(what, set()):
                reasons[other].add(what)
        if "same_contract" in reasons[other]:
            reasons[other].discard("same_organisation")  # said already, and better


def _sharing_a_phone(ours: set[int]) -> set[int]:
    own = Address.objects.filter(person_id__in=ours, kind="phone", ended_on=None).exclude(key="")
    found: set[int] = set()
    for key in sorted(set(own.values_list("key", flat=True))):
        others = Address.objects.filter(kind="phone", key=key, ended_on=None).exclude(person_id__in=ours)
        found |= _few(others.values_list("person_id", "person__merged_into_id"))
    return found


def _sharing_a_name(keys: set[str], ours: set[int]) -> set[int]:
    found: set[int] = set()
    for key in sorted(keys):
        if " " in key:  # one word alone names half of nobody
            others = Person.objects.filter(name_key=key).exclude(pk__in=ours)
            found |= _few(others.values_list("pk", "merged_into_id"))
    return found


def _sounding_alike(sounds: set[str], ours: set[int]) -> set[int]:
    found: set[int] = set()
    for sound in sorted(sounds):
        if " " in sound:
            others = Person.objects.filter(name_sound=sound).exclude(pk__in=ours)
            found |= _few(others.values_list("pk", "merged_into_id"))
    return found


def _colleagues(same: list[Person], ours: set[int]) -> set[int]:
    companies = {one.organisation_id for one in same if one.organisation_id}
    found: set[int] = set()
    for company in sorted(companies):
        others = Person.objects.filter(organisation_id=company).exclude(pk__in=ours)
        found |= _few(others.values_list("pk", "merged_into_id"), most=10 * MOST)
    numbers = Contract.objects.filter(person_id__in=ours).values_list("number", flat=True)
    others_of = Contract.objects.filter(number__in=list(numbers), person__isnull=False)
    found |= _few(others_of.exclude(person_id__in=ours).values_list("person_id", "person__merged_into_id"))
    return found


def _few(pairs: Any, most: int = MOST) -> set[int]:
    """The people kept behind these rows; nobody when the key is shared by too many to mean anything."""
    rows = list(pairs[: most + 1])
    return {kept or pk for pk, kept in rows} if len(rows) <= most else set()


def _names(people: set[int]) -> dict[int, set[str]]:
    names: dict[int, set[str]] = {}
    rows = Person.objects.filter(Q(pk__in=people) | Q(merged_into_id__in=people))
    for pk, kept, key in rows.values_list("pk", "merged_into_id", "name_key"):
        names.setdefault(kept or pk, set()).add(key)
    return names


def _belongings(people: list[int], *, roots: bool = False) -> dict[int, dict[str, set[Any]]]:
    """For each of these: postcodes, contracts and organisations. With `roots`, merged people count for who was kept."""
    members = Q(pk__in=people) | Q(merged_into_id__in=people) if roots else Q(pk__in=people)
    whose: dict[int, int] = {}
    found: dict[int, dict[str, set[Any]]] = {}
    companies: dict[int, set[int]] = {}
    for pk, kept, company in Person.objects.filter(members).values_list(
        "pk", "merged_into_id", "organisation_id"
    ):
        whose[pk] = (kept or pk) if roots else pk
        mine = found.setdefault(whose[pk], {})
        if company:
            mine.setdefault("same_organisation", set()).add(company)
            companies.setdefault(company, set()).add(whose[pk])
    postcodes = Address.objects.filter(person_id__in=whose, kind="postal", ended_on=None).exclude(postcode="")
    for pk, postcode in postcodes.values_list("person_id", "postcode"):
        found[whose[pk]].setdefault("same_postcode", set()).add(postcode)
    contracts = Contract.objects.filter(Q(person_id__in=whose) | Q(organisation_id__in=companies))
    for pk, company, number in contracts.values_list("person_id", "organisation_id", "number"):
        for owner in {whose[pk]} if pk else companies[company]:
            found[owner].setdefault("same_contract", set()).add(number)
    return found


def _decided(same: list[Person]) -> set[int]:
    """Those about whom a person has said that they are somebody else."""
    ours = {one.pk for one in same}
    rows = Duplicate.objects.filter(
        Q(first_id__in=ours) | Q(second_id__in=ours), state=Duplicate.State.DISMISSED
    )
    pairs = rows.values_list("first_id", "first__merged_into_id", "second_id", "second__merged_into_id")
    return {
        kept or pk
        for a, into_a, b, into_b in pairs
        for pk, kept in ((a, into_a), (b, into_b))
        if pk not in ours
    }


def _keep(root: Person, found: dict[int, set[str]]) -> None:
    """Open candidates that nothing speaks for any more go."""
    kept = Q(first=root, second_id__in=found) | Q(second=root, first_id__in=found)
    Duplicate.objects.open().of(root).exclude(kept).delete()


def _propose(one: int, other: int, reasons: set[str]) -> None:
    first, second = sorted((one, other))
    said = {
        "score": score_of(reasons),
        "reasons": sorted(reasons, key=lambda reason: (-POINTS[reason], reason)),
    }
    pair = Duplicate.objects.filter(first_id=first, second_id=second)
    if pair.filter(state=Duplicate.State.OPEN).update(**said) or pair.exists():
        return
    try:
        with transaction.atomic():
            Duplicate.objects.create(first_id=first, second_id=second, **said)
    except IntegrityError:  # whoever compared the other one at the same moment came first
        pair.filter(state=Duplicate.State.OPEN).update(**said)
