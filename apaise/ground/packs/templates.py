"""The templates of our messages, parsed: text, variables, blocks shown when a variable has a value, fragments."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final

import yaml

from . import DATA

LANGUAGES: Final = ("fr", "en")
MANDATORY_MENTIONS: Final = "mandatory_mentions"
_TAG: Final = re.compile(r"\{\{([#/>]?)([A-Za-z_][\w.]*)\}\}")
_LONGEST: Final = 20_000
_DEEPEST: Final = 4


class TemplateError(ValueError):
    """A template that cannot be read or filled, in one line for a person."""


@dataclass(frozen=True, slots=True)
class Variable:
    name: str


@dataclass(frozen=True, slots=True)
class FragmentSlot:
    name: str


@dataclass(frozen=True, slots=True)
class Block:
    """Shown when the variable of its name has a value."""

    name: str
    parts: tuple["Part", ...]


Part = str | Variable | FragmentSlot | Block


@dataclass(frozen=True, slots=True)
class Template:
    id: str
    kind: str
    outcome: str | None
    required: tuple[str, ...]
    approval: Mapping[str, Any] | None
    subject: Mapping[str, tuple[Part, ...]]  # by language
    body: Mapping[str, tuple[Part, ...]]


@dataclass(frozen=True, slots=True)
class Fallback:
    """What stands in for a variable nobody has filled yet: another variable, or a text around others."""

    use: str | None
    texts: Mapping[str, tuple[Part, ...]]


@dataclass(frozen=True, slots=True)
class Library:
    templates: Mapping[str, Template]
    fragments: Mapping[str, Mapping[str, tuple[Part, ...]]]  # by id, then by language
    fallbacks: Mapping[str, tuple[Fallback, ...]]
    common_required: tuple[str, ...]


@lru_cache(maxsize=1)
def load_templates() -> Library:
    """The templates we ship."""
    return read_library(
        yaml.load((DATA / "templates.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    )


def read_library(data: Mapping[str, Any]) -> Library:
    """Parse everything at once, so that no template fails for the first time in front of a customer."""
    fragments = {each["id"]: _by_language(each, each["id"]) for each in data["fragments"]}
    for name, texts in fragments.items():
        for parts in texts.values():
            for slot in _slots(parts):
                raise TemplateError(f"The fragment “{name}” includes “{slot}”; a fragment includes no other.")
    templates = {each["id"]: _template(each) for each in data["templates"]}
    for template in templates.values():
        for texts in (template.subject, template.body):
            for slot in (slot for parts in texts.values() for slot in _slots(parts)):
                if slot not in fragments and slot != MANDATORY_MENTIONS:
                    raise TemplateError(
                        f"The template “{template.id}” includes “{slot}”, which does not exist."
                    )
    return Library(
        MappingProxyType(templates),
        MappingProxyType(fragments),
        MappingProxyType({name: tuple(map(_fallback, rules)) for name, rules in data["fallbacks"].items()}),
        tuple(data["common_required"]),
    )


def parse(text: str, name: str) -> tuple[Part, ...]:
    """Raises TemplateError for a tag that is unknown, unclosed or closed elsewhere than it was opened."""
    if len(text) > _LONGEST:
        raise TemplateError(f"The template “{name}” is longer than {_LONGEST} characters; split it.")
    open_blocks: list[tuple[str, list[Part]]] = [("", [])]
    at = 0
    for tag in _TAG.finditer(text):
        _add_text(open_blocks[-1][1], text[at : tag.start()], name)
        at = tag.end()
        sign, word = tag.groups()
        if sign == "#":
            open_blocks.append((word, []))
            if len(open_blocks) > _DEEPEST:
                raise TemplateError(f"The template “{name}” nests its blocks too deeply; make it flatter.")
        elif sign == "/":
            opened, parts = open_blocks.pop()
            if opened != word or not open_blocks:
                raise TemplateError(f"The template “{name}” closes “{word}”, which is not the open block.")
            open_blocks[-1][1].append(Block(word, tuple(parts)))
        else:
            open_blocks[-1][1].append(FragmentSlot(word) if sign == ">" else Variable(word))
    _add_text(open_blocks[-1][1], text[at:], name)
    if len(open_blocks) > 1:
        raise TemplateError(f"The template “{name}” never closes “{open_blocks[-1][0]}”.")
    return tuple(open_blocks[0][1])


def _add_text(parts: list[Part], text: str, name: str) -> None:
    if "{{" in text or "}}" in text:
        raise TemplateError(
            f"The template “{name}” has a tag that cannot be read near “{text.strip()[:40]}”."
        )
    if text:
        parts.append(text)


def _slots(parts: tuple[Part, ...]) -> Iterator[str]:
    for part in parts:
        if isinstance(part, FragmentSlot):
            yield part.name
        elif isinstance(part, Block):
            yield from _slots(part.parts)


def _template(data: Mapping[str, Any]) -> Template:
    name = data["id"]
    texts = {language: data[language] for language in LANGUAGES}
    return Template(
        id=name,
        kind=data["kind"],
        outcome=data.get("outcome"),
        required=tuple(data["required"]),
        approval=data.get("approval"),
        subject={language: parse(text["subject"], name) for language, text in texts.items()},
        body={language: parse(text["body"], name) for language, text in texts.items()},
    )


def _by_language(data: Mapping[str, Any], name: str) -> Mapping[str, tuple[Part, ...]]:
    return {language: parse(data[language], name) for language in LANGUAGES}


def _fallback(data: Mapping[str, Any]) -> Fallback:
    name = f"fallback {data['when']}"
    texts = {} if "use" in data else _by_language(data, name)
    if any(not isinstance(part, str | Variable) for parts in texts.values() for part in parts):
        raise TemplateError(f"The {name} may hold text and variables only.")
    return Fallback(data.get("use"), texts)
