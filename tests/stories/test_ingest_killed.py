"""`apaise ingest` may be killed at any moment: run again, it goes on where it was; nothing is lost, nothing filed twice."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.stories.house import House, command, environment, mail

pytestmark = pytest.mark.xdist_group("kill")
MAILS = 40


def _mbox(path: Path) -> Path:
    stamp = b"From claire@courriel.exemple.test Mon Nov  2 09:00:00 2026\n"
    sent = (mail(f"Reprise {number}", sender=f"c{number}@courriel.exemple.test") for number in range(MAILS))
    path.write_bytes(b"".join(stamp + one.replace(b"\r\n", b"\n") + b"\n" for one in sent))
    return path


def _killed_after(house: House, lines: int, path: Path) -> list[str]:
    """Start it, let it say so many results, and kill it; what it had said."""
    process = subprocess.Popen(
        [sys.executable, "-m", "apaise", "ingest", str(path), "--json"],
        env=environment(house.data, **house.settings, PYTHONUNBUFFERED="1"),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=house.data.parent,
    )
    assert process.stdout
    said = [process.stdout.readline() for _ in range(lines)]
    os.kill(process.pid, signal.SIGKILL)
    process.wait(10)
    process.stdout.close()
    return said


def test_killed_twice_and_run_again_every_message_is_filed_once(house: House, tmp_path: Path) -> None:
    path = _mbox(tmp_path / "archive.mbox")
    told = [json.loads(line) for lines in (3, 11) for line in _killed_after(house, lines, path)]
    assert {one["outcome"] for one in told} == {
        "opened",
        "duplicate",
    }  # the second run passed over the first's
    whole = command(house.data, "ingest", str(path), "--json", **house.settings)
    assert whole.returncode == 0, whole.stderr
    ended = [json.loads(line) for line in whole.stdout.splitlines()]
    assert len(ended) == MAILS
    assert {one["outcome"] for one in ended} == {"opened", "duplicate"}
    subjects = house.rows("SELECT title FROM cases_case")
    assert sorted(subjects) == sorted((f"Reprise {number}",) for number in range(MAILS))
    kinds = house.rows("SELECT kind, count(*) FROM cases_message GROUP BY kind ORDER BY kind")
    assert kinds == [("acknowledgement", MAILS), ("complaint", MAILS)]
    assert house.rows("SELECT count(*) FROM channels_arrival WHERE state <> 'filed'") == [(0,)]
    assert "0 bad." in command(house.data, "verify", **house.settings).stdout
