"""Laying one pack over the one it extends."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

# The lists whose items replace those of the same name; every other list is replaced whole.
MERGED_BY: Final = {
    "deadlines": "id",
    "mandatory_mentions": "id",
    "adr_routes": "id",
    "retention": "data_class",
    "reporting": "id",
}


def merge(parent: Mapping[str, Any], child: Mapping[str, Any]) -> dict[str, Any]:
    """The child over its parent: maps merge key by key, what is disabled goes, the rest is replaced."""
    merged = dict(parent)
    for key, value in child.items():
        below = merged.get(key)
        if key in MERGED_BY:
            merged[key] = _merged_items(below or [], value, MERGED_BY[key])
        elif isinstance(value, dict) and isinstance(below, dict) and key != "applies_when":
            merged[key] = {**below, **value}
        else:
            merged[key] = value
    return merged


def _merged_items(below: Sequence[Any], items: Sequence[Any], key: str) -> list[Any]:
    merged = {item[key]: item for item in below}
    for item in items:
        if item.get("disabled"):
            merged.pop(item[key], None)
        else:
            merged[item[key]] = item
    return list(merged.values())
