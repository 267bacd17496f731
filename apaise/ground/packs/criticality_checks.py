"""What makes the factors, levels, reach and segments of a pack wrong."""

from collections.abc import Iterator, Mapping
from typing import Any

from apaise.lib.sayable import sayable

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
            yield where, sayable("a level needs `id`, and `min`: the points it begins at, 0 or more")
    yield from _axes(raw.get("segmentation") or {})
    yield from _segments(raw.get("segmentation") or {})


def _factor(factor: Any, path: Path) -> Found:
    if not isinstance(factor, dict) or not isinstance(factor.get("id"), str) or "when" not in factor:
        yield path, sayable("a factor needs `id`, `weight` and `when`")
    elif not _whole(factor.get("weight"), least=1):
        # A weight below zero would let a label make a case less urgent.
        yield (
            (*path, "weight"),
            sayable("a weight is a whole number above 0: no factor makes a case less urgent"),
        )


def _axes(block: Mapping[str, Any]) -> Found:
    for index, axis in enumerate(block.get("axes") or ()):
        path: Path = ("segmentation", "axes", index)
        if not isinstance(axis, dict) or not isinstance(axis.get("id"), str):
            yield path, sayable("an axis needs its `id`")
        elif axis["id"] not in AXES:
            yield (
                (*path, "id"),
                sayable(
                    "there is no axis `%(name)s`; use one of %(known)s",
                    name=axis["id"][:40],
                    known=", ".join(AXES),
                ),
            )
        elif [key for key in ("values", "bands_eur", "bands_days") if key in axis] != [AXES[axis["id"]].kind]:
            yield (
                path,
                sayable(
                    "the axis `%(name)s` is divided by `%(key)s`, and by nothing else",
                    name=axis["id"],
                    key=AXES[axis["id"]].kind,
                ),
            )
        elif AXES[axis["id"]].kind != "values" and not _rising(axis[AXES[axis["id"]].kind]):
            yield (
                (*path, AXES[axis["id"]].kind),
                sayable("bands begin at these numbers, each above the one before"),
            )


def _segments(block: Mapping[str, Any]) -> Found:
    named: set[str] = set()
    for index, segment in enumerate(block.get("segments") or ()):
        path: Path = ("segmentation", "segments", index)
        if not isinstance(segment, dict) or not isinstance(segment.get("id"), str) or "when" not in segment:
            yield path, sayable("a segment needs `id`, `label` in both languages and `when`")
        elif segment["id"] in named:
            yield (
                path,
                sayable(
                    "`%(name)s` stands in `segments` more than once; keep one of them", name=segment["id"]
                ),
            )
        elif not isinstance(segment.get("label"), dict):
            yield (
                (*path, "label"),
                sayable("a segment needs a `label` %(example)s: people read it", example="{fr: …, en: …}"),
            )
        else:
            named.add(segment["id"])


def reach_problems(raw: Mapping[str, Any], resolved: Mapping[str, Any]) -> Found:
    """Of the pack over the one it extends: its ladder must have the level that a wide post leads to."""
    if "reach" not in raw:  # what it took over means the highest level it has, up to that one
        return
    known, level = sorted(one["level"] for one in resolved.get("escalation", [])), raw["reach"]["to_level"]
    if level not in known:
        said = ", ".join(map(str, known)) or sayable("one that you add")
        yield (
            ("reach", "to_level"),
            sayable("there is no level %(level)s in `escalation`; use %(known)s", level=level, known=said),
        )


def _whole(value: Any, *, least: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


def _rising(bands: Any) -> bool:
    numbers = isinstance(bands, list) and bands and all(_whole(band, least=0) for band in bands)
    return bool(numbers) and bands == sorted(set(bands))
