"""A place of its own for each measurement: a data folder, and a database on the server that DATABASE_URL names. Removed afterwards.

Nothing here starts Django: the place must be in the environment before the settings are read."""

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from apaise.__main__ import CommandError
from apaise.config import env

DESK = "reclamations@exemple.test"
_NOT_OURS = ("APAISE_DEMO", "SMTP_URL", "APAISE_SECRET_KEY", "APAISE_PACK", "APAISE_PACKS", "APAISE_URL")


def server() -> str:
    """The address in DATABASE_URL; "" means SQLite."""
    return env.given("DATABASE_URL")


@contextmanager
def of_its_own(folder: Path | None = None) -> Iterator[dict[str, str]]:
    """The environment of an empty installation that nobody else uses, on the kind of database the user has set.

    folder   where to make it; the system's folder for temporary files if None. Raises CommandError."""
    try:
        given = server()
    except env.BadSetting as problem:
        raise CommandError(str(problem)) from problem
    try:
        data = Path(tempfile.mkdtemp(prefix="apaise-bench-", dir=folder))
    except OSError as problem:
        raise CommandError(
            f"There is no room for the measurement in {folder or tempfile.gettempdir()} ({problem.strerror}). Name another folder with --in."
        ) from problem
    made = _without_ours(os.environ)
    made |= {"APAISE_DATA": str(data), "APAISE_DESKS": DESK}
    try:
        if not given:
            yield made
            return
        name = f"apaise_bench_{os.getpid()}_{secrets.token_hex(3)}"
        _on_server(given, f'CREATE DATABASE "{name}"')
        try:
            yield made | {"DATABASE_URL": urlunsplit(urlsplit(given)._replace(path=f"/{name}"))}
        finally:
            _on_server(given, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    finally:
        shutil.rmtree(data, ignore_errors=True)


def _without_ours(environment: os._Environ[str]) -> dict[str, str]:
    """What the user has set for the real installation must not reach the measured one."""
    unwanted = {*_NOT_OURS, *(f"{name}_FILE" for name in _NOT_OURS), "DATABASE_URL", "DATABASE_URL_FILE"}
    return {name: value for name, value in environment.items() if name not in unwanted}


def _on_server(address: str, statement: str) -> None:
    import psycopg

    try:
        with psycopg.connect(address, autocommit=True, connect_timeout=10) as connection:
            connection.execute(statement.encode())
    except (psycopg.Error, ValueError) as problem:
        said = " ".join(str(problem).split())[:200]
        raise CommandError(
            f"The measurement needs a database of its own on the server of DATABASE_URL, and could not have it ({said}). Let that user create databases, or unset DATABASE_URL."
        ) from problem
