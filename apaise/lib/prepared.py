"""Questions asked at every mail, composed once for each thread: composing them anew cost more than answering them."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet
from django.db.models.query import ModelIterable, get_related_populators

M = TypeVar("M")  # a Django model
Value = str | int | datetime
# What stands for a value while a question is composed; a question that says these itself cannot be prepared.
_STANDS_FOR: dict[type, tuple[Value, ...]] = {
    str: tuple(f"\x01prepared {number}\x01" for number in range(4)),
    int: tuple(-2_013_265_921 - number for number in range(4)),
    datetime: tuple(datetime(1, 1, 2, 3, 4, 5, 678_900 + number, tzinfo=UTC) for number in range(4)),
}


class Prepared(Generic[M]):
    """A queryset with places for values: texts, numbers and moments, each compared with as it is (no `in`, no `contains`).

    compose   makes the queryset from the named values; it is called once in each thread
    kinds     the type of each value

    The objects are those the queryset would give, select_related and deferred fields included; no prefetches."""

    def __init__(self, compose: Callable[..., QuerySet[Any, Any]], **kinds: type) -> None:
        self._compose, self._kinds = compose, kinds
        self._here = threading.local()

    def all(self, **values: Value) -> list[M]:
        """The objects that the queryset gives for these values."""
        plan = self._plan()
        return list(plan.objects(plan.answer(values)))

    def first(self, **values: Value) -> M | None:
        """The first of them; the queryset says the order, and how many are fetched."""
        return next(iter(self.all(**values)), None)

    def get(self, **values: Value) -> M:
        """The only one. Raises the model's DoesNotExist or MultipleObjectsReturned."""
        found, model = self.all(**values), self._plan().model
        if not found:
            raise model.DoesNotExist(f"{model._meta.object_name} matching query does not exist.")
        if len(found) > 1:
            raise model.MultipleObjectsReturned(f"get() returned more than one {model._meta.object_name}.")
        return found[0]

    def rows(self, **values: Value) -> list[tuple[Any, ...]]:
        """The tuples that a `values_list` gives for these values."""
        plan = self._plan()
        return [tuple(row) for row in plan.answer(values)]

    def _plan(self) -> "_Plan":
        connection = connections[DEFAULT_DB_ALIAS]
        plan: _Plan | None = getattr(self._here, "plan", None)
        if plan is None or plan.connection is not connection:
            plan = self._here.plan = _Plan(self._compose, self._kinds, connection)
        return plan


class _Plan:
    """The statement on one connection."""

    def __init__(self, compose: Callable[..., Any], kinds: dict[str, type], connection: Any) -> None:
        left = {kind: iter(those) for kind, those in _STANDS_FOR.items()}
        stands = {name: next(left[kind]) for name, kind in kinds.items()}
        queryset = compose(**stands)
        self.connection, self.model = connection, queryset.model
        self._compiler = queryset.query.get_compiler(connection=connection)
        self._statement, given = self._compiler.as_sql()
        slots = {self._prepared(value): name for name, value in stands.items()}
        self._given = [(slots.get(one) if isinstance(one, str | int | datetime) else None, one) for one in given]  # fmt: skip
        if missing := kinds.keys() - {name for name, _one in self._given}:
            raise ValueError(f"The question never asks for {', '.join(sorted(missing))}.")
        self._of_models = queryset._iterable_class is ModelIterable
        if self._of_models:
            self._read_how_rows_become_objects()

    def _read_how_rows_become_objects(self) -> None:
        info, select = self._compiler.klass_info, self._compiler.select
        first, last = info["select_fields"][0], info["select_fields"][-1] + 1
        self._own = slice(first, last)
        self._names = [one[0].target.attname for one in select[first:last]]
        self._beside = get_related_populators(info, select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]  # stubs of a later Django
        self._counted = dict(self._compiler.annotation_col_map or {})

    def _prepared(self, value: Value) -> Any:
        ops = self.connection.ops
        return ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value

    def answer(self, values: dict[str, Value]) -> Iterator[Any]:
        ready = {name: self._prepared(value) for name, value in values.items()}
        parameters = [one if name is None else ready[name] for name, one in self._given]
        with self.connection.cursor() as cursor:
            cursor.execute(self._statement, parameters)
            found = cursor.fetchall()
        # The compiler knows which columns are moments, JSON or choices.
        return iter(self._compiler.results_iter([found]))

    def objects(self, rows: Iterator[Any]) -> Iterator[Any]:
        for row in rows:
            one = self.model.from_db(DEFAULT_DB_ALIAS, self._names, row[self._own])
            for beside in self._beside:
                beside.populate(row, one)
            for name, column in self._counted.items():
                setattr(one, name, row[column])
            yield one
