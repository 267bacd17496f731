"""Every template compiles, names what exists, and holds nothing the content policy forbids.

python tools/lint_templates.py        one line for each fault"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "apaise" / "doors" / "templates"

FORBIDDEN = [
    (re.compile(r"<style\b", re.I), "no inline style: put it in a stylesheet, with tokens"),
    (re.compile(r"\sstyle\s*=", re.I), "no style attribute: put it in a stylesheet, with tokens"),
    (re.compile(r"<script\b(?![^>]*\bsrc=)", re.I), "no inline script: put it in a file"),
    (re.compile(r"\son[a-z]+\s*=\s*[\"']", re.I), "no event attribute: listen in a script"),
    (re.compile(r"\bhx-on\b|[\"']js:|\bjavascript:", re.I), "htmx must not be given code"),
    (
        re.compile(r"(?<![\"'\s])\s*\|\s*safe\b"),
        "no |safe but on a literal: text that is HTML is made Markup where it is cleaned",
    ),
    (
        re.compile(r"(?:src|action|<link\b[^>]*href)\s*=\s*[\"'](?:https?:)?//", re.I),
        "nothing is fetched from, or sent to, elsewhere",
    ),
    (re.compile(r"\{%-?\s*autoescape\s+false"), "escaping is never switched off"),
]
POST_FORM = re.compile(r"<form\b[^>]*method\s*=\s*[\"']?post.*?</form>", re.I | re.S)
CARRIES_THE_TOKEN = ("csrf_input", "caller()", "hidden()")  # hidden(): a page's own macro that holds it
COMMENT = re.compile(r"\{#.*?#\}", re.S)


def faults() -> list[str]:
    """What is wrong, one line each: path:line: what and what to do."""
    return [
        f"{path.relative_to(ROOT).as_posix()}:{line}: {what}"
        for path in _files()
        for line, what in _faults(path)
    ]


def _files() -> list[Path]:
    return sorted(path for path in TEMPLATES.rglob("*") if path.suffix in (".html", ".txt"))


def _faults(path: Path) -> Iterator[tuple[int, str]]:
    text = COMMENT.sub(lambda found: "\n" * found.group().count("\n"), path.read_text(encoding="utf-8"))
    mail = "mail" in path.parts  # readers of mail know no stylesheets
    for pattern, why in FORBIDDEN:
        if mail and "style" in why:
            continue
        for found in pattern.finditer(text):
            yield _line(text, found.start()), why
    specimen = "style_guide" in path.parts  # its forms go nowhere
    for found in () if specimen else POST_FORM.finditer(text):
        if not any(word in found.group() for word in CARRIES_THE_TOKEN):
            yield _line(text, found.start()), "a form that posts needs {{ csrf_input }}"
    yield from _broken(path, text)


def _broken(path: Path, text: str) -> Iterator[tuple[int, str]]:
    from django.conf import settings
    from django.template import engines
    from jinja2 import TemplateSyntaxError, nodes
    from jinja2.meta import find_referenced_templates

    env = engines["jinja2"].env
    try:
        parsed = env.parse(text)
        env.compile(text, path.name, str(path))
    except TemplateSyntaxError as problem:  # an unknown filter is one, too
        yield problem.lineno, str(problem.message)
        return
    for name in find_referenced_templates(parsed):
        if name and not (TEMPLATES / name).is_file():
            yield 1, f"there is no template {name}"
    for call in parsed.find_all(nodes.Call):
        if not (isinstance(call.node, nodes.Name) and call.args and isinstance(call.args[0], nodes.Const)):
            continue
        name = str(call.args[0].value)
        if call.node.name == "static" and not (Path(settings.STATIC_ROOT) / name).is_file():
            yield call.lineno, f"there is no static file {name}"
        if call.node.name == "url" and name not in _addresses():
            yield call.lineno, f"there is no address named {name}"


def _addresses() -> set[str]:
    from django.urls import get_resolver

    def names(resolver: object, prefix: str = "") -> Iterator[str]:
        for pattern in resolver.url_patterns:  # type: ignore[attr-defined]
            if hasattr(pattern, "url_patterns"):
                yield from names(pattern, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix)
            elif pattern.name:
                yield f"{prefix}{pattern.name}"

    return set(names(get_resolver()))


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1


def main() -> int:
    sys.path.insert(0, str(ROOT))
    from apaise.config.start import start_django

    start_django()
    found = faults()
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
