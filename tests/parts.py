"""Pytest plugin: tests that need a part this machine may not have (PostgreSQL, chromium, dovecot).

A missing part skips its tests and the last lines say so; under APAISE_REQUIRE=postgres,browser,imap it is a failure."""

import getpass
import json
import os
import shutil
import sys
import zlib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

ROOT = Path(__file__).resolve().parent.parent
ABSENT = {"postgres": "no server", "browser": "no chromium", "imap": "no dovecot"}
INSTALL = "make test-parts installs them on Debian."
OTHER_PASS = "runs in the PostgreSQL pass"


def found(part: str) -> bool:
    """Is what these tests need on this machine?"""
    if part == "postgres":
        return server() is not None
    if part == "browser":
        return bool(shutil.which("chromium") or shutil.which("chromium-browser"))
    return bool(shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin"))


@cache
def server() -> str | None:
    """DATABASE_URL if it is set, else the address of a local server on which this person may make databases."""
    if given := os.environ.get("APAISE_TEST_SERVER") or os.environ.get("DATABASE_URL"):
        return given
    # A name of this checkout's own, so that two checkouts can be tested at once.
    name = f"apaise_{zlib.crc32(str(ROOT).encode()):08x}"
    return next((f"{address}/{name}" for address in _addresses() if may_make_databases(address)), None)


def _addresses() -> Iterator[str]:
    me = quote(getpass.getuser())
    yield f"postgresql://{me}@"  # the socket, where Debian knows us by our login
    for user in dict.fromkeys(["postgres", me]):
        yield f"postgresql://{user}@127.0.0.1:5432"


def may_make_databases(address: str) -> bool:
    """Does the server at this address (without a database's name) answer, and let us make test databases?"""
    import psycopg

    may = "select rolcreatedb or rolsuper from pg_roles where rolname = current_user"
    try:
        with psycopg.connect(f"{address}/postgres", connect_timeout=2) as connection:
            answer = connection.execute(may).fetchone()
    except psycopg.Error:
        return False
    return bool(answer and answer[0])


def missing_sentence(skipped: dict[str, int], *, postgres_pass: bool = True) -> str | None:
    """`Not run here: 41 browser (no chromium), …`, or None when every part is here."""
    what = [f"{skipped[part]} {part} ({ABSENT[part]})" for part in ("browser", "imap") if skipped.get(part)]
    if not postgres_pass:
        what.append("PostgreSQL pass (no server)")
    return f"Not run here: {', '.join(what)}. {INSTALL}" if what else None


def missing_but_required() -> list[str]:
    wanted = os.environ.get("APAISE_REQUIRE", "").replace(",", " ").split()
    if strange := [part for part in wanted if part not in ABSENT]:
        raise pytest.UsageError(f"APAISE_REQUIRE names {strange[0]}; it may name {', '.join(ABSENT)}.")
    return [f"{part} ({ABSENT[part]})" for part in wanted if not found(part)]


# ---- what pytest calls ----


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput") and (gone := missing_but_required()):
        raise pytest.UsageError(f"APAISE_REQUIRE asks for what is not here: {', '.join(gone)}. {INSTALL}")
    config.stash[_SKIPPED] = Counter()


_SKIPPED = pytest.StashKey[Counter[str]]()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    on_postgres = bool(os.environ.get("DATABASE_URL"))
    for item in items:
        for part, absent in ABSENT.items():
            if not item.get_closest_marker(part):
                continue
            if not found(part):
                item.add_marker(pytest.mark.skip(reason=absent))
            elif part == "postgres" and not on_postgres:
                item.add_marker(pytest.mark.skip(reason=OTHER_PASS))


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    counts = config.stash[_SKIPPED]
    for report in terminalreporter.stats.get("skipped", ()):
        reason = report.longrepr[2].removeprefix("Skipped: ") if isinstance(report.longrepr, tuple) else ""
        counts.update(part for part, absent in ABSENT.items() if reason == absent and part in report.keywords)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput") or not config.stash.get(_SKIPPED, None):
        return
    counts = dict(config.stash[_SKIPPED])
    if told := os.environ.get("APAISE_PARTS_REPORT"):  # tools/run_tests.py says it once, after the last pass
        Path(told).write_text(json.dumps(counts), encoding="utf-8")
    elif sentence := missing_sentence(counts, postgres_pass=not counts.get("postgres")):
        print(sentence, file=sys.stdout)
