"""Everything a change must keep besides the tests: format, lint, types, imports, migrations, catalogues, templates.

python tools/check.py            all of it; says which failed and how to mend it"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
BIN = Path(PYTHON).parent
MOST_SAID = 6000  # characters of a failed check; the end says most


class Check(NamedTuple):
    name: str
    command: list[str]
    mend: str


CHECKS = [
    Check(
        "format",
        [PYTHON, "-m", "ruff", "format", "--check", "--output-format", "concise", "."],
        "ruff format .",
    ),
    Check("lint", [PYTHON, "-m", "ruff", "check", "--output-format", "concise", "."], "ruff check --fix ."),
    Check(
        "imports",
        [str(BIN / "lint-imports"), "--no-cache"],
        "the map in ARCHITECTURE.md says who may import whom",
    ),
    Check("types", [PYTHON, "-m", "mypy", "apaise"], "mypy apaise"),
    Check(
        "migrations",
        [PYTHON, "-m", "apaise", "manage", "makemigrations", "--check", "--dry-run"],
        ".venv/bin/apaise manage makemigrations",
    ),
    Check("templates", [PYTHON, "tools/lint_templates.py"], "the line says what to change"),
    Check("catalogues", [PYTHON, "tools/messages.py", "check"], "make messages, then translate"),
    Check("documents", [PYTHON, "tools/settings_doc.py"], "make docs"),
]


def main() -> int:
    failed = []
    with tempfile.TemporaryDirectory(prefix="apaise-check-") as data:
        # A data folder and a database of its own: checking must not touch, nor depend on, what a person keeps here.
        kept = {name: value for name, value in os.environ.items() if not name.startswith("DATABASE_URL")}
        environment = {
            **kept,
            "APAISE_DATA": data,
            "APAISE_SECRET_KEY": "only to check",
            "PYTHONPATH": str(ROOT),
        }
        for check in CHECKS:
            begun = time.monotonic()
            done = subprocess.run(
                check.command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
            )
            verdict = "ok" if done.returncode == 0 else "FAILED"
            print(f"{check.name:<12}{verdict:<8}{time.monotonic() - begun:5.1f} s", flush=True)
            if done.returncode:
                failed.append(check)
                print(f"{done.stdout}{done.stderr}".strip()[-MOST_SAID:], flush=True)
    for check in failed:
        print(f"{check.name} failed. To mend it: {check.mend}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
