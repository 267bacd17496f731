"""What every template must keep to, and a style guide that shows every piece there is."""

import re
from pathlib import Path

import pytest
from django.utils import translation

from apaise.doors.workspace.style_guide import style_guide_page

TEMPLATES = Path(__file__).parent.parent / "templates"
ALL = sorted(TEMPLATES.rglob("*.html"))
UI = sorted((TEMPLATES / "ui").glob("[!_]*.html"))
GUIDE = "".join(
    path.read_text(encoding="utf-8")
    for path in [
        TEMPLATES / "workspace/style_guide.html",
        *(TEMPLATES / "workspace/style_guide").glob("*.html"),
    ]
)
SYMBOLS = set(
    re.findall(r'<symbol id="i-([\w-]+)"', (TEMPLATES / "ui/_sprite.html").read_text(encoding="utf-8"))
)


def name(path: Path) -> str:
    return path.relative_to(TEMPLATES).as_posix()


def markup(path: Path) -> str:
    return re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)


@pytest.mark.parametrize("path", ALL, ids=name)
def test_no_inline_style_or_script(path):
    page = markup(path)
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    assert not re.search(r"\son\w+\s*=|\shx-on|javascript:|\"on\w+\":", page)
    if not name(path).startswith("mail/"):  # mail programs read nothing else
        assert not re.search(r"<style|\sstyle\s*=|\"style\":", page)


@pytest.mark.parametrize("path", ALL, ids=name)
def test_it_compiles(path, jinja):
    assert jinja.get_template(name(path))


@pytest.mark.parametrize("path", UI, ids=name)
def test_each_macro_says_what_it_needs_and_is_shown_in_the_style_guide(path):
    source = path.read_text(encoding="utf-8")
    macros = re.findall(r"\{% macro (\w+)\(", source)
    for macro in macros:
        if macro.startswith("_"):
            continue
        assert re.search(rf"\b{macro}\(", GUIDE), f"{macro} is not shown"
        assert re.search(rf"\{{# (?:[^#]*\n)?{macro}:", source), f"{macro} has no comment"


def test_each_sign_asked_for_exists_and_each_existing_one_is_shown():
    for path in ALL:
        page = markup(path)
        asked = re.findall(
            r'\bicon\("([\w-]+)"|icon_name="([\w-]+)"|"icon": "([\w-]+)"|href="#i-([\w-]+)"', page
        )
        assert {sign for found in asked for sign in found if sign} <= SYMBOLS, name(path)
    [shown] = re.findall(r"for name in \[([^\]]+)\]", GUIDE)
    assert set(re.findall(r'"([\w-]+)"', shown)) == SYMBOLS


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_style_guide_is_whole_in_both_languages(jinja, language):
    with translation.override(language):
        page = jinja.get_template("workspace/style_guide.html").render(style_guide_page(language))
    assert f'<html lang="{language}">' in page
    assert {"fr": "Relire et envoyer", "en": "Review and send"}[language] in page
    assert page.rstrip().endswith("</html>")
    identifiers = re.findall(r'\sid="([^"]+)"', page)
    assert sorted(identifiers) == sorted(set(identifiers)), "an id is given twice"
    for wanted in re.findall(
        r'\s(?:for|aria-labelledby|aria-describedby|data-shows|data-opens)="([^"]+)"', page
    ):
        assert set(wanted.split()) <= set(identifiers), wanted


def test_a_spark_draws_its_levels(jinja):
    draw = jinja.from_string(
        '{% from "ui/temperature.html" import spark, temperature_words %}{{ spark(levels) }}|{{ temperature_words(levels) }}'
    )
    with translation.override("en"):
        page = draw.render(levels=[1, 3, 3, 1])
    assert 'd="M2 10C8.6 10 8.6 2 15.3 2C22.0 2 22.0 2 28.7 2C35.3 2 35.3 10 42.0 10"' in page
    assert 'data-temp="1" cx="42" cy="10"' in page
    assert page.endswith("|annoyed, falling")


def test_a_clock_never_shows_more_or_less_than_there_is(jinja):
    ring = jinja.from_string('{% from "ui/clock.html" import ring %}{{ ring(left, tone) }}')
    assert 'stroke-dasharray="0 100"' in ring.render(left=-4, tone=None)
    assert 'stroke-dasharray="100 100"' in ring.render(left=140, tone=None)
    assert 'stroke-dasharray="100 100"' in ring.render(left=12, tone="late")


def test_what_people_wrote_is_escaped_and_never_set_in_type(jinja):
    row = jinja.from_string('{% from "ui/list.html" import row %}{{ row(case) }}')
    case = {
        "reference": "R-1",
        "href": "/",
        "customer": "<b>Bob",
        "channel": {"icon": "mail", "words": "E-mail"},
        "title": "It's",
        "quote": "<script>'oui' ?",
    }
    with translation.override("fr"):
        page = row.render(case=case)
    assert "<script>" not in page and "<b>Bob" not in page
    assert "&lt;script&gt;&#39;oui&#39; ?" in page


def test_the_letter_needs_little_and_takes_all(jinja):
    letter = jinja.get_template("mail/shell.html")
    least = letter.render(subject="S", brand="Tramontel", heading="H", paragraphs=["<p>"])
    assert "&lt;p&gt;" in least and "<p>" not in least
    full = letter.render(
        subject="S",
        brand="Tramontel",
        heading="H",
        paragraphs=[],
        preheader="Inès vous répond.",
        quoted={"title": "Compris", "paragraphs": ["a", "b"]},
        facts=[("Référence", "R-1")],
        button={"label": "Suivre", "url": "https://exemple.fr/?a=1&b=2"},
        footer=["Ce lien est le vôtre.", {"label": "Vos droits", "url": "https://exemple.fr/droits"}],
    )
    assert "https://exemple.fr/?a=1&amp;b=2" in full
    for word in ("Inès vous répond.", "Compris", "Référence", "Suivre", "Vos droits"):
        assert word in full
