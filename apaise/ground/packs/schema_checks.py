"""The shape of a pack against policy-pack.schema.json, told in plain words."""

import json
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

from apaise.lib.sayable import either, sayable

from . import DATA
from .yaml_lines import Path

_TYPES: Final = {
    "object": sayable("a map"),
    "array": sayable("a list"),
    "string": sayable("a text"),
    "integer": sayable("a whole number"),
    "number": sayable("a number"),
    "boolean": sayable("true or false"),
    "null": sayable("empty"),
}


def schema_problems(raw: Any) -> Iterator[tuple[Path, str]]:
    # A map that lacks three keys is three errors, each of which names all three.
    found = (problem for error in _validator().iter_errors(raw) for problem in _in_words(_innermost(error)))
    yield from dict.fromkeys(found)


@lru_cache(maxsize=1)
def _validator() -> Any:
    import jsonschema

    schema = json.loads((DATA / "policy-pack.schema.json").read_text(encoding="utf-8"))
    # Conditions have a check of their own: five shapes under `oneOf` give errors nobody understands.
    schema["$defs"]["predicate"] = {}
    return jsonschema.Draft202012Validator(schema)


def _innermost(error: Any) -> Any:
    """Of alternatives that all fail, the one the writer came nearest to."""
    import jsonschema

    while error.context and error.validator != "anyOf":
        error = jsonschema.exceptions.best_match(error.context)
    return error


def _in_words(error: Any) -> Iterator[tuple[Path, str]]:
    path: Path = tuple(error.absolute_path)
    rule, value = error.validator, error.validator_value
    shown = f"“{str(error.instance)[:40]}”"
    if rule == "required":
        for key in value:
            if key not in error.instance:
                yield path, sayable("`%(key)s` is missing; add it", key=key)
    elif rule == "additionalProperties":
        known = ", ".join(error.schema.get("properties", {}))
        for key in error.instance:
            if key not in error.schema.get("properties", {}):
                yield (
                    (*path, key),
                    sayable("there is no key `%(key)s` here; use one of %(known)s", key=key, known=known),
                )
    elif rule in ("enum", "const"):
        allowed = value if rule == "enum" else [value]
        yield (
            path,
            sayable("%(text)s is not allowed; use %(known)s", text=shown, known=either([*map(str, allowed)])),
        )
    elif rule == "type":
        kinds = value if isinstance(value, list) else [value]
        yield (
            path,
            sayable("%(text)s must be %(known)s", text=shown, known=either([_TYPES[kind] for kind in kinds])),
        )
    elif rule in ("minimum", "exclusiveMinimum"):
        yield path, sayable("%(text)s is too small; it begins at %(value)s", text=shown, value=value)
    elif rule == "minLength":
        yield path, sayable("the text is empty; write it")
    elif rule == "anyOf":
        yield path, sayable("it needs `duration` or `duration_by_criticality`")
    elif rule == "pattern":
        yield path, sayable("%(text)s may only have small letters, digits and hyphens", text=shown)
    else:
        yield path, str(error.message)[:160].replace("\n", " ")
