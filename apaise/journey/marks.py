"""A customer is marked, or no longer: clocks and lane of their open cases follow, one job a case, so that marking is quick."""

from contextlib import suppress

from apaise.ground.ledger.models import Entry
from apaise.ground.parties.models import Person
from apaise.handling.routing.placing import place
from apaise.intake.cases import deadlines
from apaise.intake.cases.models import Case, CaseQuerySet, WrongStage
from apaise.journey import queue
from apaise.journey.of_entry import case_by_id
from apaise.lib import clock


def cases_of(entry: Entry) -> CaseQuerySet:
    """The open cases of the person or organisation an entry is about; none of anything else."""
    kind, _colon, number = entry.chain.partition(":")
    if kind == "organisation":
        return Case.objects.filter(organisation=int(number)).open()
    if kind == "person":
        return Case.objects.all().of_person(Person.objects.get(pk=number)).open()
    return Case.objects.none()


def let_clocks_follow_mark(entry: Entry) -> None:
    """Have each open case of this customer looked at again, if their mark has changed."""
    if _concerns_the_mark(entry):
        for pk in cases_of(entry).values_list("pk", flat=True):
            queue.put("apaise.journey.marks.follow_mark", [pk, entry.pk], key=f"{entry.pk}:mark:{pk}")


def follow_mark(case_id: int, entry_id: str) -> None:
    """Start the clocks the mark brings, from the moment of the mark; stop those that rested on it.

    The case goes into the lane of named people as one that comes from a marked customer does, unless a person of ours
    has decided who holds it."""
    marked = Entry.objects.get(pk=entry_id)
    deadlines.reconsider(Case.objects.get(pk=case_id), at=clock.now(), since=marked.at)
    case = case_by_id(case_id)
    with suppress(WrongStage):  # somebody moves it this very moment
        place(case)


def _concerns_the_mark(entry: Entry) -> bool:
    if entry.what in ("person.changed", "organisation.changed"):
        return "vip" in entry.facts["fields"]
    both = (entry.facts["survivor"], entry.facts["absorbed"])
    return Person.objects.filter(pk__in=both, vip=True).exists()
