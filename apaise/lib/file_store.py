"""Bytes on disk under the name of their SHA-256: the same file is kept once, and a name cannot lead outside."""

import hashlib
import os
import re
import tempfile
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
        self.root.mkdir(parents=True, exist_ok=True)
        digest, size = hashlib.sha256(), 0
        handle, draft = tempfile.mkstemp(dir=self.root, prefix="draft-")
        try:
            with os.fdopen(handle, "wb") as out:
                for chunk in [content] if isinstance(content, bytes) else content:
                    digest.update(chunk)
                    size += len(chunk)
                    out.write(chunk)
                out.flush()
                os.fsync(out.fileno())
            final = self._path(digest.hexdigest())
            if not final.parent.exists():
                final.parent.mkdir(exist_ok=True)
                _sync_folder(self.root)
            os.replace(draft, final)
            _sync_folder(final.parent)
        except BaseException:
            Path(draft).unlink(missing_ok=True)
            raise
        return digest.hexdigest(), size

    def read(self, sha256: str) -> bytes:
        return self._path(sha256).read_bytes()

    def open(self, sha256: str) -> BinaryIO:
        return self._path(sha256).open("rb")

    def has(self, sha256: str) -> bool:
        return self._path(sha256).exists()

    def _path(self, sha256: str) -> Path:
        if not _DIGEST.fullmatch(sha256):
            raise ValueError("not a SHA-256")
        return self.root / sha256[:2] / sha256


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
