"""The index of cases: the tokens each one is found by, the same on both databases, written beside its words.

On SQLite the tokens stand in a column that feeds an FTS5 table by triggers, on PostgreSQL in a `tsvector`
(docs/decisions/0013-search.md). One row a case, so that a name and a word of a message are found together."""

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from django.db import connection, models, transaction

from apaise.intake.cases.message import Message
from apaise.intake.cases.models import Case, Note
from apaise.lib import search

MOST_BYTES = 900_000  # of one case: what PostgreSQL takes into a tsvector, on both databases
_BATCH = 500


class Tokens(models.TextField[str, str]):
    """A set of tokens: separated by spaces on SQLite, a tsvector on PostgreSQL. Written by this module only."""

    def db_type(self, connection: Any) -> str:
        return "tsvector" if connection.vendor == "postgresql" else "text"


class Findable(models.Model):
    """What a case is found by."""

    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="+")
    words = Tokens()

    class Meta:
        default_permissions: ClassVar = []

    def __str__(self) -> str:
        return f"words of {self.case_id}"


def add_first(case: Case, message: Message) -> None:
    """Let a case that was opened in this transaction be found by its head and its first message."""
    _write(case.pk, _tokens([*_head(case), *_of_message(message)]))


def add_message(case: Case, message: Message) -> None:
    """Let the case be found by this message, from now on."""
    _add(case.pk, _of_message(message))


def add_note(note: Note) -> None:
    _add(note.case_id, [note.text])


def refresh(case_ids: Iterable[int]) -> int:
    """Index these cases anew from what they hold: after a name changed, words were moved or erased. Returns how many."""
    done = 0
    with transaction.atomic():
        for case in _whole(Case.objects.filter(pk__in=list(case_ids))):
            _write(case.pk, _tokens(_texts(case)))
            done += 1
    return done


def rebuild() -> Iterator[int]:
    """Index every case anew, some hundred in one transaction; yields how many are done."""
    last = done = 0
    while ids := list(Case.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:_BATCH]):
        done, last = done + refresh(ids), ids[-1]
        yield done


def _add(case_id: int, texts: Iterable[str]) -> None:
    with transaction.atomic(savepoint=False):
        words = _words_of(case_id)
        if words is None:  # the first words of a case: its own head comes with them
            refresh([case_id])
        elif new := _bounded(_tokens(texts).keys() - words, sum(len(word.encode()) + 1 for word in words)):
            added, value = (
                ("array_to_tsvector(%s)", new.split(" ")) if _is_postgresql() else ("%s", f" {new}")
            )
            _run(
                f"UPDATE cases_findable SET words = words || {added} WHERE case_id = %s",  # noqa: S608
                [value, case_id],
            )


def _words_of(case_id: int) -> set[str] | None:
    stored = "tsvector_to_array(words)" if _is_postgresql() else "words"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {stored} FROM cases_findable WHERE case_id = %s", [case_id])  # noqa: S608
        row = cursor.fetchone()
    return None if row is None else set(row[0] if _is_postgresql() else row[0].split(" "))


def _write(case_id: int, tokens: dict[str, None]) -> None:
    kept = _bounded(tokens, 0)
    made, value = ("array_to_tsvector(%s)", kept.split(" ")) if _is_postgresql() else ("%s", kept)
    _run(
        f"INSERT INTO cases_findable (case_id, words) VALUES (%s, {made})"  # noqa: S608  (made is one of two constants)
        " ON CONFLICT (case_id) DO UPDATE SET words = excluded.words",
        [case_id, value],
    )


def _is_postgresql() -> bool:
    return connection.vendor == "postgresql"


def _run(sql: str, values: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def _bounded(tokens: Iterable[str], used: int) -> str:
    kept = []
    for token in tokens:
        used += len(token.encode()) + 1
        if used > MOST_BYTES:
            break
        kept.append(token)
    return " ".join(kept)


def _tokens(texts: Iterable[str]) -> dict[str, None]:
    """The tokens of all texts, in order, each once."""
    return dict.fromkeys(token for text in texts for token in sorted(search.tokens(text)))


def _whole(cases: models.QuerySet[Case]) -> Iterator[Case]:
    yield from (
        cases.select_related("complainant__merged_into", "organisation", "contract")
        .prefetch_related("complainant__addresses", "messages__author_person", "notes", "grievances")
        .order_by("pk")
    )


def _texts(case: Case) -> Iterator[str]:
    yield from _head(case)
    yield from (grievance.text for grievance in case.grievances.all())
    for message in case.messages.all():
        yield from _of_message(message)
    yield from (note.text for note in case.notes.all())


def _head(case: Case) -> Iterator[str]:
    yield case.reference
    yield case.title
    yield case.complainant.name
    yield case.complainant.survivor.name
    yield from (address.value for address in case.complainant.ways())
    yield case.organisation.name if case.organisation else ""
    yield case.contract.number if case.contract else ""


def _of_message(message: Message) -> list[str]:
    author = message.author_person.name if message.author_person else ""
    return [message.subject, message.new_text or message.text, author]
