"""Generated documents say what the code says, and every document leads somewhere."""

import re
import subprocess
import sys

from tests.house.source import ROOT

LOCAL = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")


def test_the_page_of_settings_is_what_the_readers_say():
    # In a process of its own: this one has settings of its own.
    done = subprocess.run(
        [sys.executable, "tools/settings_doc.py"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_every_link_and_picture_of_a_document_is_there():
    documents = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("apaise/**/README.md")]
    links = {(page, to) for page in documents for to in LOCAL.findall(page.read_text(encoding="utf-8"))}
    assert len(links) > 10
    gone = [f"{page.relative_to(ROOT)}: {to}" for page, to in links if not (page.parent / to).exists()]
    assert sorted(gone) == []
