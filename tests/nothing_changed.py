"""A refused action changes nothing: compare every row of every room before and after."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps

ROOMS = (
    *("ledger", "accounts", "parties", "packs", "cases", "channels", "journey"),
    *("routing", "tasks", "prepared", "lateness", "tickets", "contributions"),
)


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of our tables, as text, in the order of its key."""
    models = [model for room in ROOMS for model in apps.get_app_config(room).get_models()]
    return {
        model._meta.label: [str(row) for row in model._base_manager.order_by("pk").values_list()]
        for model in models
    }


@contextmanager
def nothing_changed() -> Iterator[None]:
    before = everything()
    yield
    after = everything()
    changed = [
        f"{name}: {row[:300]}"
        for name in after
        for row in sorted(set(after[name]) ^ set(before[name]))
        if after[name] != before[name]
    ]
    assert not changed, "rows were changed:\n" + "\n".join(changed[:20])


@contextmanager
def refused(*errors: type[Exception], match: str | None = None) -> Iterator[pytest.ExceptionInfo[Exception]]:
    """The action inside is refused with one of these errors, and nothing has changed."""
    with nothing_changed(), pytest.raises(errors, match=match) as refusal:
        yield refusal
