"""Where a found case says what was asked: the message, note or name, and the words around it."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import F, Window
from django.db.models.functions import RowNumber, Substr

from apaise.intake.cases.message import Message
from apaise.intake.cases.models import Case, Note
from apaise.lib.search import Passage, parse, passage

LONGEST = 20_000  # letters of a message looked through
MOST_EACH = 20  # messages of one case, and notes, newest first


class Place(NamedTuple):
    where: str  # a kind of message, or note, title, organisation, person, reference
    at: datetime
    passage: Passage


def places(cases: Sequence[Case], query: str) -> dict[int, Place]:
    """For each case, the newest of the places that meet most of the words. Two queries, however many cases."""
    terms = parse(query)
    found: dict[int, Place] = {}
    for case_id, where, at, text in [*_written(cases), *_heads(cases)]:
        best = found.get(case_id)
        if best and best.passage.met == len(terms):
            continue
        seen = passage(text, terms)
        if seen and (best is None or seen.met > best.passage.met):
            found[case_id] = Place(where, at, seen)
    return found


def _written(cases: Sequence[Case]) -> list[tuple[int, str, datetime, str]]:
    ids = [case.pk for case in cases]
    messages = _newest(Message.objects.filter(case_id__in=ids), "new_text")
    notes = _newest(Note.objects.filter(case_id__in=ids), "text")
    rows = [*messages.values_list("case_id", "kind", "at", "said")]
    rows += [(case_id, "note", at, said) for case_id, at, said in notes.values_list("case_id", "at", "said")]
    return sorted(rows, key=lambda row: row[2], reverse=True)


def _newest(written: Any, column: str) -> Any:
    place = Window(RowNumber(), partition_by="case_id", order_by=[F("at").desc(), F("pk").desc()])
    return written.order_by().annotate(said=Substr(column, 1, LONGEST), nth=place).filter(nth__lte=MOST_EACH)


def _heads(cases: Iterable[Case]) -> Iterator[tuple[int, str, datetime, str]]:
    for case in cases:
        organisation = case.organisation.name if case.organisation else ""
        named = {"title": case.title, "organisation": organisation, "person": case.complainant.name}
        for where, text in [*named.items(), ("reference", case.reference)]:
            yield case.pk, where, case.received_at, text
