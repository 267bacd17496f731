"""Our own suite of replies, half of which was held back while the rules were made; see reply_suite."""

import pytest

from apaise.lib.mime import read
from apaise.lib.mime.tests.mails import html
from apaise.lib.mime.tests.reply_suite import FOLDER, cases, words_of

CASES = cases()
LANGUAGES = sorted({case.language for case in CASES})


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_writers_own_words_are_kept_and_nothing_else(language):
    mine = [case for case in CASES if case.language == language]
    assert mine
    assert [case.name for case in mine if not case.is_right()] == []


def test_the_suite_holds_what_it_should():
    whole = {case.text for case in CASES if case.client.startswith("whole")}
    assert len(CASES) >= 300 and len(whole) >= 100
    assert 0.4 < sum(case.held for case in CASES) / len(CASES) < 0.6


PAGES = [
    section.split("\n", 2)
    for section in FOLDER.joinpath("html.txt").read_text(encoding="utf-8").split("\n## ")[1:]
]


@pytest.mark.parametrize(("page", "kept"), [page[1:] for page in PAGES], ids=[page[0] for page in PAGES])
def test_what_programs_mark_in_html_is_left_out(page, kept):
    found = read(html(page, subject="Re: x"))
    assert words_of(found.new_text) == words_of(found.text if kept.strip() == "=" else kept)
