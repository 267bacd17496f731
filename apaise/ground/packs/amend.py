"""The common changes to a pack without writing YAML: our own times, opening hours, limits and texts."""

import copy
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

import yaml

from .pack import Pack
from .stricter import LAW

OURS_ELSEWHERE: Final = ("external_mediator", "regulator")


class Slot(NamedTuple):
    """One length of time that is the company's to choose."""

    rule: str  # the deadline
    key: str  # the criticality or the channel it is for; "" for all
    value: int
    unit: str
    label: Mapping[str, str]

    @property
    def field(self) -> str:
        return f"length:{self.rule}:{self.key}"


class Wanted(NamedTuple):
    lengths: Mapping[str, int]  # by Slot.field
    label: Mapping[str, str]
    hours: tuple[str, str]
    next_steps: Mapping[str, str]
    limits: Mapping[str, int | None]  # role -> euros it may approve, None without limit
    reach: int | None = None


def slots(pack: Pack) -> list[Slot]:
    """Every length that may be changed here: what we owe by our own rule, charter or contract, not by law."""
    found = []
    for rule in pack.block("deadlines"):
        if rule["force"] == LAW or rule.get("customer_right") or rule["owner"] in OURS_ELSEWHERE:
            continue
        for key, length in _lengths(rule):
            if length["value"]:
                found.append(Slot(rule["id"], key, int(length["value"]), length["unit"], rule["label"]))
    return found


def _lengths(rule: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    if rule.get("duration"):
        yield "", rule["duration"]
    for block in ("duration_by_criticality", "duration_by_channel"):
        yield from (rule.get(block) or {}).items()


def head(pack_id: str, extends: str, label: Mapping[str, str], day: str) -> dict[str, Any]:
    """The least a pack can say."""
    return {
        "schema": "policy-pack/1",
        "id": pack_id,
        "version": f"{day[:4]}.{day[5:7]}.1",
        "extends": extends,
        "reviewed_on": day,
        "label": dict(label),
    }


def amended(raw: Mapping[str, Any], parent: Pack, wanted: Wanted) -> dict[str, Any]:
    """What the company's pack says with these wishes. Whatever else it said it still says."""
    made = copy.deepcopy(dict(raw))
    below = parent.as_dict()
    made["label"] = dict(wanted.label)
    _set_lengths(made, below, wanted.lengths)
    _set(made, below, ("calendar", "business_hours"), {"start": wanted.hours[0], "end": wanted.hours[1]})
    _set(made, below, ("acknowledgement", "next_steps"), dict(wanted.next_steps))
    _set(made, below, ("remedies", "approval_thresholds_eur"), dict(wanted.limits))
    if wanted.reach is not None and below.get("reach"):
        _set(made, below, ("reach", "above"), wanted.reach)
    return made


def with_next_version(raw: Mapping[str, Any], taken: set[str], day: str) -> dict[str, Any]:
    """The same under a version that was not published yet."""
    number, month = 1, f"{day[:4]}.{day[5:7]}"
    while f"{month}.{number}" in taken:
        number += 1
    return {**raw, "version": f"{month}.{number}", "reviewed_on": day}


def written(raw: Mapping[str, Any]) -> str:
    """As YAML, in the order of the pack."""
    return yaml.dump(dict(raw), Dumper=_Plain, allow_unicode=True, sort_keys=False, width=120)


class _Plain(yaml.SafeDumper):
    """Writes the same value out again where it stands twice: packs know no aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _set_lengths(made: dict[str, Any], below: Mapping[str, Any], lengths: Mapping[str, int]) -> None:
    theirs = {rule["id"]: rule for rule in below["deadlines"]}
    items = {item["id"]: item for item in made.get("deadlines") or ()}
    for name, rule in theirs.items():
        item = copy.deepcopy(items.get(name) or rule)
        if item.get("disabled"):
            continue
        changed = False
        for key, length in _lengths(item):
            value = lengths.get(f"length:{name}:{key}")
            if value is not None and value != length["value"]:
                length["value"], changed = value, True
        if changed:
            # What the company chose is no longer what the source says.
            item.update(
                {
                    "confidence": "design",
                    "source": ["design"] if "design" in below["sources"] else item["source"],
                }
            )
        if {**item, "confidence": "", "source": ""} == {**rule, "confidence": "", "source": ""}:
            items.pop(name, None)
        elif changed or name in items:
            items[name] = item
    made.pop("deadlines", None)
    if items:
        made["deadlines"] = list(items.values())


def _set(made: dict[str, Any], below: Mapping[str, Any], path: tuple[str, str], value: Any) -> None:
    """Say it if it differs from what stands below; else leave it out."""
    block, key = path
    said = dict(made.get(block) or {})
    if (below.get(block) or {}).get(key) == value:
        said.pop(key, None)
    else:
        said[key] = value
    made.pop(block, None)
    if said:
        made[block] = said
