"""Every address of the site, how to make a real one, and what a good form would send there."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

from . import ways_from_outside, ways_of_cases, ways_of_people, ways_of_the_house
from .ways import Way
from .world import LINKS, RELATIONS

WAYS: dict[str, Way] = {
    **ways_of_cases.WAYS,
    **ways_of_people.WAYS,
    **ways_of_the_house.WAYS,
    **ways_from_outside.WAYS,
}


def names() -> list[str]:
    """The names of all addresses, as the resolver knows them."""
    return sorted(_names(get_resolver().url_patterns, ""))


def _names(patterns: list[URLPattern | URLResolver], prefix: str) -> Iterator[str]:
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from _names(one.url_patterns, f"{prefix}{one.namespace}:" if one.namespace else prefix)
        else:
            yield f"{prefix}{one.name}" if one.name else f"{prefix}({one.pattern})"


def relations_of(name: str) -> tuple[str, ...]:
    """Which relations make a difference at this address."""
    if name.startswith("tracking"):
        return LINKS
    way = WAYS[name]
    return RELATIONS if way.stage else ("any",)
