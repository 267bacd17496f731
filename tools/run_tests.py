"""The whole suite: on SQLite, then, when a PostgreSQL server answers, on PostgreSQL (all but the browser).

python tools/run_tests.py [pytest arguments]      one pytest summary for each pass"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests import parts  # noqa: E402  (the checkout need not be installed)

NO_TESTS = 5  # what pytest answers when a selection leaves nothing to run


def main(arguments: list[str]) -> int:
    try:
        if gone := parts.missing_but_required():
            return _fail(f"APAISE_REQUIRE asks for what is not here: {', '.join(gone)}. {parts.INSTALL}")
    except pytest.UsageError as problem:
        return _fail(str(problem))
    server = parts.server()
    if server and not parts.may_make_databases(server.rsplit("/", 1)[0]):
        return _fail(
            "the server of DATABASE_URL does not answer, or does not let us make a database for the tests."
        )
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DATABASE_URL")}
    with tempfile.TemporaryDirectory(prefix="apaise-report-") as folder:
        environment["APAISE_PARTS_REPORT"] = report = str(Path(folder) / "skipped.json")
        if server:
            environment["APAISE_TEST_SERVER"] = server
        status = _pass("SQLite", arguments, environment)
        skipped = json.loads(Path(report).read_text(encoding="utf-8")) if Path(report).exists() else {}
        if server:
            only = ["-m", "not browser", "--create-db"]
            on_postgres = _pass("PostgreSQL", [*arguments, *only], {**environment, "DATABASE_URL": server})
            status = status or on_postgres
    if sentence := parts.missing_sentence(skipped, postgres_pass=server is not None):
        print(sentence)
    return status


def _pass(name: str, arguments: list[str], environment: dict[str, str]) -> int:
    print(f"\n== {name} ==", flush=True)
    command = [sys.executable, "-m", "pytest", *arguments]
    status = subprocess.run(
        command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, check=False
    ).returncode
    return 0 if status == NO_TESTS and arguments else status


def _fail(line: str) -> int:
    print(f"tests: {line}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
