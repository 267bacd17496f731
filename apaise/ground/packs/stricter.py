"""What a company may change of a rule of law: it may promise more, never less."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from apaise.lib.sayable import sayable
from apaise.lib.working_time import Calendar, Duration, due

from .pack import calendar_from_data
from .yaml_lines import Path

Found = Iterator[tuple[Path, str]]
LAW: Final = "law"
# What says who, how and in which words, and takes nothing from the customer.
_FREE: Final = ("label", "note", "owner", "warn_at", "on_breach", "source", "confidence")
_MEASURED: Final = ("duration", "duration_by_criticality", "duration_by_channel", "roll")
_FEWER: Final = ("stop_on", "pause_when")  # each more would let us off
# Starts on every weekday, in every season, over both clock changes and a leap day, by day and in the evening.
_STARTS: Final = tuple(
    datetime(2027, 1, 1, 8 + number % 13, 17, tzinfo=UTC) + timedelta(days=11 * number)
    for number in range(70)
)


def stricter_problems(
    raw: Mapping[str, Any], resolved: Mapping[str, Any], parent: Mapping[str, Any]
) -> list[tuple[Path, str]]:
    """Where a company's pack gives a customer less than the law in the pack that it extends."""
    return [*_deadlines(raw, resolved, parent), *_mentions(raw, resolved, parent)]


def _deadlines(raw: Mapping[str, Any], resolved: Mapping[str, Any], parent: Mapping[str, Any]) -> Found:
    ours = {each["id"]: each for each in resolved["deadlines"]}
    calendars = calendar_from_data(resolved.get("calendar")), calendar_from_data(parent.get("calendar"))
    for theirs in parent["deadlines"]:
        if theirs["force"] != LAW:
            continue
        here = _where(raw, "deadlines", theirs["id"])
        if theirs["id"] not in ours:
            yield (
                (*here, "disabled"),
                sayable("`%(name)s` is law and cannot be left out; remove this item", name=theirs["id"]),
            )
            continue
        yield from _deadline(ours[theirs["id"]], theirs, calendars, here)


def _deadline(ours: Any, theirs: Any, calendars: tuple[Calendar, Calendar], here: Path) -> Found:
    name = theirs["id"]
    for key in sorted({*ours, *theirs} - {*_FREE, *_MEASURED, *_FEWER}):
        if _plain(ours.get(key)) != _plain(theirs.get(key)):
            yield (
                (*here, key),
                sayable(
                    "`%(key)s` of `%(name)s` is law and stays as it is; take the extended pack's",
                    key=key,
                    name=name,
                ),
            )
    for key in _FEWER:
        more = [each for each in ours.get(key) or [] if each not in (theirs.get(key) or [])]
        if more:
            yield (
                (*here, key),
                sayable(
                    "`%(name)s` is law: nothing more may go into `%(key)s`; remove %(code)s",
                    name=name,
                    key=key,
                    code=more[0],
                ),
            )
    if (
        all(_plain(ours.get(key)) == _plain(theirs.get(key)) for key in _MEASURED)
        and len(set(calendars)) == 1
    ):
        return
    for level, channel in _variants(ours, theirs):
        mine, law = _length(ours, level, channel), _length(theirs, level, channel)
        if mine and law and _takes_away(ours, theirs, (mine, law), calendars):
            key = "duration" if "duration" in ours else "duration_by_criticality"
            yield (*here, key), _less(theirs, mine, law)
            return


def _less(theirs: Any, mine: Duration, law: Duration) -> str:
    ours, legal = f"{mine.value} {mine.unit}", f"{law.value} {law.unit}"
    if theirs.get("customer_right"):
        return sayable(
            "`%(name)s` is the customer's by law: %(legal)s at least, not %(ours)s; make it longer",
            name=theirs["id"],
            legal=legal,
            ours=ours,
        )
    if ours == legal:
        return sayable(
            "with this calendar or roll `%(name)s` can end later than the law allows; keep those of the extended pack",
            name=theirs["id"],
        )
    return sayable(
        "`%(name)s` is law: %(legal)s at most, not %(ours)s; make it shorter",
        name=theirs["id"],
        legal=legal,
        ours=ours,
    )


def _takes_away(ours: Any, theirs: Any, lengths: tuple[Duration, Duration], calendars: Any) -> bool:
    """Whether ours can end later than the law (or, of a customer's right, earlier)."""
    for start in _STARTS:
        mine = due(start, lengths[0], calendars[0], roll=ours.get("roll", "none")).due
        law = due(start, lengths[1], calendars[1], roll=theirs.get("roll", "none")).due
        if (mine < law) if theirs.get("customer_right") else (mine > law):
            return True
    return False


def _variants(ours: Any, theirs: Any) -> Iterator[tuple[str | None, str | None]]:
    yield None, None
    for level in {
        **(ours.get("duration_by_criticality") or {}),
        **(theirs.get("duration_by_criticality") or {}),
    }:
        yield level, None
    for channel in {**(ours.get("duration_by_channel") or {}), **(theirs.get("duration_by_channel") or {})}:
        yield None, channel


def _length(rule: Any, level: str | None, channel: str | None) -> Duration | None:
    found = rule.get("duration")
    if level:
        found = (rule.get("duration_by_criticality") or {}).get(level, found)
    if channel:
        found = (rule.get("duration_by_channel") or {}).get(channel, found)
    return Duration.from_data(found) if found else None


def _mentions(raw: Mapping[str, Any], resolved: Mapping[str, Any], parent: Mapping[str, Any]) -> Found:
    ours = {each["id"]: each for each in resolved["mandatory_mentions"]}
    for theirs in parent["mandatory_mentions"]:
        if theirs.get("force") != LAW:
            continue
        name, here = theirs["id"], _where(raw, "mandatory_mentions", theirs["id"])
        mine = ours.get(name)
        if mine is None:
            yield (
                (*here, "disabled"),
                sayable("the mention `%(name)s` is law and cannot be left out; remove this item", name=name),
            )
            continue
        for key in ("when", "forbid", "force", "template"):
            if mine.get(key) != theirs.get(key):
                yield (
                    (*here, key),
                    sayable(
                        "`%(key)s` of `%(name)s` is law and stays as it is; take the extended pack's",
                        key=key,
                        name=name,
                    ),
                )
        for key in ("where", "required_fields"):
            if missing := [each for each in theirs.get(key) or [] if each not in (mine.get(key) or [])]:
                yield (
                    (*here, key),
                    sayable(
                        "`%(name)s` is law: `%(key)s` must keep %(missing)s; add it again",
                        name=name,
                        key=key,
                        missing=", ".join(missing),
                    ),
                )


def _where(raw: Mapping[str, Any], block: str, name: str) -> Path:
    for index, item in enumerate(raw.get(block) or []):
        if item.get("id") == name:
            return (block, index)
    return ("calendar",) if block == "deadlines" else (block,)


def _plain(value: Any) -> Any:
    """An empty list says the same as none."""
    return value or None
