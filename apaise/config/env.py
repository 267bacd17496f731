"""Typed readers of the environment. Every setting NAME may also be given as NAME_FILE, a file that holds it."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar
from urllib.parse import urlsplit

T = TypeVar("T")


class BadSetting(Exception):
    """A setting that cannot be used; the text says which, why and what to write instead."""


class Known(NamedTuple):
    """One setting as the documentation lists it."""

    name: str
    default: str
    about: str


KNOWN: dict[str, Known] = {}


def text(name: str, default: str = "", *, about: str) -> str:
    """The setting as text; NAME_FILE wins over NAME, so that secrets need not stand in the environment."""
    KNOWN[name] = Known(name, default, about)
    return given(name, default)


def given(name: str, default: str = "") -> str:
    """What stands in the environment, or in the file it names."""
    if path := os.environ.get(f"{name}_FILE"):
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as problem:
            why = problem.strerror if isinstance(problem, OSError) else "it is not UTF-8 text"
            raise BadSetting(f"{name}_FILE points to {path}, which cannot be read: {why}.") from problem
    return os.environ.get(name, default).strip()


def number(name: str, default: int, *, about: str, least: int = 0) -> int:
    """A whole number, not below `least`."""
    return _read(
        name, str(default), about, lambda raw: _at_least(int(raw), least), f"a whole number from {least}"
    )


def flag(name: str, default: bool, *, about: str) -> bool:
    """yes/no, true/false, on/off, 1/0."""
    words = {
        "yes": True,
        "true": True,
        "on": True,
        "1": True,
        "no": False,
        "false": False,
        "off": False,
        "0": False,
    }
    return _read(name, "yes" if default else "no", about, lambda raw: words[raw.lower()], "yes or no")


def one_of(name: str, choices: Sequence[str], *, about: str) -> str:
    """One of these words; the first is the default."""
    return _read(
        name, choices[0], about, lambda raw: choices[choices.index(raw.lower())], " or ".join(choices)
    )


def url(name: str, schemes: Sequence[str], looks: str, *, default: str = "", about: str) -> str:
    """An address with one of these schemes and a host, or nothing if that is the default."""

    def parse(raw: str) -> str:
        parts = urlsplit(raw)
        if parts.port == 0 or parts.scheme not in schemes or not parts.hostname:
            raise ValueError(raw)
        return raw

    raw = text(name, default, about=about) or default
    try:
        return parse(raw) if raw else ""
    except ValueError as problem:  # not shown: it may hold a password
        raise BadSetting(f"{name} cannot be used; it must look like {looks}.") from problem


def place(name: str, parse: Callable[[str], object], looks: str, *, about: str) -> str:
    """An address of a form of its own, which `parse` raises ValueError for; or nothing."""
    raw = text(name, about=about)
    if raw:
        _read(name, "", about, parse, looks)
    return raw


def addresses(name: str, *, about: str) -> list[str]:
    """Mail addresses, separated by commas or spaces."""
    found = words(name, about=about)
    for address in found:
        local, _at, domain = address.rpartition("@")
        if not local or not domain or "@" in local:
            raise BadSetting(f"{name} has “{address}”; a mail address looks like complaints@example.org.")
    return found


def after_fetching(name: str, *, about: str) -> str:
    """What becomes of a fetched mail: seen, delete or move:Folder."""

    def parse(raw: str) -> str:
        word, colon, folder = raw.partition(":")
        if (word, bool(colon)) not in (("seen", False), ("delete", False), ("move", True)):
            raise ValueError(raw)
        if colon and not folder.strip():
            raise ValueError(raw)
        return f"move:{folder.strip()}" if colon else word

    return _read(name, "seen", about, parse, "seen, delete or move:Folder")


def words(name: str, default: str = "", *, about: str) -> list[str]:
    """A list, separated by commas or spaces."""
    return text(name, default, about=about).replace(",", " ").split()


def _read(name: str, default: str, about: str, parse: Callable[[str], T], wanted: str) -> T:
    raw = text(name, default, about=about) or default
    try:
        return parse(raw)
    except (ValueError, KeyError) as problem:
        raise BadSetting(f"{name} is “{raw}”; it must be {wanted}.") from problem


def _at_least(value: int, least: int) -> int:
    if value < least:
        raise ValueError(value)
    return value
