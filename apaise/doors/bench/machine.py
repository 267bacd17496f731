"""What the figures were measured on, in general words: no name, no address."""

import os
import platform
from pathlib import Path
from typing import Any

BUSY = 0.5  # other work for each processor from which on times say more about it than about us


def machine() -> dict[str, Any]:
    """Processors, memory, Python, and how busy it was already."""
    cores = os.cpu_count() or 1
    load = os.getloadavg()[0]
    said: dict[str, Any] = {"cores": cores, "memory": f"{_memory_gib()} GiB", "Python": platform.python_version()}  # fmt: skip
    said["load before"] = (
        f"{load:.1f}{' (busy: times are pessimistic, processor times less so)' if load > BUSY * cores else ''}"
    )
    return said


def _memory_gib() -> int:
    try:
        first = Path("/proc/meminfo").read_text(encoding="ascii").split("\n", 1)[0]
        return round(int(first.split()[1]) / 1024**2)
    except (OSError, ValueError, IndexError):
        return 0


def database() -> str:
    """Which database, in which version."""
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT sqlite_version()")
            return f"SQLite {cursor.fetchone()[0]}"
        cursor.execute("SHOW server_version")
        return f"PostgreSQL {cursor.fetchone()[0].split()[0]}"
