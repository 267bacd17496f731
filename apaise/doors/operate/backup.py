"""Make a safe copy while everything runs.

The database first, then the files: a file is durable before the row that names it is committed, and is never changed, so
every file the copied database speaks of is there when the files are taken."""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from apaise import __version__
from apaise.__main__ import CommandError
from apaise.doors.operate import archive
from apaise.doors.operate.rows import row_hashes
from apaise.ground.ledger.verify import verify
from apaise.intake.channels.models import file_store
from apaise.lib import clock

LAST = "last-backup.json"  # in the data folder: what `doctor` reads


def back_up(target: Path, *, with_key: bool = True) -> dict[str, Any]:
    """Write one archive and check it; returns its manifest. Raises CommandError, and then no file is left."""
    if target.exists():
        raise CommandError(f"{target} exists already. Give another name, or move it away.")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".apaise-backup-") as folder:
            manifest = _write(target, Path(folder), with_key=with_key)
            try:
                _check(target, Path(folder) / "check")
            except BaseException:
                target.unlink(missing_ok=True)
                raise
    except archive.Damaged as problem:
        raise CommandError(
            f"The backup was written and cannot be trusted: {problem}. Try again."
        ) from problem
    except OSError as problem:
        raise CommandError(
            f"The backup could not be written to {target.parent} ({problem.strerror}). No file was left there; "
            "make room or choose another place."
        ) from problem
    _note(target, manifest)
    return manifest


def _write(target: Path, folder: Path, *, with_key: bool) -> dict[str, Any]:
    name = archive.DATABASES[connection.vendor]
    copy = folder / name
    with _snapshot(copy):
        manifest = _manifest()
    parts = {name: copy}
    key = Path(settings.DATA) / archive.KEY
    if with_key and key.exists():
        parts[archive.KEY] = key
    files = _stored_files()
    manifest["parts"] = {part: archive.digest_of(path) for part, path in parts.items()}
    manifest["files"] = len(files)
    with archive.written(target) as out:
        archive.put_bytes(out, archive.MANIFEST, json.dumps(manifest, indent=1).encode())
        for part, path in parts.items():
            archive.put_file(out, part, path)
        for path in files:
            archive.put_file(out, f"files/{path.parent.name}/{path.name}", path)
    copy.unlink()
    return manifest


def _manifest() -> dict[str, Any]:
    """What the copy holds. A ledger that does not hold is no reason to have no backup: it is said, and kept as it is."""
    return {
        "format": archive.FORMAT,
        "made_by": f"Apaise {__version__}",
        "made_at": clock.now().isoformat(timespec="seconds"),
        "database": connection.vendor,
        "tables": row_hashes(),
        "ledger_faults": [f"{fault.entry}: {fault.reason}" for fault in verify()],
        "migrations": _migrations(),
    }


@contextmanager
def _snapshot(copy: Path) -> Iterator[None]:
    """Copy the database as of one moment; inside, our connection sees that same moment."""
    if connection.vendor == "sqlite":
        _copy_sqlite(copy)
        with _looking_at(copy):
            yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            [snapshot] = cursor.fetchone()
        _dump_postgresql(copy, snapshot)
        yield


def _copy_sqlite(copy: Path) -> None:
    import sqlite3

    # SQLite's own online backup; other connections go on writing, and it starts again from what they changed.
    try:
        with (
            closing(sqlite3.connect(connection.settings_dict["NAME"], timeout=20)) as live,
            closing(sqlite3.connect(copy)) as out,
        ):
            live.backup(out)
            out.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it
            said = out.execute("PRAGMA integrity_check").fetchone()[0]
    except sqlite3.Error as problem:
        raise CommandError(
            f"The database could not be copied to {copy.parent.parent} ({problem}). No file was left there; "
            "make room or choose another place."
        ) from problem
    if said != "ok":
        raise CommandError(f"The database is damaged ({said}). Keep its file and restore an older backup.")


@contextmanager
def _looking_at(copy: Path) -> Iterator[None]:
    """The connection reads the copy, in the place of the live database."""
    connection.close()
    live, connection.settings_dict["NAME"] = connection.settings_dict["NAME"], str(copy)
    wal = connection.settings_dict["OPTIONS"].pop("init_command", "")
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = live
        connection.settings_dict["OPTIONS"]["init_command"] = wal
        copy.with_name(f"{copy.name}.lock").unlink(missing_ok=True)


def _dump_postgresql(copy: Path, snapshot: str) -> None:
    program = shutil.which("pg_dump")
    if program is None:
        raise CommandError(
            "pg_dump is needed for a backup of PostgreSQL. Install the PostgreSQL client programs."
        )
    command = [program, "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"]
    done = subprocess.run(  # noqa: S603  (our own arguments)
        [*command, f"--file={copy}"],
        env=postgresql_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CommandError(f"pg_dump could not copy the database: {_one_line(done.stderr)}")


def postgresql_environment() -> dict[str, str]:
    """What PostgreSQL's own programs need to reach our database; the password never stands in a command line."""
    known = connection.settings_dict
    named = {
        "PGHOST": "HOST",
        "PGPORT": "PORT",
        "PGUSER": "USER",
        "PGPASSWORD": "PASSWORD",
        "PGDATABASE": "NAME",
    }
    given = {name: str(known[key]) for name, key in named.items() if known.get(key)}
    options = {
        f"PG{name.upper()}": str(value) for name, value in known["OPTIONS"].items() if name.startswith("ssl")
    }
    return {**os.environ, **given, **options}


def _one_line(said: str) -> str:
    return " ".join(said.split())[:300]


def _migrations() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
        return [f"{app}.{name}" for app, name in cursor.fetchall()]


def _stored_files() -> list[Path]:
    store = file_store()
    return sorted(store.on_disk(one.sha256) for one in store.each())


def _check(target: Path, folder: Path) -> None:
    """Read back what was written."""
    folder.mkdir()
    archive.unpack(target, folder, with_files=False)


def _note(target: Path, manifest: dict[str, Any]) -> None:
    said = {"file": str(target.resolve()), "made_at": manifest["made_at"], "size": target.stat().st_size}
    draft = Path(settings.DATA) / f".{LAST}.{os.getpid()}"
    draft.write_text(json.dumps(said), encoding="utf-8")
    os.replace(draft, Path(settings.DATA) / LAST)


def last_backup() -> tuple[datetime, str] | None:
    """When the last backup of this place was made, and where it was put."""
    try:
        said = json.loads((Path(settings.DATA) / LAST).read_text(encoding="utf-8"))
        return datetime.fromisoformat(said["made_at"]), said["file"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
