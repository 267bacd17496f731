"""A number for all the rows of each table, whatever their order: equal before a backup and after its return."""

import hashlib
from collections.abc import Iterator
from typing import Any

from django.db import connection

PASSING = {"django_session", "accounts_attempt"}  # what only serves its moment may change meanwhile
_WHOLE = 2**256


def row_hashes() -> dict[str, dict[str, Any]]:
    """{table: {rows, sha256}}; the hashes of two databases of one kind may be compared, not those of SQLite and PostgreSQL."""
    return {table: _hash_of(table) for table in tables()}


def tables() -> list[str]:
    return sorted(name for name in connection.introspection.table_names() if name not in PASSING)


def _hash_of(table: str) -> dict[str, Any]:
    total = rows = 0
    for row in _rows(table):
        rows += 1
        total += int.from_bytes(hashlib.sha256(repr(row).encode("utf-8", "surrogatepass")).digest())
    return {"rows": rows, "sha256": f"{total % _WHOLE:064x}"}


def _rows(table: str) -> Iterator[tuple[Any, ...]]:
    names = ", ".join(connection.ops.quote_name(column.name) for column in _columns(table))
    sql = f"SELECT {names} FROM {connection.ops.quote_name(table)}"  # noqa: S608  (our own tables)
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql)
        while rows := cursor.fetchmany(2000):
            yield from rows


def _columns(table: str) -> list[Any]:
    with connection.cursor() as cursor:
        return sorted(
            connection.introspection.get_table_description(cursor, table), key=lambda column: column.name
        )
