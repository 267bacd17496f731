"""Words written before anybody knows who reads them: English as they stand, and said in another language later.

For rules that a command checks without Django and a page shows to a person. The catalogue is the one of the pages."""

import os
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from gettext import NullTranslations

_LOCALE: Final = Path(__file__).resolve().parent.parent / "locale"


class Sayable(str):
    """English words that know how they were put together. Anything that takes a text takes them."""

    template: str
    values: Mapping[str, Any]


def sayable(template: str, /, **values: Any) -> Sayable:
    """`sayable("there is no fact `%(fact)s`", fact=name)`. The catalogue has the template; a value may be sayable too."""
    words = Sayable(template % values if values else template)
    words.template, words.values = template, values
    return words


def either(choices: list[str]) -> str:
    """The one or the other, each of which may be sayable."""
    first, *others = choices
    for other in others:
        first = sayable("%(one)s or %(other)s", one=first, other=other)
    return first


def said(words: str, language: str) -> str:
    """These words in a language; as they are where the catalogue does not know them."""
    if not isinstance(words, Sayable):
        return str(words)
    template = _catalogue(language).gettext(words.template)
    if not words.values:
        return template
    return template % {
        name: said(value, language) if isinstance(value, str) else value
        for name, value in words.values.items()
    }


def terminal_language(environment: Mapping[str, str] = os.environ) -> str:
    """The language a terminal asks for, of the two we have."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if asked := environment.get(name):
            return "fr" if asked.lower().startswith("fr") else "en"
    return "en"


@lru_cache(maxsize=4)
def _catalogue(language: str) -> "NullTranslations":
    import gettext  # most runs of a command say nothing in another language

    return gettext.translation("django", _LOCALE, [language], fallback=True)
