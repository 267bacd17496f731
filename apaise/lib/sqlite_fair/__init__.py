"""A Django database backend: SQLite with a fair write lock.

SQLite's busy handler sleeps and retries, so under load one process may starve for seconds. Here a writer first
takes `flock` on a file beside the database, which the kernel hands out in order and frees when a process dies.
Measured with six writing processes: longest wait 0.55 s instead of 5.2 s (docs/decisions/0002-sqlite.md)."""
