"""What makes a policy pack wrong. Every check yields where and what, in words for the person who wrote the pack."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

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
        ("role or function", _WHO),
    ),
    **dict.fromkeys(
        ("trigger", "open", "close", "stop_on", "until_first_of", "from"), ("event word", _EVENTS)
    ),
    **dict.fromkeys(("channels", "durable_medium_for"), ("channel", words.CHANNELS)),
    "on_breach": ("breach action", words.BREACH_ACTIONS),
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
                yield (block, index), f"an item of `{block}` needs its `{key}`"
            elif item.get("disabled") is False:
                yield (block, index, "disabled"), "`disabled` can only be true; leave it out to keep the item"
        names = Counter(item.get(key) for item in items if isinstance(item, dict))
        for index, item in enumerate(items):
            if isinstance(item, dict) and names[item.get(key)] > 1:
                yield (
                    (block, index),
                    f"`{item.get(key)}` stands in `{block}` more than once; keep one of them",
                )
    levels = Counter(item["level"] for item in raw.get("escalation", []))
    for index, item in enumerate(raw.get("escalation", [])):
        if levels[item["level"]] > 1:
            yield (
                ("escalation", index),
                f"level {item['level']} stands in `escalation` more than once; number it anew",
            )


def _code_problems(raw: Any) -> Found:
    for path, key, value in entries(raw):
        if key not in _CODES:
            continue
        what, known = _CODES[key]
        for code in value if isinstance(value, list | dict) else [value]:
            if isinstance(code, str) and code not in known:
                yield path, f"there is no {what} `{code[:60]}`; use one listed in docs/policy-packs.md"
            elif not isinstance(code, str):
                yield path, f"`{key}` takes the code of a {what}, not {str(code)[:40]}"


def _duration_problems(raw: Any) -> Found:
    for path, key, value in entries(raw):
        if isinstance(value, dict) and (
            "unit" in value or key in ("duration", "max_pause", "max_dwell", "to", "adds")
        ):
            try:
                duration = Duration.from_data(value)
            except BadTime as problem:
                yield path, f"{problem}"
                continue
            if key == "max_pause" and duration.unit != "calendar_days":
                yield path, "`max_pause` is counted in calendar_days"


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
                f"it must name each of the scopes {', '.join(words.SCOPES)}, and no other",
            )


def _template_problems(raw: Mapping[str, Any]) -> Found:
    known = load_templates()
    name = raw["acknowledgement"]["template"]
    if name not in known.templates or known.templates[name].kind != "acknowledgement":
        acks = ", ".join(each.id for each in known.templates.values() if each.kind == "acknowledgement")
        yield ("acknowledgement", "template"), f"`{name}` is no acknowledgement template; use one of {acks}"
    for index, mention in enumerate(raw["mandatory_mentions"]):
        if (name := mention.get("template")) is not None and name not in known.fragments:
            where = ("mandatory_mentions", index, "template")
            yield where, f"there is no template fragment `{name}`; use one of {', '.join(known.fragments)}"


def _deadline_problems(raw: Mapping[str, Any]) -> Found:
    for index, deadline in enumerate(raw["deadlines"]):
        here: Path = ("deadlines", index)
        for position, pause in enumerate(deadline.get("pause_when", [])):
            if not isinstance(pause, dict) or set(pause) != {"open", "close"}:
                yield (
                    (*here, "pause_when", position),
                    "a pause is written {open: event word, close: event word}",
                )
        days = [step["from_day"] for step in deadline.get("penalties", []) if "from_day" in step]
        if days and (days[0] != 1 or days != sorted(set(days))):
            yield (*here, "penalties"), f"the steps must begin at day 1 and rise, not {days}"
        if any(not 0 < fraction <= 1 for fraction in deadline.get("warn_at", [])):
            yield (*here, "warn_at"), "warnings are fractions of the time, above 0 and up to 1"


def _review_date(raw: Mapping[str, Any]) -> Found:
    try:
        date.fromisoformat(raw["reviewed_on"])
    except ValueError:
        yield ("reviewed_on",), f"“{raw['reviewed_on'][:40]}” is no date; write it as 2026-11-21"


def _source_problems(raw: Any, resolved: Mapping[str, Any]) -> Found:
    for path, key, value in entries(raw):
        if key == "source" and isinstance(value, list):
            for source in value:
                if source not in resolved["sources"]:
                    yield path, f"there is no source `{str(source)[:60]}`; add it to `sources`"


def _disabled_problems(raw: Mapping[str, Any], parent: Mapping[str, Any]) -> Found:
    for block, key in MERGED_BY.items():
        below = {item[key] for item in parent.get(block, [])}
        for index, item in enumerate(raw.get(block, [])):
            if item.get("disabled") and item[key] not in below:
                yield (
                    (block, index),
                    f"it disables `{item[key]}`, which no extended pack has; remove the item",
                )


def _timeline_problems(raw: Mapping[str, Any], resolved: Mapping[str, Any]) -> Found:
    known = {deadline["id"] for deadline in resolved["deadlines"]}
    for index, route in enumerate(raw["adr_routes"]):
        for position, step in enumerate(route.get("timeline", [])):
            if isinstance(step, dict) and "deadline" in step and step["deadline"] not in known:
                where = ("adr_routes", index, "timeline", position)
                yield (
                    where,
                    f"there is no deadline `{step['deadline']}` in this pack; remove the step or add it",
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
                yield (*where, level), f"there is no criticality `{level}`; use {', '.join(map(str, levels))}"
        if "duration" not in deadline and (missing := [str(level) for level in levels if level not in given]):
            yield (
                where,
                f"it has no duration for {', '.join(missing)}; add it, or a `duration` for the others",
            )


def _channel_problems(raw: Mapping[str, Any]) -> Found:
    for index, deadline in enumerate(raw["deadlines"]):
        for channel in deadline.get("duration_by_channel", ()):
            if channel not in words.CHANNELS:
                where = ("deadlines", index, "duration_by_channel", channel)
                yield where, f"there is no channel `{channel}`; use {', '.join(words.CHANNELS)}"


def _calendar_problems(resolved: Mapping[str, Any]) -> Found:
    try:
        calendar_from_data(resolved.get("calendar"))
    except BadTime as problem:
        yield ("calendar",), str(problem)
