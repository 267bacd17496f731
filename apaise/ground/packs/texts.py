"""The both-languages rule: whatever a person may read exists in French and in English."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from apaise.lib.sayable import sayable

from .yaml_lines import Path

# Never shown as text: match patterns, formulas, proper names.
_NOT_TEXT: Final = {
    *("kw", "formula", "detect_fr", "detect_en", "signals_fr", "signals_en", "markers_fr", "markers_en"),
    *("name", "when", "version", "unless"),
}
# Always shown: must be a map with both languages even when it is one word.
_TEXT: Final = {
    *(
        "label",
        "title",
        "opening",
        "stated_want",
        "line",
        "calm",
        "tense",
        "angry",
        "furious",
        "context",
        "style",
    ),
    *(
        "facts_for_agent",
        "checkpoints",
        "checkpoint",
        "fail",
        "debrief",
        "detect",
        "result",
        "note",
        "ref",
        "guard",
    ),
    *("evidence", "produces", "allow_if", "anti", "why", "better", "how", "first_move", "agent_goal"),
    *(
        "exit_criteria",
        "sample",
        "script",
        "nickname",
        "disclaimer",
        "suspends_limitation",
        "opens",
        "closes",
    ),
    *("cost", "effect", "next_steps", "rules", "reason"),
}


def text_problems(node: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Every text without both languages, and where it is."""
    if isinstance(node, dict):
        yield from _map_problems(node, path)
        for key, value in node.items():
            if key not in ("fr", "en"):
                yield from text_problems(value, (*path, key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from text_problems(value, (*path, index))
    elif isinstance(node, str):
        key = next((part for part in reversed(path) if isinstance(part, str)), "")
        if key not in _NOT_TEXT and (key in _TEXT or " " in node.strip()):
            yield (
                path,
                sayable(
                    "the text “%(text)s” has no languages; write %(example)s",
                    text=node[:50],
                    example="{fr: …, en: …}",
                ),
            )


def _map_problems(texts: Mapping[str, Any], path: Path) -> Iterator[tuple[Path, str]]:
    if ("fr" in texts) != ("en" in texts):
        yield (
            path,
            sayable(
                "the text is in one language only; add `%(language)s`",
                language="en" if "fr" in texts else "fr",
            ),
        )
        return
    for language in ("fr", "en"):
        if language in texts and not texts[language]:
            yield (*path, language), sayable("the text `%(language)s` is empty; write it", language=language)
    french, english = texts.get("fr"), texts.get("en")
    if isinstance(french, str) and french == english and len(french.split()) > 3:
        yield path, sayable("both languages say the same, “%(text)s”; translate one", text=french[:40])
