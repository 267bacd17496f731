"""What makes a condition of a pack wrong."""

from collections.abc import Iterator
from typing import Any, Final

from apaise.lib.working_time import BadTime, Duration

from .predicate import OPERATORS
from .vocabulary import FACT_VALUES, FACTS
from .yaml_lines import Path

Found = Iterator[tuple[Path, str]]
_SHAPE: Final = (
    "a condition is {all: […]}, {any: […]}, {not: {…}}, {always: true} or {fact: …, one operator: …}"
)


def predicate_problems(node: Any, path: Path = ()) -> Found:
    """Problems of every condition below a node: the values of `when`, `applies_when`, `closes_when` and their kin."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "when" or (key.endswith("_when") and key != "pause_when"):
                yield from _condition(value, (*path, key))
            else:
                yield from predicate_problems(value, (*path, key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from predicate_problems(value, (*path, index))


def _condition(node: Any, path: Path) -> Found:
    if not isinstance(node, dict):
        yield path, f"{_SHAPE}, not “{str(node)[:40]}”"
    elif "fact" in node:
        yield from _leaf(node, path)
    elif len(node) != 1 or next(iter(node)) not in ("all", "any", "not", "always"):
        yield path, f"{_SHAPE}, not a map of {', '.join(map(str, node)) or 'nothing'}"
    elif "always" in node:
        if node["always"] is not True:
            yield path, "`always` can only be true; for never, leave the rule out"
    elif "not" in node:
        yield from _condition(node["not"], (*path, "not"))
    else:
        key = next(iter(node))
        if not isinstance(node[key], list):
            yield (*path, key), f"`{key}` takes a list of conditions; put them in […]"
            return
        for index, part in enumerate(node[key]):
            yield from _condition(part, (*path, key, index))


def _leaf(node: dict[str, Any], path: Path) -> Found:
    fact, operators = node["fact"], [key for key in node if key != "fact"]
    if fact not in FACTS:
        yield path, f"there is no fact `{str(fact)[:60]}`; use one of docs/policy-packs.md, “Fact vocabulary”"
    if len(operators) != 1 or operators[0] not in OPERATORS:
        yield path, f"a fact takes exactly one operator of {', '.join(OPERATORS)}"
        return
    op, value = operators[0], node[operators[0]]
    if op == "exists" and not isinstance(value, bool):
        yield path, "`exists` is true or false"
    elif op in ("in", "not_in") and not isinstance(value, list):
        yield path, f"`{op}` takes a list of values; put them in […]"
    elif op in ("lt", "lte", "gt", "gte") and (isinstance(value, bool) or not isinstance(value, int | float)):
        yield path, f"`{op}` takes a number, not “{str(value)[:40]}”"
    elif op in ("older_than", "younger_than"):
        try:
            Duration.from_data(value)
        except BadTime as problem:
            yield (*path, op), f"{problem}"
    elif op in ("eq", "ne", "in", "not_in"):
        yield from _values(fact, value if isinstance(value, list) else [value], path)


def _values(fact: str, values: list[Any], path: Path) -> Found:
    known = FACT_VALUES.get(fact)
    for value in values:
        if known and value is not None and value not in known:
            yield path, f"`{fact}` is never “{str(value)[:40]}”; use one of {', '.join(known)}"
