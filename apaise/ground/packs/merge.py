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

# What a pack that extends another may leave to it. Stands in while the pack is checked by itself; nothing of it is kept.
_LEFT_OUT: Final[Mapping[str, Any]] = {
    "language": "fr",
    "applies_when": {"always": True},
    "sources": {},
    "deadlines": [],
    "acknowledgement": {"template": "ack", "required_fields": []},
    "mandatory_mentions": [],
    "escalation": [],
    "adr_routes": [],
    "retention": [],
}


def completed(raw: Any) -> Any:
    """A pack that extends another with something harmless for every block that it leaves to it."""
    if not isinstance(raw, dict) or not raw.get("extends"):
        return raw
    whole = {**_LEFT_OUT, **raw}
    if isinstance(raw.get("acknowledgement"), dict):
        whole["acknowledgement"] = {**_LEFT_OUT["acknowledgement"], **raw["acknowledgement"]}
    return whole


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
