"""The shape of a pack against policy-pack.schema.json, told in plain words."""

import json
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

from . import DATA
from .yaml_lines import Path

_TYPES: Final = {
    "object": "a map",
    "array": "a list",
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "empty",
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
                yield path, f"`{key}` is missing; add it"
    elif rule == "additionalProperties":
        known = ", ".join(error.schema.get("properties", {}))
        for key in error.instance:
            if key not in error.schema.get("properties", {}):
                yield (*path, key), f"there is no key `{key}` here; use one of {known}"
    elif rule in ("enum", "const"):
        allowed = value if rule == "enum" else [value]
        yield path, f"{shown} is not allowed; use {' or '.join(map(str, allowed))}"
    elif rule == "type":
        kinds = value if isinstance(value, list) else [value]
        yield path, f"{shown} must be {' or '.join(_TYPES[kind] for kind in kinds)}"
    elif rule in ("minimum", "exclusiveMinimum"):
        yield path, f"{shown} is too small; it begins at {value}"
    elif rule == "anyOf":
        yield path, "it needs `duration` or `duration_by_criticality`"
    elif rule == "pattern":
        yield path, f"{shown} may only have small letters, digits and hyphens"
    else:
        yield path, str(error.message)[:160].replace("\n", " ")
