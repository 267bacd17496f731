"""A few statements on busy tables, composed once: composing them anew for each row cost more than carrying them out."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, models

M = TypeVar("M")  # an object of any Django model


def insert(one: M) -> M:
    """Store a new object and give it its key, as `save(force_insert=True)` does. Raises IntegrityError."""
    insert_all([one])
    return one


def insert_all(objects: Sequence[Any]) -> None:
    """Store new objects of one model in one statement, and give them their keys; `bulk_create` without its options.

    Runs inside the caller's transaction. Raises IntegrityError."""
    if not objects:
        return
    connection = connections[
        DEFAULT_DB_ALIAS
    ]  # itself: each field asks it something, and a proxy would look it up
    fields, head, row, tail = _insertion(objects[0].__class__, connection.vendor)
    values: list[Any] = []
    for one in objects:
        for field, name, plain in fields:
            value = getattr(one, name) if plain else field.pre_save(one, True)
            as_it_is = plain and (value is None or type(value) in plain)
            values.append(value if as_it_is else field.get_db_prep_save(value, connection))
    with connection.cursor() as cursor:
        cursor.execute(f"{head}{', '.join([row] * len(objects))}{tail}", values)
        for one, (key,) in zip(objects, cursor.fetchall(), strict=True):
            one.pk, one._state.adding, one._state.db = key, False, connection.alias


def change(one: Any, **fields: Any) -> None:
    """Set fields of this object's row alone, and of the object; `filter(pk=…).update(…)`."""
    if not fields:
        return
    connection = connections[DEFAULT_DB_ALIAS]
    prepared, statement = _change(one.__class__, tuple(fields), connection.vendor)
    for name, value in fields.items():
        setattr(one, name, value)
    values = [field.get_db_prep_save(getattr(one, field.attname), connection) for field in prepared]
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, one.pk])


def keys(model: Any, column: str = "id", **equal: str | int) -> list[int]:
    """The numbers in `column` of the rows whose columns equal these texts and numbers, smallest first."""
    connection = connections[DEFAULT_DB_ALIAS]
    with connection.cursor() as cursor:
        cursor.execute(_look_up(model, column, tuple(equal), connection.vendor), list(equal.values()))
        return [key for (key,) in cursor.fetchall()]


# Of these fields a value of these very types is stored as it is: asking the field would only give it back.
_PLAIN: dict[type, tuple[type, ...]] = {
    models.CharField: (str,),
    models.EmailField: (str,),
    models.TextField: (str,),
    models.BooleanField: (bool,),
    models.PositiveSmallIntegerField: (int,),
    models.PositiveIntegerField: (int,),
    models.ForeignKey: (int,),
}


# `vendor` is there for the cache alone: databases quote names differently.


@lru_cache(maxsize=64)
def _insertion(model: Any, vendor: str) -> tuple[list[tuple[Any, str, tuple[type, ...]]], str, str, str]:
    meta: Any = model._meta
    fields = [
        field for field in meta.local_concrete_fields if not field.generated and field is not meta.auto_field
    ]
    columns = ", ".join(_quote(field.column) for field in fields)
    head = f"INSERT INTO {_quote(meta.db_table)} ({columns}) VALUES "  # noqa: S608  (names of ours)
    said = [(field, field.attname, _PLAIN.get(type(field), ())) for field in fields]
    return said, head, f"({', '.join(['%s'] * len(fields))})", f" RETURNING {_quote(meta.pk.column)}"


@lru_cache(maxsize=256)
def _change(model: Any, names: tuple[str, ...], vendor: str) -> tuple[list[Any], str]:
    meta: Any = model._meta
    fields = [meta.get_field(name) for name in names]
    columns = ", ".join(f"{_quote(field.column)} = %s" for field in fields)
    return fields, f"UPDATE {_quote(meta.db_table)} SET {columns} WHERE {_quote(meta.pk.column)} = %s"  # noqa: S608


@lru_cache(maxsize=64)
def _look_up(model: Any, column: str, names: tuple[str, ...], vendor: str) -> str:
    equal = " AND ".join(f"{_quote(name)} = %s" for name in names)
    wanted = _quote(column)
    return f"SELECT {wanted} FROM {_quote(model._meta.db_table)} WHERE {equal} ORDER BY {wanted}"  # noqa: S608  (names of ours)


def _quote(name: str) -> str:
    return connections[DEFAULT_DB_ALIAS].ops.quote_name(name)
