"""Filling a template. No logic, and no value is ever read as template: a customer may write {{ as anyone may."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from .templates import (
    LANGUAGES,
    MANDATORY_MENTIONS,
    Block,
    FragmentSlot,
    Library,
    Part,
    Template,
    TemplateError,
    Variable,
    load_templates,
)

Values = Mapping[str, str | None]
_LONGEST: Final = 200_000
# Written to our own people or to everyone concerned: they quote no case and no signatory.
_WITHOUT_COMMON: Final = ("internal", "proactive_notice")
_HELD: Final = re.compile("\x00(\\d+)\x00")


class EmptyVariable(TemplateError):
    """Values are missing; `names` has them all, so that a form can ask for them at once."""

    def __init__(self, template: str, names: Sequence[str]) -> None:
        self.names = tuple(names)
        super().__init__(f"The message “{template}” cannot be written yet: fill in {', '.join(names)}.")


class MentionsNotPlaced(TemplateError):
    """The law asks for a mention and the template has no place for it."""

    def __init__(self, template: str, names: Sequence[str]) -> None:
        self.names = tuple(names)
        super().__init__(
            f"The message “{template}” has no place for {', '.join(names)}; add {{{{>mandatory_mentions}}}}."
        )


class Rendered(NamedTuple):
    subject: str
    body: str


def render(
    template_id: str,
    language: str,
    values: Values,
    *,
    mentions: Sequence[str] = (),
    library: Library | None = None,
) -> Rendered:
    """Fill a template.

    values    texts ready to be read: dates and amounts are already written in the reader's language
    mentions  ids of the fragments that `{{>mandatory_mentions}}` stands for, in order

    Raises EmptyVariable, MentionsNotPlaced, or TemplateError for an unknown template, language or mention.
    """
    library = library or load_templates()
    if template_id not in library.templates or language not in LANGUAGES:
        raise TemplateError(f"There is no template “{template_id[:60]}” in “{language[:10]}”.")
    template = library.templates[template_id]
    if unknown := [name for name in mentions if name not in library.fragments]:
        raise TemplateError(f"There is no template fragment “{unknown[0][:60]}”.")
    filling = _Filling(library, language, values, tuple(dict.fromkeys(mentions)))
    subject = filling.fill(template.subject[language])
    body = filling.fill(template.body[language])
    if missing := filling.missing(template):
        raise EmptyVariable(template_id, missing)
    if unplaced := [name for name in filling.mentions if name not in filling.placed]:
        raise MentionsNotPlaced(template_id, unplaced)
    # A line break in a subject would begin a new mail header.
    rendered = Rendered(re.sub(r"[\x00-\x1f\x7f\x85\u2028\u2029]+", " ", subject), body + "\n")
    if len(rendered.body) > _LONGEST:
        raise TemplateError(
            f"The message “{template_id}” is longer than {_LONGEST} characters; shorten its values."
        )
    return rendered


def render_fragment(name: str, language: str, values: Values, *, library: Library | None = None) -> str:
    """Fill one fragment by itself, to stand below words a person wrote. Raises EmptyVariable."""
    library = library or load_templates()
    filling = _Filling(library, language, values, ())
    text = filling.fill(library.fragments[name][language])
    if filling.empty:
        raise EmptyVariable(name, list(filling.empty))
    return text


class _Filling:
    def __init__(self, library: Library, language: str, values: Values, mentions: tuple[str, ...]) -> None:
        self.library, self.language, self.values, self.mentions = library, language, values, mentions
        self.empty: dict[str, None] = {}  # in the order met
        self.placed: set[str] = set()

    def fill(self, parts: tuple[Part, ...]) -> str:
        """The text; values are put in last, so that tidying and tags never touch them."""
        held: list[str] = []
        text = "".join(self._pieces(parts, held))
        text = re.sub(r"[ \t]+(?=\n|$)", "", text)
        text = re.sub(r"\n{3,}", "\n\n", text).strip()
        return _HELD.sub(lambda place: held[int(place[1])], text)

    def missing(self, template: Template) -> list[str]:
        common = () if template.kind in _WITHOUT_COMMON else self.library.common_required
        required = (name for name in (*template.required, *common) if not self._value(name))
        return list(dict.fromkeys((*required, *self.empty)))

    def _pieces(self, parts: tuple[Part, ...], held: list[str]) -> Iterator[str]:
        for part in parts:
            if isinstance(part, str):
                yield part
            elif isinstance(part, Variable):
                value = self._value(part.name)
                if not value:
                    self.empty[part.name] = None
                yield f"\x00{len(held)}\x00"
                held.append(value)
            elif isinstance(part, Block):
                if self._value(part.name):
                    yield from self._pieces(part.parts, held)
            else:
                yield from self._fragments(part, held)

    def _fragments(self, slot: FragmentSlot, held: list[str]) -> Iterator[str]:
        names = self.mentions if slot.name == MANDATORY_MENTIONS else (slot.name,)
        for index, name in enumerate(names):
            if index:
                yield "\n\n"
            self.placed.add(name)
            yield from self._pieces(self.library.fragments[name][self.language], held)

    def _value(self, name: str) -> str:
        """The variable, or what stands in for it while nobody has filled it."""
        if value := self._given(name):
            return value
        for fallback in self.library.fallbacks.get(name, ()):
            if fallback.use is not None:
                value = self._given(fallback.use)
            else:
                pieces = [
                    self._given(part.name) if isinstance(part, Variable) else str(part)
                    for part in fallback.texts[self.language]
                ]
                value = "".join(pieces) if all(pieces) else ""
            if value:
                return value
        return ""

    def _given(self, name: str) -> str:
        value = self.values.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise TypeError(
                f"The value of “{name}” must be written out as text before it is put in a message."
            )
        return value if value.strip() else ""
