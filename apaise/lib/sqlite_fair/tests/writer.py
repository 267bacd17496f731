"""A writing process for the tests: `python -m apaise.lib.sqlite_fair.tests.writer FILE NAME TURNS HOW`."""

import json
import os
import sys
import threading
import time
from typing import Any

from apaise.config.start import use_newer_sqlite


def connect(file: str) -> Any:
    """A Django connection on this file, with the pragmas of our settings."""
    use_newer_sqlite()
    import django
    from django.conf import settings

    database = {
        "ENGINE": "apaise.lib.sqlite_fair",
        "NAME": file,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 2,  # were one to wait for SQLite instead of the lock, it would be seen
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        },
    }
    if not settings.configured:
        settings.configure(DATABASES={"default": database}, USE_TZ=True)
        django.setup()
    from django.db import connection

    return connection


def main(file: str, name: str, turns: int, how: str) -> None:
    connection = connect(file)
    from django.db import transaction

    waits: list[float] = []

    def transactions() -> None:
        for _ in range(turns):
            began = time.monotonic()
            with transaction.atomic(), connection.cursor() as cursor:
                waits.append(time.monotonic() - began)
                cursor.execute(
                    "SELECT count(*) FROM line"
                )  # read, then write what was read: the case SQLite refuses
                seen = cursor.fetchone()[0]
                cursor.execute("INSERT INTO line (who, seen) VALUES (%s, %s)", [name, seen])
        connection.close()

    def statements() -> None:
        for turn in range(turns):
            with connection.cursor() as cursor:
                cursor.execute("INSERT INTO line (who, seen) VALUES (%s, %s)", [name, turn])
        connection.close()

    def die_inside() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("INSERT INTO line (who, seen) VALUES (%s, 0)", [name])
            print("inside", flush=True)
            sys.stdin.read()  # until killed

    connection.ensure_connection()
    print("ready", flush=True)
    if how != "die":
        sys.stdin.readline()  # all begin together
    began_at = time.monotonic()
    if how == "threads":
        threads = [threading.Thread(target=transactions) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    else:
        {"transactions": transactions, "statements": statements, "die": die_inside}[how]()
    print(
        json.dumps(
            {
                "name": name,
                "began": began_at,
                "ended": time.monotonic(),
                "longest": max(waits, default=0.0),
                "pid": os.getpid(),
            }
        ),
        flush=True,
    )


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4])
