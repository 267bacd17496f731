"""What stands in the database, to the last row: for tests that say “nothing changed”."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from django.db import connection, transaction

# A session is no record of ours, and Django may touch it on any page.
NOT_OURS = ("django_session", "django_migrations")


class Content(NamedTuple):
    """Of one table: how many rows, and what they hold."""

    rows: int
    checksum: str


def content() -> dict[str, Content]:
    """Every table with its rows counted and summed."""
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(set(connection.introspection.table_names(cursor)) - set(NOT_OURS)):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)} ORDER BY 1")
            rows = cursor.fetchall()
            found[table] = Content(len(rows), hashlib.sha256(repr(rows).encode()).hexdigest())
    return found


def changed(before: dict[str, Content], after: dict[str, Content]) -> list[str]:
    """The tables that differ, in words."""
    return [
        f"{table}: {before[table].rows} rows, now {after[table].rows}"
        if before[table].rows != after[table].rows
        else f"{table}: a row differs"
        for table in after
        if before[table] != after[table]
    ]


class Watch:
    """Notes every statement that could change a table of ours."""

    def __init__(self) -> None:
        self.writes: list[str] = []

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        word = sql.lstrip()[:7].upper()
        if word.startswith(("INSERT", "UPDATE", "DELETE", "REPLACE")) and not any(
            table in sql for table in NOT_OURS
        ):
            self.writes.append(sql[:120])
        return execute(sql, params, many, context)


@contextmanager
def watched() -> Iterator[Watch]:
    """Watch for writes: reading every table is only worth it when there were any."""
    watch = Watch()
    with connection.execute_wrapper(watch):
        yield watch


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside is taken back at the end."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
