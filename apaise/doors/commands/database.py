"""What a command needs of the database before it begins, and what to tell a person when there is something wrong."""

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import Error, connection, connections

from apaise.__main__ import CommandError

_OURS = ("ledger", "accounts", "parties", "packs", "cases", "channels", "journey")
_MIGRATING = 7_031_902_645  # PostgreSQL: the number under which only one process migrates at a time


def prepare_database() -> None:
    """Create and migrate the database if needed, and make sure there is a desk. Raises CommandError in one line."""
    from apaise.ground.accounts.setup import ensure_desks

    _prepare_folders()
    _check_packs()
    with plain_trouble():
        if _missing_migrations():
            with _one_at_a_time():
                _migrate()
        ensure_desks(settings.DESKS)
    connections.close_all()


def check_database() -> None:
    """For commands that only read: there is a database, made by this version. Raises CommandError in one line."""
    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).exists():
        raise CommandError(
            f"There is no database in {settings.DATA} yet. Run `apaise run` once, or set APAISE_DATA."
        )
    with plain_trouble():
        if _missing_migrations():
            raise CommandError(
                "The database was made by an older Apaise. Run `apaise run` once: it brings it up to date."
            )


@contextmanager
def plain_trouble() -> Iterator[None]:
    """Turn what the database refuses into one line for a person."""
    try:
        yield
    except Error as problem:
        raise CommandError(database_trouble(problem)) from problem


def database_trouble(problem: Exception) -> str:
    """What is wrong with the database and what to do, in one line."""
    said = " ".join(str(problem).split())
    if connection.vendor == "sqlite":
        file = connection.settings_dict["NAME"]
        if "not a database" in said or "malformed" in said:
            return (
                f"{file} is damaged or no database. Restore a backup, or move the file away to start empty."
            )
        return f"The database {file} cannot be used ({said}). Check that the folder is writable and the disk not full."
    server = f"{connection.settings_dict['HOST'] or 'localhost'}:{connection.settings_dict['PORT'] or 5432}"
    said = re.sub(r" (Is the server running|Multiple connection attempts).*", "", said)
    reason = re.sub(r"^.*failed: (FATAL: )?", "", said)[:200].strip() or type(problem).__name__
    return f"PostgreSQL at {server} cannot be used ({reason}). Check DATABASE_URL and that the server runs."


def _prepare_folders() -> None:
    try:
        Path(settings.DATA).mkdir(mode=0o700, parents=True, exist_ok=True)
        Path(settings.STATIC_ROOT).mkdir(
            parents=True, exist_ok=True
        )  # whitenoise looks for it, even while it is empty
    except OSError as problem:
        raise CommandError(
            f"The data folder {settings.DATA} cannot be used ({problem.strerror}). Make it writable, or set APAISE_DATA."
        ) from problem


def _check_packs() -> None:
    from apaise.ground.packs.choose import configured_packs
    from apaise.ground.packs.load import PackError
    from apaise.lib.sayable import terminal_language

    try:
        configured_packs()  # the database may not exist yet; what is published there was checked
    except PackError as problem:
        raise CommandError(f"APAISE_PACKS or APAISE_PACK: {problem.said(terminal_language())}") from problem


def _missing_migrations() -> bool:
    """Compare file names with the table of what was applied: much quicker than Django's own look, which loads them all."""
    wanted = {
        (app.label, file.stem)
        for app in apps.get_app_configs()
        for file in (Path(app.path) / "migrations").glob("[0-9]*.py")
    }
    with connection.cursor() as cursor:
        if "django_migrations" not in connection.introspection.table_names(cursor):
            return True
        cursor.execute("SELECT app, name FROM django_migrations")
        applied = set(cursor.fetchall())
    if newer := sorted(name for app, name in applied - wanted if app in _OURS):
        raise CommandError(
            f"The database was made by a newer Apaise (it knows {newer[-1]}). Install that version, or restore an older backup."
        )
    return not wanted <= applied


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Several parts may be started at the same moment on a new database; one migrates, the others wait for it."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_MIGRATING])
            try:
                yield
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_MIGRATING])
        return
    handle = os.open(Path(settings.DATA) / "migrating.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _migrate() -> None:
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    executor.loader.check_consistent_history(connection)
    targets = executor.loader.graph.leaf_nodes()
    if plan := executor.migration_plan(targets):
        executor.migrate(targets, plan=plan)
