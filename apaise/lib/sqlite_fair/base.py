"""The connection of the fair SQLite backend."""

import fcntl
import os
import re
from collections.abc import Callable
from typing import Any

from django.db import OperationalError
from django.db.backends.sqlite3 import base as sqlite3_base

_WRITES = re.compile(
    r"\s*(INSERT|UPDATE|DELETE|REPLACE|CREATE|DROP|ALTER|VACUUM|REINDEX|ANALYZE|WITH\b.*\b(INSERT|UPDATE|DELETE|REPLACE))\b",
    re.IGNORECASE | re.DOTALL,
)


class DatabaseWrapper(sqlite3_base.DatabaseWrapper):
    """Django's SQLite connection, queueing for the write lock before BEGIN IMMEDIATE and before single writes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._lock_file: int | None = None
        self._lock_owner = (
            0  # process that opened it: after a fork the lock would be shared, and no lock at all
        )
        self._lock_held = False
        self.execute_wrappers.append(self._single_write_in_turn)

    def _start_transaction_under_autocommit(self) -> None:
        self._queue_for_the_lock()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._leave_the_lock()
            raise

    def _commit(self) -> Any:
        # A failed COMMIT keeps the lock: the transaction is still open until the rollback that follows.
        done = super()._commit()  # type: ignore[misc]
        self._leave_the_lock()
        return done

    def _rollback(self) -> Any:
        try:
            return super()._rollback()  # type: ignore[misc]
        finally:
            self._leave_the_lock()

    def _close(self) -> Any:
        try:
            return super()._close()  # type: ignore[misc]
        finally:
            self._leave_the_lock()
            if self._lock_file is not None:
                os.close(self._lock_file)
                self._lock_file = None

    def _single_write_in_turn(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        # Outside a transaction a statement is its own: it must queue as well, or it falls back to busy waiting.
        if self._lock_held or self.in_atomic_block or not _WRITES.match(sql):
            return execute(sql, params, many, context)
        self._queue_for_the_lock()
        try:
            return execute(sql, params, many, context)
        finally:
            self._leave_the_lock()

    def _queue_for_the_lock(self) -> None:
        if (self._lock_held and self._lock_owner == os.getpid()) or self.is_in_memory_db():
            return
        try:
            fcntl.flock(self._opened_lock_file(), fcntl.LOCK_EX)
        except OSError as problem:
            raise OperationalError(f"its lock file cannot be used: {problem.strerror}") from problem
        self._lock_held = True

    def _opened_lock_file(self) -> int:
        if self._lock_file is None or self._lock_owner != os.getpid():
            name = f"{self.settings_dict['NAME']}.lock"
            self._lock_file = os.open(name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            self._lock_owner = os.getpid()
        return self._lock_file

    def _leave_the_lock(self) -> None:
        if self._lock_held and self._lock_file is not None and self._lock_owner == os.getpid():
            fcntl.flock(self._lock_file, fcntl.LOCK_UN)
        self._lock_held = False
