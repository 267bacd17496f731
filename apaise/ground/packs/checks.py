"""What makes a policy pack wrong. Every check yields where and what, in words for the person who wrote the pack."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from apaise.lib.sayable import sayable
from apaise.lib.working_time import BadTime, Duration

from . import vocabulary as words
from .criticality_checks import reach_problems, weighing_problems
from .merge import MERGED_BY
from .pack import calendar_from_data
from .predicate_checks import predicate_problems
from .schema_checks import schema_problems
from .templates import load_templates
from .texts import text_problems
from .yaml_lines import Path

Found = Iterator[tuple[Path, str]]
# The keys whose values are codes of a closed list.
_WHO: Final = (*words.ROLES, *words.FUNCTIONS)
_EVENTS: Final = (*words.EVENTS, words.END_OF_ACTIVE_PHASE)
_CODES: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    **dict.fromkeys(
        (
            *(
                "owner",
                "role",
                "circuit",
                "by",
                "excluded_roles_from_decision",
                "excluded_roles_from_handling",
            ),
            *("visible_to", "route_to", "audience", "approval_thresholds_eur"),
        ),
        (sayable("role or function"), _WHO),
    ),
    **dict.fromkeys(
        ("trigger", "open", "close", "stop_on", "until_first_of", "from"), (sayable("event word"), _EVENTS)
    ),
    **dict.fromkeys(("channels", "durable_medium_for"), (sayable("channel"), words.CHANNELS)),
    "on_breach": (sayable("breach action"), words.BREACH_ACTIONS),
}


def pack_problems(raw: Any) -> list[tuple[Path, str]]:
    """What is wrong with a pack by itself, before it is laid over the one it extends."""
    # A pack of the wrong shape is not read any further: one mistake would be told many times.
    shape = list(schema_problems(raw)) or list(_item_problems(raw))
    if shape:
        return shape
    return [
        *text_problems(raw),
        *predicate_problems(raw),
        *_code_problems(raw),
        *_duration_problems(raw),
        *_scope_problems(raw),
        *weighing_problems(raw),
        *_template_problems(raw),
        *_deadline_problems(raw),
        *_review_date(raw),
    ]


def resolved_problems(
    raw: Any, resolved: Mapping[str, Any], parent: Mapping[str, Any]
) -> list[tuple[Path, str]]:
    """What is wrong once it is laid over the one it extends."""
    return [
        *_source_problems(raw, resolved),
        *_disabled_problems(raw, parent),
        *_timeline_problems(raw, resolved),
        *_criticality_problems(raw, resolved),
        *_channel_problems(raw),
        *reach_problems(raw, resolved),
        *_calendar_problems(resolved),
    ]


def entries(node: Any, path: Path = ()) -> Iterator[tuple[Path, str, Any]]:
    """Every key of every map below a node: its path, the key, the value."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield (*path, key), key, value
            yield from entries(value, (*path, key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from entries(value, (*path, index))


def _item_problems(raw: Mapping[str, Any]) -> Found:
    for block, key in MERGED_BY.items():
        items = raw.get(block, [])
        for index, item in enumerate(items):
            if not isinstance(item, dict) or not isinstance(item.get(key), str):
                yield (
                    (block, index),
                    sayable("an item of `%(block)s` needs its `%(key)s`", block=block, key=key),
                )
            elif item.get("disabled") is False:
                yield (
                    (block, index, "disabled"),
                    sayable("`disabled` can only be true; leave it out to keep the item"),
                )
        names = Counter(item.get(key) for item in items if isinstance(item, dict))
        for index, item in enumerate(items):
            if isinstance(item, dict) and names[item.get(key)] > 1:
                yield (
                    (block, index),
                    sayable(
                        "`%(name)s` stands in `%(block)s` more than once; keep one of them",
                        name=item.get(key),
                        block=block,
                    ),
                )
    levels = Counter(item["level"] for item in raw.get("escalation", []))
    for index, item in enumerate(raw.get("escalation", [])):
        if levels[item["level"]] > 1:
            yield (
                ("escalation", index),
                sayable(
                    "level %(level)s stands in `escalation` more than once; number it anew",
                    level=item["level"],
                ),
            )


def _code_problems(raw: Any) -> Found:
    for path, key, value in entries(raw):
        if key not in _CODES:
            continue
        what, known = _CODES[key]
        for code in value if isinstance(value, list | dict) else [value]:
            if isinstance(code, str) and code not in known:
                yield (
                    path,
                    sayable(
                        "there is no %(what)s `%(code)s`; use one listed in docs/policy-packs.md",
                        what=what,
                        code=code[:60],
                    ),
                )
            elif not isinstance(code, str):
                yield (
                    path,
                    sayable(
                        "`%(key)s` takes the code of a %(what)s, not %(code)s",
                        key=key,
                        what=what,
                        code=str(code)[:40],
                    ),
                )


def _duration_problems(raw: Any) -> Found:
    for path, key, value in entries(raw):
        if isinstance(value, dict) and (
            "unit" in value or key in ("duration", "max_pause", "max_dwell", "to", "adds")
        ):
            try:
                duration = Duration.from_data(value)
            except BadTime as problem:
                yield path, problem.args[0]
                continue
            if key == "max_pause" and duration.unit != "calendar_days":
                yield path, sayable("`max_pause` is counted in calendar_days")


def _scope_problems(raw: Mapping[str, Any]) -> Found:
    criticality = raw.get("criticality", {})
    for key in ("scope_question", "scope_effect"):
        asked = criticality.get(key)
        if asked is None:
            continue
        found = asked.get("values") if key == "scope_question" and isinstance(asked, dict) else asked
        if not isinstance(found, list | dict) or set(found) != set(words.SCOPES):
            yield (
                ("criticality", key),
                sayable(
                    "it must name each of the scopes %(known)s, and no other", known=", ".join(words.SCOPES)
                ),
            )


def _template_problems(raw: Mapping[str, Any]) -> Found:
    known = load_templates()
    name = raw["acknowledgement"]["template"]
    if name not in known.templates or known.templates[name].kind != "acknowledgement":
        acks = ", ".join(each.id for each in known.templates.values() if each.kind == "acknowledgement")
        yield (
            ("acknowledgement", "template"),
            sayable("`%(name)s` is no acknowledgement template; use one of %(known)s", name=name, known=acks),
        )
    for index, mention in enumerate(raw["mandatory_mentions"]):
        if (name := mention.get("template")) is not None and name not in known.fragments:
            where = ("mandatory_mentions", index, "template")
            yield (
                where,
                sayable(
                    "there is no template fragment `%(name)s`; use one of %(known)s",
                    name=name,
                    known=", ".join(known.fragments),
                ),
            )


def _deadline_problems(raw: Mapping[str, Any]) -> Found:
    for index, deadline in enumerate(raw["deadlines"]):
        here: Path = ("deadlines", index)
        for position, pause in enumerate(deadline.get("pause_when", [])):
            if not isinstance(pause, dict) or set(pause) != {"open", "close"}:
                yield (
                    (*here, "pause_when", position),
                    sayable("a pause is written {open: event word, close: event word}"),
                )
        days = [step["from_day"] for step in deadline.get("penalties", []) if "from_day" in step]
        if days and (days[0] != 1 or days != sorted(set(days))):
            yield (
                (*here, "penalties"),
                sayable("the steps must begin at day 1 and rise, not %(days)s", days=days),
            )
        if any(not 0 < fraction <= 1 for fraction in deadline.get("warn_at", [])):
            yield (*here, "warn_at"), sayable("warnings are fractions of the time, above 0 and up to 1")


def _review_date(raw: Mapping[str, Any]) -> Found:
    try:
        date.fromisoformat(raw["reviewed_on"])
    except ValueError:
        yield (
            ("reviewed_on",),
            sayable("“%(text)s” is no date; write it as 2026-11-21", text=raw["reviewed_on"][:40]),
        )


def _source_problems(raw: Any, resolved: Mapping[str, Any]) -> Found:
    for path, key, value in entries(raw):
        if key == "source" and isinstance(value, list):
            for source in value:
                if source not in resolved["sources"]:
                    yield (
                        path,
                        sayable("there is no source `%(name)s`; add it to `sources`", name=str(source)[:60]),
                    )


def _disabled_problems(raw: Mapping[str, Any], parent: Mapping[str, Any]) -> Found:
    for block, key in MERGED_BY.items():
        below = {item[key] for item in parent.get(block, [])}
        for index, item in enumerate(raw.get(block, [])):
            if item.get("disabled") and item[key] not in below:
                yield (
                    (block, index),
                    sayable(
                        "it disables `%(name)s`, which no extended pack has; remove the item", name=item[key]
                    ),
                )


def _timeline_problems(raw: Mapping[str, Any], resolved: Mapping[str, Any]) -> Found:
    known = {deadline["id"] for deadline in resolved["deadlines"]}
    for index, route in enumerate(raw["adr_routes"]):
        for position, step in enumerate(route.get("timeline", [])):
            if isinstance(step, dict) and "deadline" in step and step["deadline"] not in known:
                where = ("adr_routes", index, "timeline", position)
                yield (
                    where,
                    sayable(
                        "there is no deadline `%(name)s` in this pack; remove the step or add it",
                        name=step["deadline"],
                    ),
                )


def _criticality_problems(raw: Mapping[str, Any], resolved: Mapping[str, Any]) -> Found:
    levels = [level.get("id") for level in resolved.get("criticality", {}).get("levels", [])]
    for index, deadline in enumerate(raw["deadlines"]):
        given = deadline.get("duration_by_criticality")
        if given is None:
            continue
        where = ("deadlines", index, "duration_by_criticality")
        for level in given:
            if level not in levels:
                yield (
                    (*where, level),
                    sayable(
                        "there is no criticality `%(level)s`; use %(known)s",
                        level=level,
                        known=", ".join(map(str, levels)),
                    ),
                )
        if "duration" not in deadline and (missing := [str(level) for level in levels if level not in given]):
            yield (
                where,
                sayable(
                    "it has no duration for %(missing)s; add it, or a `duration` for the others",
                    missing=", ".join(missing),
                ),
            )


def _channel_problems(raw: Mapping[str, Any]) -> Found:
    for index, deadline in enumerate(raw["deadlines"]):
        for channel in deadline.get("duration_by_channel", ()):
            if channel not in words.CHANNELS:
                where = ("deadlines", index, "duration_by_channel", channel)
                yield (
                    where,
                    sayable(
                        "there is no channel `%(channel)s`; use %(known)s",
                        channel=channel,
                        known=", ".join(words.CHANNELS),
                    ),
                )


def _calendar_problems(resolved: Mapping[str, Any]) -> Found:
    try:
        calendar_from_data(resolved.get("calendar"))
    except BadTime as problem:
        yield ("calendar",), problem.args[0]
