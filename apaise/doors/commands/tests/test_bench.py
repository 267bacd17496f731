"""`apaise bench`, run as a person runs it, at a tiny size and on the database at hand."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

KEYS = {
    "limits.commit", "limits.file", "limits.page", "limits.template", "limits.email_default", "limits.email_compat32",
    "limits.parse", "list.page", "case.common", "case.page", "case.queries", "search.words",
    "mail.received", "mail.queued", "mail.taken", "mail.smtp",
}  # fmt: skip


class Done(NamedTuple):
    pid: int
    returncode: int
    stdout: str
    stderr: str


def bench(*arguments, **environment):
    with subprocess.Popen(
        [sys.executable, "-m", "apaise", "bench", *arguments],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        said = process.communicate(timeout=300)
    return Done(process.pid, process.returncode, *said)


def server():
    """The server of this test run; its database itself is not touched."""
    return {"DATABASE_URL": os.environ["DATABASE_URL"]} if os.environ.get("DATABASE_URL") else {}


def databases_of(pid):
    """What a measurement by this process left on the server; others may be measuring at the same time."""
    if not server():
        return []
    import psycopg

    with psycopg.connect(os.environ["DATABASE_URL"].rsplit("/", 1)[0] + "/postgres") as connection:
        return connection.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [f"apaise_bench_{pid}_"]
        ).fetchall()


def _on_a_server_that_answers(tmp_path):
    # Another database than that of this test run, which may not exist while the tests have their own.
    environment = {"TMPDIR": str(tmp_path)}
    if server():
        environment["DATABASE_URL"] = os.environ["DATABASE_URL"].rsplit("/", 1)[0] + "/postgres"
    return environment


def test_everything_is_measured_in_a_place_that_is_gone_afterwards(tmp_path):
    done = bench("limits", "list", "case", "search", "mail", "--size", "20", "--short", "--json", **_on_a_server_that_answers(tmp_path))  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["database"].startswith("PostgreSQL" if server() else "SQLite")
    [load] = told["loads"]
    assert (load["cases"], load["bad_chains"]) == (20, 0)
    lines = told["lines"]
    assert {line["key"] for line in lines} == KEYS
    assert all(line["cases"] == 20 for line in lines)
    # A page of fifty at most, which holds every open case of so few; a hundred messages in the seventh.
    assert all(line["rows"] <= 20 for line in lines if line["key"].startswith("list."))
    assert [line["queries"] <= 25 for line in lines if line["key"] == "case.queries"] == [True]
    assert [line["wrong"] for line in lines if "wrong" in line] == [0, 0]
    assert list(tmp_path.iterdir()) == []
    assert databases_of(done.pid) == []


def test_two_sizes_are_compared(tmp_path):
    done = bench("list", "--size", "5,30", "--short", "--json", **_on_a_server_that_answers(tmp_path))
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    pages = {(line["what"], line["cases"]): line for line in told["lines"] if line["key"] == "list.page"}
    compared = [line for line in told["lines"] if line["key"] == "list.growth"]
    assert len(compared) == len(pages) // 2
    for line in compared:
        what = line["what"].partition(": p95")[0]
        small, large = pages[what, 5], pages[what, 30]
        assert line["ratio"] == pytest.approx(large["p95_ms"] / small["p95_ms"], rel=0.01)
        assert line["bytes_more"] == large["bytes"] - small["bytes"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["speed"], "“speed” cannot be measured; choose from mail, list, case, search, replay, cold, memory, limits, all."),
        (["list", "--size", "many"], "--size many is no number of cases; write 1k, 10k, 100k or 1M."),
        (["list", "--size", "0"], "--size 0 is no number of cases; write 1k, 10k, 100k or 1M."),
        (["list", "--size", "10k,"], "--size  is no number of cases; write 1k, 10k, 100k or 1M."),
    ],
)  # fmt: skip
def test_what_cannot_be_measured_is_one_plain_line(arguments, said, tmp_path):
    done = bench(*arguments, TMPDIR=str(tmp_path))
    assert (done.returncode, done.stdout, done.stderr) == (1, "", f"apaise: {said}\n")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_one_plain_line(tmp_path):
    missing = tmp_path / "missing"
    done = bench("limits", "--size", "5", "--in", str(missing), TMPDIR=str(tmp_path))
    assert done.returncode == 1
    assert done.stderr == (
        f"apaise: There is no room for the measurement in {missing} (No such file or directory). Name another folder with --in.\n"
    )
    assert not missing.exists()


def test_a_server_that_does_not_answer_is_one_plain_line_and_leaves_nothing(tmp_path):
    done = bench("list", DATABASE_URL="postgresql://nobody@127.0.0.1:1/none", TMPDIR=str(tmp_path))
    assert done.returncode == 1
    assert done.stderr.startswith(
        "apaise: The measurement needs a database of its own on the server of DATABASE_URL"
    )
    assert done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_the_users_own_data_are_not_touched(tmp_path):
    (mine := tmp_path / "mine").mkdir()
    (mine / "apaise.sqlite3").write_bytes(b"precious")
    done = bench("list", "--size", "5", "--short", "--json", **{**_on_a_server_that_answers(tmp_path), "APAISE_DATA": str(mine)})  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert [path.name for path in mine.iterdir()] == ["apaise.sqlite3"]
    assert (mine / "apaise.sqlite3").read_bytes() == b"precious"
    assert [path.name for path in Path(tmp_path).iterdir()] == ["mine"]
