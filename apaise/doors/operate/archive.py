"""The one file a backup is: a gzipped tar whose first member says what follows. No Django here: a restore begins without.

manifest.json          what made it, when, the digest of each part, counts and row hashes
database.sqlite3       the online copy of the database, or database.dump (pg_dump, custom format)
secret-key             what links and seals were signed with, unless it was left out
files/ab/abcd…         raw mails and attachments, each named by its SHA-256"""

import gzip
import hashlib
import io
import json
import os
import re
import tarfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

FORMAT = 1
MANIFEST, KEY = "manifest.json", "secret-key"
DATABASES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
LARGEST_MANIFEST = 64 * 1024 * 1024
_STORED = re.compile(r"files/([0-9a-f]{2})/([0-9a-f]{64})")
_CHUNK = 1024 * 1024


class Damaged(Exception):
    """The archive is not what its manifest says, or is none; the text says what was found."""


@contextmanager
def written(target: Path) -> Iterator[tarfile.TarFile]:
    """An archive under a temporary name, synced and given its own only when it is whole. Nothing is left after an error."""
    draft = target.with_name(f".{target.name}.{os.getpid()}.part")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)  # it holds customers' words
    try:
        with os.fdopen(handle, "wb") as out:
            with tarfile.open(fileobj=out, mode="w:gz", compresslevel=3) as archive:
                yield archive
            out.flush()
            os.fsync(out.fileno())
        os.replace(draft, target)
        sync_folder(target.parent)
    finally:
        draft.unlink(missing_ok=True)


def put_bytes(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(content), 0o600
    archive.addfile(entry, io.BytesIO(content))


def put_file(archive: tarfile.TarFile, name: str, path: Path) -> None:
    with path.open("rb") as content:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = os.fstat(content.fileno()).st_size, 0o600
        archive.addfile(entry, content)


def unpack(
    file: Path,
    into: Path,
    *,
    allowed: Callable[[dict[str, Any]], None] = lambda _: None,
    with_files: bool = True,
) -> dict[str, Any]:
    """Unpack into an empty folder, checking each digest on the way; returns the manifest.

    allowed      asked first with the manifest: raises if this archive must not be unpacked
    with_files   False: the stored files are read and checked, not written
    Raises Damaged. Only the members listed above are taken, whatever an archive may hold."""
    try:
        with gzip.open(file) as stream, tarfile.open(fileobj=stream, mode="r|") as archive:
            members = iter(archive)
            manifest = _manifest(archive, next(members, None))
            allowed(manifest)
            stored = _unpack_members(archive, members, into, manifest, with_files=with_files)
            while stream.read(_CHUNK):  # to its very end: the checksum of all of it stands there
                pass
    except (tarfile.TarError, EOFError, zlib.error, OSError) as problem:
        if isinstance(problem, OSError) and problem.errno is not None:
            raise  # the disk, not the archive
        raise Damaged(f"it cannot be read to its end ({type(problem).__name__})") from problem
    if stored != manifest["files"]:
        raise Damaged(f"it holds {stored} files where its manifest says {manifest['files']}")
    return manifest


def _manifest(archive: tarfile.TarFile, first: tarfile.TarInfo | None) -> dict[str, Any]:
    if first is None or first.name != MANIFEST or not first.isreg() or first.size > LARGEST_MANIFEST:
        raise Damaged("it is no backup of Apaise")
    content = archive.extractfile(first)
    try:
        manifest = json.loads(content.read() if content else b"")
        parts, files = manifest["parts"], manifest["files"]
    except (ValueError, KeyError, TypeError) as problem:
        raise Damaged("its manifest cannot be read") from problem
    if isinstance(parts, dict) and not parts.keys() <= {KEY, *DATABASES.values()}:
        raise Damaged("its manifest names parts that no backup has")
    if manifest.get("format") != FORMAT or not isinstance(parts, dict) or not isinstance(files, int):
        raise Damaged(f"its format {manifest.get('format')} is not known to this version")
    return dict(manifest)


def _unpack_members(
    archive: tarfile.TarFile,
    members: Iterator[tarfile.TarInfo],
    into: Path,
    manifest: dict[str, Any],
    *,
    with_files: bool,
) -> int:
    owed, stored = dict(manifest["parts"]), 0
    for member in members:
        found = _STORED.fullmatch(member.name)
        digest = found[2] if found else owed.pop(member.name, None)
        content = archive.extractfile(member) if member.isreg() else None
        if digest is None or content is None:
            raise Damaged(f"it holds {member.name[:80]!r}, which is no part of a backup")
        name = "apaise.sqlite3" if member.name == DATABASES["sqlite"] else member.name
        read = _write(content, into / name) if with_files or not found else _digest(content)
        if read != digest:
            raise Damaged(f"{member.name} is not as it was when it was written")
        stored += found is not None
    if owed:
        raise Damaged(f"{', '.join(sorted(owed))} is missing")
    return stored


def _write(content: IO[bytes], path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        while chunk := content.read(_CHUNK):
            digest.update(chunk)
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
    return digest.hexdigest()


def digest_of(path: Path) -> str:
    with path.open("rb") as content:
        return _digest(content)


def _digest(content: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while chunk := content.read(_CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
