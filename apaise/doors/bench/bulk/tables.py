"""Rows into tables as fast as each database allows: COPY on PostgreSQL, long statements on SQLite, indexes last."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import connection, models

_KINDS_OF_CONSTRAINT = (
    "f",
    "u",
    "p",
)  # in this order they can be dropped: what points at a key before the key


class Table:
    """One table: which columns a row fills, and what stands in the others."""

    def __init__(self, model: type[models.Model]) -> None:
        self.model, self.name, self.rows = model, model._meta.db_table, list[tuple[Any, ...]]()
        self._columns: tuple[str, ...] = ()
        self._defaults: dict[str, Any] = {
            str(field.column): _plain(field)
            for field in model._meta.local_concrete_fields
            if not field.generated
        }

    @property
    def columns(self) -> tuple[str, ...]:
        return self._columns

    def add(self, row: dict[str, Any]) -> None:
        """Keep a row until `flush`; a column it does not name has the model's default."""
        if not self._columns:
            if unknown := set(row) - set(self._defaults):
                raise KeyError(f"{self.name} has no column {sorted(unknown)[0]}")
            self._columns = tuple(self._defaults)
        self.rows.append(tuple({**self._defaults, **row}.values()))


def tables() -> dict[str, Table]:
    """The tables the bulk data fill, by name."""
    wanted = (
        "parties.Person", "parties.Address", "cases.Case", "cases.Message", "cases.Deadline",
        "ledger.Entry", "ledger.Head",
    )  # fmt: skip
    found = [Table(apps.get_model(name)) for name in wanted]
    return {table.name: table for table in found}


def flush(filled: Sequence[Table]) -> int:
    """Write what the tables keep, in one transaction of the caller's. Returns how many rows."""
    written = 0
    for table in filled:
        if table.rows:
            _copy(table) if connection.vendor == "postgresql" else _insert(table)
            written += len(table.rows)
            table.rows = []
    return written


def _copy(table: Table) -> None:
    names = ", ".join(f'"{column}"' for column in table.columns)
    with connection.cursor() as cursor, cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy:
        for row in table.rows:
            copy.write_row(row)


def _insert(table: Table) -> None:
    names = ", ".join(f'"{column}"' for column in table.columns)
    marks = ", ".join(["?"] * len(table.columns))
    connection.ensure_connection()
    # Below Django's cursor, which would rewrite the statement for each row.
    raw = connection.connection
    raw.cursor().executemany(f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})', table.rows)  # noqa: S608  (names of our own tables)


def _plain(field: "models.Field[Any, Any]") -> Any:
    """A field's default as both databases take it."""
    value = field.get_default() if field.has_default() or not field.null else None
    if isinstance(field, models.JSONField):
        return "[]" if value == [] else "{}"
    if isinstance(field, models.DateTimeField) and value is not None:
        return value.strftime("%Y-%m-%d %H:%M:%S")
    return value


@contextmanager
def in_haste(filled: Sequence[Table]) -> Iterator[None]:
    """PostgreSQL checks and sorts once at the end instead of at each row; nobody loses anything if it crashes before."""
    if connection.vendor != "postgresql":
        yield
        return
    names = [table.name for table in filled]
    again: list[str] = []
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
        for drop, make in _constraints(cursor, names) + _indexes(cursor, names):
            again.append(make)
            cursor.execute(drop)
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '256MB'")
        for make in reversed(again):
            cursor.execute(make)
        cursor.execute("RESET maintenance_work_mem")
        cursor.execute("RESET synchronous_commit")


def _constraints(cursor: Any, names: list[str]) -> list[tuple[str, str]]:
    found = []
    for kind in _KINDS_OF_CONSTRAINT:
        cursor.execute(
            "SELECT conrelid::regclass, conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE contype = %s AND (conrelid = ANY(%s::regclass[]) OR confrelid = ANY(%s::regclass[]))",
            [kind, names, names],
        )
        found += [
            (f'ALTER TABLE {table} DROP CONSTRAINT "{name}"', f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {text}')
            for table, name, text in cursor.fetchall()
        ]  # fmt: skip
    return found


def _indexes(cursor: Any, names: list[str]) -> list[tuple[str, str]]:
    cursor.execute(
        "SELECT indexrelid::regclass, pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = ANY(%s::regclass[])"
        " AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)",
        [names],
    )
    return [(f"DROP INDEX {name}", text) for name, text in cursor.fetchall()]


def settle(filled: Sequence[Table]) -> None:
    """Afterwards: the next number of each table, and what the planner should know."""
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            cursor.execute("ANALYZE")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return
        for table in filled:
            if table.model._meta.pk.get_internal_type() == "BigAutoField":
                cursor.execute(
                    f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), (SELECT max(id) FROM \"{table.name}\"))"  # noqa: S608
                )
            cursor.execute(f'VACUUM (ANALYZE) "{table.name}"')
