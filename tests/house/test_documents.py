"""Generated documents say what the code says."""

import subprocess
import sys

from tests.house.source import ROOT


def test_the_page_of_settings_is_what_the_readers_say():
    # In a process of its own: this one has settings of its own.
    done = subprocess.run(
        [sys.executable, "tools/settings_doc.py"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")
