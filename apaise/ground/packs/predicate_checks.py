"""What makes a condition of a pack wrong."""

from collections.abc import Iterator
from typing import Any, Final

from apaise.lib.sayable import sayable
from apaise.lib.working_time import BadTime, Duration

from .predicate import OPERATORS
from .vocabulary import FACT_VALUES, FACTS
from .yaml_lines import Path

Found = Iterator[tuple[Path, str]]
_SHAPE: Final = sayable(
    "a condition is %(shapes)s or %(fact)s",
    shapes="{all: […]}, {any: […]}, {not: {…}}, {always: true}",
    fact=sayable("{fact: …, one operator: …}"),
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
        yield path, sayable("%(shape)s, not “%(text)s”", shape=_SHAPE, text=str(node)[:40])
    elif "fact" in node:
        yield from _leaf(node, path)
    elif len(node) != 1 or next(iter(node)) not in ("all", "any", "not", "always"):
        yield (
            path,
            sayable(
                "%(shape)s, not a map of %(keys)s",
                shape=_SHAPE,
                keys=", ".join(map(str, node)) or sayable("nothing"),
            ),
        )
    elif "always" in node:
        if node["always"] is not True:
            yield path, sayable("`always` can only be true; for never, leave the rule out")
    elif "not" in node:
        yield from _condition(node["not"], (*path, "not"))
    else:
        key = next(iter(node))
        if not isinstance(node[key], list):
            yield (*path, key), sayable("`%(key)s` takes a list of conditions; put them in […]", key=key)
            return
        for index, part in enumerate(node[key]):
            yield from _condition(part, (*path, key, index))


def _leaf(node: dict[str, Any], path: Path) -> Found:
    fact, operators = node["fact"], [key for key in node if key != "fact"]
    if fact not in FACTS:
        yield (
            path,
            sayable(
                "there is no fact `%(fact)s`; use one of docs/policy-packs.md, “Fact vocabulary”",
                fact=str(fact)[:60],
            ),
        )
    if len(operators) != 1 or operators[0] not in OPERATORS:
        yield path, sayable("a fact takes exactly one operator of %(known)s", known=", ".join(OPERATORS))
        return
    op, value = operators[0], node[operators[0]]
    if op == "exists" and not isinstance(value, bool):
        yield path, sayable("`exists` is true or false")
    elif op in ("in", "not_in") and not isinstance(value, list):
        yield path, sayable("`%(operator)s` takes a list of values; put them in […]", operator=op)
    elif op in ("lt", "lte", "gt", "gte") and (isinstance(value, bool) or not isinstance(value, int | float)):
        yield (
            path,
            sayable("`%(operator)s` takes a number, not “%(text)s”", operator=op, text=str(value)[:40]),
        )
    elif op in ("older_than", "younger_than"):
        try:
            Duration.from_data(value)
        except BadTime as problem:
            yield (*path, op), problem.args[0]
    elif op in ("eq", "ne", "in", "not_in"):
        yield from _values(fact, value if isinstance(value, list) else [value], path)


def _values(fact: str, values: list[Any], path: Path) -> Found:
    known = FACT_VALUES.get(fact)
    for value in values:
        if known and value is not None and value not in known:
            yield (
                path,
                sayable(
                    "`%(fact)s` is never “%(text)s”; use one of %(known)s",
                    fact=fact,
                    text=str(value)[:40],
                    known=", ".join(known),
                ),
            )
