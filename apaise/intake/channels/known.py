"""What we know already of the person on the line, so that nobody is asked twice."""

import re
from typing import NamedTuple

from django.db.models import Q
from django.db.models.functions import Coalesce

from apaise.ground.accounts.models import User
from apaise.ground.parties.models import Person, PersonQuerySet, normalise
from apaise.intake.cases.message import Message
from apaise.intake.cases.models import Case, State
from apaise.intake.cases.people import findable_people
from apaise.intake.cases.reference import references_in

MOST_PEOPLE, MOST_MESSAGES, MOST_CASES = 8, 8, 5
_FEWEST_DIGITS = 6  # of a phone number: fewer would find half the town


class Found(NamedTuple):
    """The people a search found; `certain` when it named exactly one by something of their own."""

    people: list[Person]
    certain: Person | None


def find_people(words: str, *, by: User) -> Found:
    """People by reference, e-mail address, phone number or name. A reference counts only where one may see the case."""
    words = " ".join(words.split())[:120]
    if not words:
        return Found([], None)
    if references := references_in(words):
        cases = Case.objects.visible_to(by).filter(reference__in=references)
        return _found(Q(pk__in=cases.values("complainant_id")), by=by, certain=True)
    if "@" in words:
        exact = _found(_at("email", words), by=by, certain=True)
        starting = Q(addresses__kind="email", addresses__value__startswith=normalise("email", words))
        return exact if exact.people else _found(starting, by=by, certain=False)
    if len(digits := re.sub(r"\D", "", words)) >= _FEWEST_DIGITS and not re.search(r"[^\W\d_]", words):
        return _found(_phone(words, digits), by=by, certain=True)
    return _found(_named(words), by=by, certain=False)


def findable(which: Q, *, by: User) -> PersonQuerySet:
    """Those `by` may find; who was merged is found as the one who was kept."""
    kept = Person.objects.filter(which).values(kept=Coalesce("merged_into_id", "pk"))
    return findable_people(by).filter(pk__in=kept)


def _found(which: Q, *, by: User, certain: bool) -> Found:
    listed = list(
        findable(which, by=by)
        .prefetch_related("addresses")
        .select_related("organisation")
        .order_by("name", "pk")[:MOST_PEOPLE]
    )
    return Found(listed, listed[0] if certain and len(listed) == 1 else None)


def _at(kind: str, value: str) -> Q:
    return Q(addresses__kind=kind, addresses__value=normalise(kind, value))


def _phone(words: str, digits: str) -> Q:
    # « 06 12… », « +33 6 12… » and « 0033 6 12… » are one number: the last nine digits tell.
    ending = digits[-9:] if len(digits) >= 9 else digits
    return Q(addresses__kind="phone", addresses__value__endswith=ending)


def _named(words: str) -> Q:
    said = Q()
    for word in words.split():
        # SQLite folds only ASCII letters: the word as typed, in capitals and with a capital, so É finds É.
        ways = {word, word.lower(), word.upper(), word.capitalize()}
        any_way = Q()
        for way in ways:
            any_way |= Q(name__icontains=way) | Q(organisation__name__icontains=way)
        said &= any_way
    return said


class History(NamedTuple):
    """What this person told us, by any channel, and where it stands."""

    open_cases: list[Case]
    messages: list[Message]  # theirs and ours, newest first


def history(person: Person, *, by: User) -> History:
    """Only of the cases `by` may see."""
    cases = Case.objects.visible_to(by).of_person(person)
    addable = cases.open() | cases.filter(state=State.CLOSED)
    said = Message.objects.filter(case__in=cases).exclude(kind=Message.Kind.ACKNOWLEDGEMENT)
    return History(
        list(addable.order_by("-pk")[:MOST_CASES]),
        list(said.select_related("case", "author_user").order_by("-at", "-pk")[:MOST_MESSAGES]),
    )
