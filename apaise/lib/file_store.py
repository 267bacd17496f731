"""Bytes on disk under the name of their SHA-256: the same file is kept once, and a name cannot lead outside.

Keep, open, has, size, remove, each: nothing else of it is used, so that an object store could stand in its place.
`on_disk` is for the few that need a real file."""

import hashlib
import os
import re
import secrets
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, NamedTuple

_DIGEST = re.compile(r"[0-9a-f]{64}")


class Stored(NamedTuple):
    """One file of the store, and when it was last kept, in seconds since the epoch."""

    sha256: str
    kept_at: float


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
        return self.on_disk(sha256).read_bytes()

    def open(self, sha256: str) -> BinaryIO:
        return self.on_disk(sha256).open("rb")

    def has(self, sha256: str) -> bool:
        return bool(_DIGEST.fullmatch(sha256)) and self.on_disk(sha256).exists()

    def size(self, sha256: str) -> int:
        return self.on_disk(sha256).stat().st_size

    def each(self) -> Iterator[Stored]:
        """Every file, in no order; one that goes meanwhile is passed over."""
        for folder in sorted(self.root.glob("[0-9a-f][0-9a-f]")):
            for entry in os.scandir(folder):
                if _DIGEST.fullmatch(entry.name):
                    with suppress(FileNotFoundError):
                        yield Stored(entry.name, entry.stat().st_mtime)

    def remove(self, sha256: str, *, kept_before: float) -> bool:
        """Remove a file last kept before that moment, in seconds since the epoch. False: it is gone, or younger."""
        path = self.on_disk(sha256)
        aside = self.root / f"draft-{secrets.token_hex(8)}"
        try:
            if path.stat().st_mtime >= kept_before:
                return False
            # Taken aside and asked again: who keeps the same bytes this very moment puts a new file there.
            os.rename(path, aside)
        except FileNotFoundError:
            return False
        if aside.stat().st_mtime >= kept_before:
            os.replace(aside, path)
            return False
        aside.unlink()
        return True

    def forget_drafts(self, older_than: float) -> int:
        """Remove drafts nobody finished: of a connection or a process that broke off. In seconds since the epoch."""
        old = [draft for draft in self.root.glob("draft-*") if draft.stat().st_mtime < older_than]
        for draft in old:
            draft.unlink(missing_ok=True)
        return len(old)

    def on_disk(self, sha256: str) -> Path:
        """Where the bytes lie. Raises ValueError for what is no SHA-256."""
        if not _DIGEST.fullmatch(sha256):
            raise ValueError("not a SHA-256")
        return self.root / sha256[:2] / sha256


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
        final = self._store.on_disk(self._digest.hexdigest())
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
