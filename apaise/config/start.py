"""Start Django for a command: the newer SQLite first, then the settings, every problem as one plain line."""

import os
import sys


def use_newer_sqlite() -> None:
    """Put the wheel's SQLite in the place of Python's own, before anything imports it.

    SQLite 3.7.0 to 3.51.2 can lose commits in a rare checkpoint race (fixed in 3.51.3)."""
    try:
        import pysqlite3
        import pysqlite3.dbapi2
    except (
        ImportError
    ):  # no wheel for this platform: Python's own serves, and `verify` of the install says so
        return
    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2


def start_django() -> None:
    """Load settings and apps. Raises CommandError with one line on a setting or folder that cannot be used."""
    from apaise.__main__ import CommandError
    from apaise.config.env import BadSetting

    use_newer_sqlite()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "apaise.config.settings")
    import django

    try:
        django.setup()
    except BadSetting as problem:
        raise CommandError(str(problem)) from problem
