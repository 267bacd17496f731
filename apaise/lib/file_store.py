"""Bytes on disk under the name of their SHA-256: the same file is kept once, and a name cannot lead outside."""

import hashlib
import os
import re
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

_DIGEST = re.compile(r"[0-9a-f]{64}")


class FileStore:
    """A folder of immutable files. What `keep` returned for is durable."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def keep(self, content: bytes | Iterable[bytes]) -> tuple[str, int]:
        """Store the bytes and return (sha256, size). Durable on return: file and folder are synced."""
        draft = self.draft()
        try:
            for chunk in [content] if isinstance(content, bytes) else content:
                draft.write(chunk)
            return draft.keep()
        except BaseException:
            draft.drop()
            raise

    def draft(self) -> "Draft":
        """A file still being written, piece by piece: kept at the end, or dropped without a trace."""
        if not self.root.exists():
            self._lay_out()
        return Draft(self)

    def _lay_out(self) -> None:
        # All folders at once: made one by one, each would be synced while a sender waits.
        self.root.mkdir(parents=True, exist_ok=True)
        for number in range(256):
            (self.root / f"{number:02x}").mkdir(exist_ok=True)
        _sync_folder(self.root)

    def read(self, sha256: str) -> bytes:
        return self.path(sha256).read_bytes()

    def open(self, sha256: str) -> BinaryIO:
        return self.path(sha256).open("rb")

    def has(self, sha256: str) -> bool:
        return self.path(sha256).exists()

    def path(self, sha256: str) -> Path:
        if not _DIGEST.fullmatch(sha256):
            raise ValueError("not a SHA-256")
        return self.root / sha256[:2] / sha256


def forget_old_drafts(root: Path, older_than: float) -> int:
    """Remove drafts nobody finished: of a connection or a process that broke off. `older_than` is seconds since the epoch."""
    old = [draft for draft in root.glob("draft-*") if draft.stat().st_mtime < older_than]
    for draft in old:
        draft.unlink(missing_ok=True)
    return len(old)


class Draft:
    """The bytes go to disk as they come; their digest is the name they get when they are kept."""

    def __init__(self, store: FileStore) -> None:
        self._store = store
        self._digest = hashlib.sha256()
        self._path = store.root / f"draft-{secrets.token_hex(8)}"
        self._out = os.fdopen(os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        self.size = 0

    def write(self, chunk: bytes) -> None:
        self._digest.update(chunk)
        self._out.write(chunk)
        self.size += len(chunk)

    def reread(self) -> BinaryIO:
        """What was written so far, to be read again; also after it was kept or dropped."""
        self._out.flush()
        return self._path.open("rb")

    def keep(self) -> tuple[str, int]:
        """Make it durable under its digest; returns (sha256, size)."""
        self._out.flush()
        os.fsync(self._out.fileno())
        self._out.close()
        final = self._store.path(self._digest.hexdigest())
        if not final.parent.exists():
            final.parent.mkdir(exist_ok=True)
            _sync_folder(self._store.root)
        os.replace(self._path, final)
        _sync_folder(final.parent)
        return self._digest.hexdigest(), self.size

    def drop(self) -> None:
        """Leave nothing behind. Harmless after `keep`."""
        self._out.close()
        self._path.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
