"""Many write at once: nobody meets "database is locked", every write is there, and everybody gets their turns."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pysqlite3
import pytest

from apaise.lib.sqlite_fair.base import DatabaseWrapper
from tests.stories.house import environment


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "lines.sqlite3"
    with closing(pysqlite3.connect(path)) as made:
        made.execute("PRAGMA journal_mode=WAL")
        made.execute("CREATE TABLE line (id INTEGER PRIMARY KEY, who TEXT, seen INTEGER)")
    return path


def _writer(file: Path, name: str, turns: int, how: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "apaise.lib.sqlite_fair.tests.writer", str(file), name, str(turns), how],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(file.parent),
    )  # fmt: skip


def _together(writers: list[subprocess.Popen[str]]) -> list[dict[str, Any]]:
    """Let them all begin at once; what each said at its end."""
    for writer in writers:
        assert writer.stdout
        assert writer.stdout.readline() == "ready\n", writer.communicate()
    for writer in writers:
        assert writer.stdin
        writer.stdin.write("go\n")
        writer.stdin.flush()
    ends = []
    for writer in writers:
        out, err = writer.communicate(timeout=60)
        assert (writer.returncode, err) == (0, ""), err  # "database is locked" would be a traceback here
        ends.append(json.loads(out))
    return ends


def _lines(file: Path) -> list[tuple[str, int]]:
    with closing(pysqlite3.connect(file)) as connection:
        return list(connection.execute("SELECT who, seen FROM line ORDER BY id").fetchall())


def test_processes_that_read_then_write_all_get_their_turns(file: Path) -> None:
    names = ["ana", "bo", "cleo", "dan"]
    _together([_writer(file, name, 60, "transactions") for name in names])
    lines = _lines(file)
    assert Counter(who for who, _seen in lines) == dict.fromkeys(names, 60)
    # Each saw all that was written before it: nobody read in between.
    assert [seen for _who, seen in lines] == list(range(240))
    # Nobody starves: from when all have begun until the first has ended, each has a fair part of the turns.
    places = {name: [number for number, (who, _) in enumerate(lines) if who == name] for name in names}
    begun, ended = max(mine[0] for mine in places.values()), min(mine[-1] for mine in places.values())
    had = Counter(who for who, _seen in lines[begun : ended + 1])
    assert begun >= ended or min(had[name] for name in names) >= (ended + 1 - begun) // 16, had


def test_single_statements_and_threads_queue_with_the_transactions(file: Path) -> None:
    _together(
        [
            _writer(file, "ana", 40, "transactions"),
            _writer(file, "bo", 60, "statements"),
            _writer(file, "cleo", 20, "threads"),
        ]
    )
    assert Counter(who for who, _seen in _lines(file)) == {"ana": 40, "bo": 60, "cleo": 60}


def test_a_process_that_dies_inside_a_transaction_frees_the_lock_and_leaves_nothing(file: Path) -> None:
    dying = _writer(file, "eve", 1, "die")
    assert dying.stdout
    assert [dying.stdout.readline(), dying.stdout.readline()] == ["ready\n", "inside\n"]
    waiting = _writer(file, "ana", 5, "transactions")
    assert waiting.stdout
    assert waiting.stdin
    waiting.stdout.readline()
    waiting.stdin.write("go\n")
    waiting.stdin.flush()
    with pytest.raises(subprocess.TimeoutExpired):
        waiting.wait(0.3)  # longer would be a wait for nothing: it queues
    began = time.monotonic()
    dying.send_signal(signal.SIGKILL)
    dying.communicate(timeout=20)
    assert waiting.wait(20) == 0
    waiting.communicate()
    assert time.monotonic() - began < 5
    assert Counter(who for who, _seen in _lines(file)) == {"ana": 5}


# --- one process -----------------------------------------------------------------------------------------


@pytest.fixture
def connection(file: Path, db: None) -> Iterator[DatabaseWrapper]:
    """A connection of its own beside that of the tests."""
    from django.db import connections

    settings = connections.databases["default"] | {
        "ENGINE": "apaise.lib.sqlite_fair", "NAME": str(file), "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 1},
        "TIME_ZONE": None, "CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": False, "AUTOCOMMIT": True, "ATOMIC_REQUESTS": False,
    }  # fmt: skip
    made = DatabaseWrapper(settings, alias="fair")
    yield made
    made.close()


@pytest.fixture
def held(file: Path) -> Iterator[Any]:
    """Somebody else's hold of the lock: is it free, and take it."""
    import fcntl

    handle = os.open(f"{file}.lock", os.O_RDWR | os.O_CREAT, 0o600)

    def is_free() -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        fcntl.flock(handle, fcntl.LOCK_UN)
        return True

    yield is_free
    os.close(handle)


def test_the_lock_is_held_for_a_transaction_and_no_longer(connection: DatabaseWrapper, held: Any) -> None:
    connection.ensure_connection()
    assert held()
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    assert not held()
    connection.commit()
    connection.set_autocommit(True)
    assert held()
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    connection.rollback()
    connection.set_autocommit(True)
    assert held()
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    connection.close()
    assert held()


@pytest.mark.parametrize(
    ("sql", "takes_it"),
    [
        ("INSERT INTO line (who) VALUES ('a')", True),
        ("\n  update line SET who = 'b'", True),
        ("DELETE FROM line", True),
        ("REPLACE INTO line (id, who) VALUES (1, 'c')", True),
        ("WITH one AS (SELECT 1 AS n) INSERT INTO line (seen) SELECT n FROM one", True),
        ("CREATE INDEX line_who ON line (who)", True),
        ("SELECT 'insert into line'", False),
        ("WITH one AS (SELECT 1 AS n) SELECT n FROM one", False),
        ("PRAGMA data_version", False),
    ],
)
def test_a_single_statement_takes_the_lock_only_if_it_writes(
    sql: str, takes_it: bool, connection: DatabaseWrapper, held: Any
) -> None:
    was_free: list[bool] = []
    looking = connection.execute_wrapper(lambda execute, *args: (was_free.append(held()), execute(*args))[1])
    with connection.cursor() as cursor, looking:
        cursor.execute(sql)
    assert was_free == [not takes_it]
    assert held()


def test_a_statement_that_fails_frees_the_lock(connection: DatabaseWrapper, held: Any) -> None:
    from django.db import OperationalError

    with connection.cursor() as cursor, pytest.raises(OperationalError):
        cursor.execute("INSERT INTO nowhere VALUES (1)")
    assert held()


def test_a_lock_file_of_somebody_else_is_a_database_problem_not_a_crash(
    connection: DatabaseWrapper, file: Path
) -> None:
    from django.db import OperationalError

    Path(f"{file}.lock").mkdir()
    with connection.cursor() as cursor:
        with pytest.raises(OperationalError, match="its lock file cannot be used: Is a directory"):
            cursor.execute("DELETE FROM line")
        cursor.execute("SELECT count(*) FROM line")  # reading needs no lock
        assert cursor.fetchone() == (0,)


def test_a_forked_child_has_a_lock_of_its_own(connection: DatabaseWrapper, file: Path, held: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO line (who) VALUES ('before')")  # the lock file is open now
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    child = os.fork()
    if child == 0:  # nothing but system calls that matter: what it does to the lock must not be ours
        connection._leave_the_lock()
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert not held()  # still ours
    connection.rollback()
    connection.set_autocommit(True)
    assert held()
