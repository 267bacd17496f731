"""Bring a backup back: unpacked and proved beside its place first, moved there whole, never over anything."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from apaise.__main__ import CommandError
from apaise.doors.operate import archive


def restore(file: Path, target: Path, *, database_url: str) -> dict[str, Any]:
    """Restore an archive into an empty or new folder, and into the empty PostgreSQL database of `database_url` if it is one of PostgreSQL.

    Raises CommandError; then nothing was put in place and nothing was overwritten."""
    _refuse_a_used_place(target)
    if not file.is_file():
        raise CommandError(f"There is no file {file}. Check the path.")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".apaise-restore-") as place:
            fresh = Path(place) / "data"
            fresh.mkdir(mode=0o700)
            manifest = archive.unpack(file, fresh, allowed=lambda said: _refuse(said, database_url))
            if manifest["database"] == "postgresql":
                _fill_postgresql(fresh / archive.DATABASES["postgresql"], database_url)
            _prove(fresh, manifest, database_url)
            _move(fresh, target)
    except archive.Damaged as problem:
        raise CommandError(
            f"{file} cannot be restored: {problem}. Nothing was put in place; use another backup."
        ) from problem
    except OSError as problem:
        raise CommandError(
            f"The backup could not be unpacked beside {target} ({problem.strerror}). Nothing was put in place."
        ) from problem
    return manifest


def _refuse_a_used_place(target: Path) -> None:
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise CommandError(
            f"{target} is not empty, and a restore overwrites nothing. Name a new folder with --to, or move it away."
        )


def _refuse(manifest: Mapping[str, Any], database_url: str) -> None:
    if manifest["database"] == "postgresql" and not database_url:
        raise CommandError(
            "This backup is of a PostgreSQL database. Make an empty database and name it in DATABASE_URL, then run this again."
        )
    if manifest["database"] == "sqlite" and database_url:
        raise CommandError(
            "This backup is of an SQLite database, and DATABASE_URL names a PostgreSQL one. Unset DATABASE_URL, then run this again."
        )
    known = _known_migrations()
    ours = {name.partition(".")[0] for name in known}
    if newer := sorted(
        name for name in manifest["migrations"] if name not in known and name.partition(".")[0] in ours
    ):
        raise CommandError(
            f"This backup was made by a newer version ({manifest['made_by']}, it knows {newer[-1]}). Install that version, then restore."
        )


def _known_migrations() -> set[str]:
    """What this version knows of our own rooms; those of the libraries are their business."""
    package = Path(__file__).resolve().parents[2]
    files = [*package.glob("*/*/migrations/[0-9]*.py"), *package.glob("*/migrations/[0-9]*.py")]
    return {f"{file.parent.parent.name}.{file.stem}" for file in files}


def _fill_postgresql(dump: Path, database_url: str) -> None:
    if (
        _ours(database_url, "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'")
        != "0"
    ):
        raise CommandError(
            "The database of DATABASE_URL is not empty, and a restore overwrites nothing. Make a new one and name it there."
        )
    program = shutil.which("pg_restore")
    if program is None:
        raise CommandError(
            "pg_restore is needed to restore PostgreSQL. Install the PostgreSQL client programs."
        )
    said = _said_by(database_url)
    command = [
        program,
        "--single-transaction",
        "--no-owner",
        "--no-privileges",
        f"--dbname={said['PGDATABASE']}",
    ]
    done = subprocess.run(  # noqa: S603  (our own arguments)
        [*command, str(dump)], env={**os.environ, **said}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise CommandError(f"pg_restore could not fill the database: {' '.join(done.stderr.split())[:300]}")
    dump.unlink()


def _said_by(database_url: str) -> dict[str, str]:
    """The URL as variables of PostgreSQL's own programs: everybody may read a command line, and it holds a password."""
    parts = urlsplit(database_url)
    known = {
        "PGHOST": parts.hostname,
        "PGPORT": parts.port,
        "PGUSER": parts.username,
        "PGPASSWORD": parts.password,
        "PGDATABASE": parts.path.strip("/"),
    }
    options = {f"PG{name.upper()}": value for name, value in parse_qsl(parts.query) if name.startswith("ssl")}
    return {name: unquote(str(value)) for name, value in known.items() if value} | options


def _ours(database_url: str, sql: str) -> str:
    import psycopg

    try:
        with psycopg.connect(database_url, connect_timeout=10) as opened:
            row = opened.execute(sql.encode()).fetchone()
    except psycopg.Error as problem:
        said = " ".join(str(problem).split())[:200]
        raise CommandError(f"The database of DATABASE_URL cannot be used ({said}).") from problem
    return str(row[0]) if row else ""


def _prove(fresh: Path, manifest: Mapping[str, Any], database_url: str) -> None:
    """In a process of its own, on the unpacked place: same rows as were backed up, every file there, the ledger whole."""
    environment = {**os.environ, "APAISE_DATA": str(fresh)}
    if not database_url:
        environment = {
            name: value for name, value in environment.items() if not name.startswith("DATABASE_URL")
        }
    done = subprocess.run(
        [sys.executable, "-m", "apaise.doors.operate.proof"],
        input=json.dumps({"tables": manifest["tables"], "ledger_faults": manifest["ledger_faults"]}),
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise archive.Damaged((done.stdout or done.stderr).strip().splitlines()[-1][:300])


def _move(fresh: Path, target: Path) -> None:
    if target.exists():
        target.rmdir()  # empty, or somebody was quicker: then this fails and nothing is lost
    os.replace(fresh, target)
    archive.sync_folder(target.parent)
