"""What makes the factors, levels, reach and segments of a pack wrong."""

from collections.abc import Iterator, Mapping
from typing import Any

from .criticality import FACTORS
from .segmentation import AXES
from .yaml_lines import Path

Found = Iterator[tuple[Path, str]]


def weighing_problems(raw: Mapping[str, Any]) -> Found:
    """Of the pack by itself."""
    block = raw.get("criticality") or {}
    for kind in FACTORS:
        for index, factor in enumerate(block.get(kind) or ()):
            yield from _factor(factor, ("criticality", kind, index))
    for index, level in enumerate(block.get("levels") or ()):
        if not isinstance(level, dict) or not _whole(level.get("min"), least=0):
            where = ("criticality", "levels", index)
            yield where, "a level needs `id`, and `min`: the points it begins at, 0 or more"
    yield from _segments(raw.get("segmentation") or {})


def _factor(factor: Any, path: Path) -> Found:
    if not isinstance(factor, dict) or not isinstance(factor.get("id"), str) or "when" not in factor:
        yield path, "a factor needs `id`, `weight` and `when`"
    elif not _whole(factor.get("weight"), least=1):
        # A weight below zero would let a label make a case less urgent.
        yield (*path, "weight"), "a weight is a whole number above 0: no factor makes a case less urgent"


def _segments(block: Mapping[str, Any]) -> Found:
    for index, axis in enumerate(block.get("axes") or ()):
        path: Path = ("segmentation", "axes", index)
        if not isinstance(axis, dict) or not isinstance(axis.get("id"), str):
            yield path, "an axis needs its `id`"
        elif axis["id"] not in AXES:
            yield (*path, "id"), f"there is no axis `{axis['id'][:40]}`; use one of {', '.join(AXES)}"
        elif [key for key in ("values", "bands_eur", "bands_days") if key in axis] != [AXES[axis["id"]].kind]:
            yield (
                path,
                f"the axis `{axis['id']}` is divided by `{AXES[axis['id']].kind}`, and by nothing else",
            )
        elif AXES[axis["id"]].kind != "values" and not _rising(axis[AXES[axis["id"]].kind]):
            yield (*path, AXES[axis["id"]].kind), "bands begin at these numbers, each above the one before"
    named: set[str] = set()
    for index, segment in enumerate(block.get("segments") or ()):
        path = ("segmentation", "segments", index)
        if not isinstance(segment, dict) or not isinstance(segment.get("id"), str) or "when" not in segment:
            yield path, "a segment needs `id`, `label` in both languages and `when`"
        elif segment["id"] in named:
            yield path, f"`{segment['id']}` stands in `segments` more than once; keep one of them"
        elif not isinstance(segment.get("label"), dict):
            yield (*path, "label"), "a segment needs a `label` {fr: …, en: …}: people read it"
        else:
            named.add(segment["id"])


def reach_problems(raw: Mapping[str, Any], resolved: Mapping[str, Any]) -> Found:
    """Of the pack over the one it extends: its ladder must have the level that a wide post leads to."""
    if "reach" not in raw:  # what it took over means the highest level it has, up to that one
        return
    known, level = sorted(one["level"] for one in resolved.get("escalation", [])), raw["reach"]["to_level"]
    if level not in known:
        said = ", ".join(map(str, known)) or "one that you add"
        yield ("reach", "to_level"), f"there is no level {level} in `escalation`; use {said}"


def _whole(value: Any, *, least: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


def _rising(bands: Any) -> bool:
    numbers = isinstance(bands, list) and bands and all(_whole(band, least=0) for band in bands)
    return bool(numbers) and bands == sorted(set(bands))
