"""Store files under the SHA-256 of their bytes; a file never changes.

    FOLDER/blobs/ab/abcdef…      a whole file; its name is its digest
           incoming/…            files and upload folders that are still being received or copied

A blob gets its name only when it is complete and on the disk, so an existing name can be trusted. An
interrupted publication leaves a blob that nothing refers to. The next attempt reuses it. Otherwise a sweep at
a start removes it after an hour, like abandoned uploads and copies.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
import stat
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

DIGEST = re.compile(r"sha256:[0-9a-f]{64}", re.ASCII)
#: Seconds without a write after which a file counts as abandoned. A live upload is written to all the time,
#: and its validation takes a minute at most.
ABANDONED_AFTER = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Blob:
    """Describe a blob that can be served, or a private copy of a file that can become one."""

    path: Path
    digest: str  #: `sha256:` and 64 hex digits
    bytes: int
    media_type: str = "application/octet-stream"


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """Count what a sweep removed, or would remove in a dry run."""

    blobs: int  #: blobs that no version names
    uploads: int  #: uploads that were abandoned while they were received or copied
    bytes: int  #: bytes of both


class BlobStore:
    """Hold the blobs below a folder. Any number of processes may use it at once."""

    def __init__(self, folder: Path) -> None:
        self._blobs = folder / "blobs"
        #: Folder where files are received, so that a rename makes them blobs.
        self.incoming = folder / "incoming"
        self._blobs.mkdir(parents=True, exist_ok=True)
        self.incoming.mkdir(exist_ok=True)

    def path(self, digest: str) -> Path:
        """Return the path of a blob, which need not exist. Raises ValueError for an invalid digest."""
        if not DIGEST.fullmatch(digest):
            raise ValueError(f"{digest[:100]!r} is no digest")
        name = digest.removeprefix("sha256:")
        return self._blobs / name[:2] / name

    @contextmanager
    def receive(self, source: Path) -> Iterator[Blob]:
        """Copy `source` for a check and `keep`. A copy that is not kept is removed after the block."""
        copy = self.incoming / secrets.token_hex(16)
        try:
            shutil.copyfile(source, copy)
            with copy.open("rb") as file:
                os.fsync(file.fileno())
            copy.chmod(0o444)
            yield Blob(path=copy, digest=digest_of(copy), bytes=copy.stat().st_size)
        finally:
            copy.unlink(missing_ok=True)

    def keep(self, incoming: Blob) -> None:
        """Make the copy a blob that survives a power cut. An existing blob stays as it is."""
        path = self.path(incoming.digest)
        if not path.exists():
            path.parent.mkdir(exist_ok=True)
            incoming.path.replace(path)
        # For an existing blob too: the process that renamed it may have been killed before its fsync.
        _sync_folder(path.parent)
        _sync_folder(self._blobs)

    def sweep(
        self, named: Collection[str], *, spared: float = ABANDONED_AFTER, dry_run: bool = False
    ) -> Swept:
        """Remove abandoned uploads, and blobs whose digest is not among the `named`.

        Blobs younger than `spared` seconds stay. Nobody may call `keep` meanwhile: a blob could be removed
        just before a version names it. A dry run only counts.
        """
        orphans = [blob for blob in self._blobs.glob("*/*") if f"sha256:{blob.name}" not in named]
        blobs = [_remove(path, spared, dry_run) for path in orphans]
        uploads = [_remove(path, ABANDONED_AFTER, dry_run) for path in self.incoming.iterdir()]
        gone = [size for size in blobs + uploads if size is not None]
        count = len(blobs) - blobs.count(None)
        return Swept(blobs=count, uploads=len(gone) - count, bytes=sum(gone))


def digest_of(path: Path) -> str:
    """Return `sha256:…` of a file's bytes."""
    with path.open("rb") as file:
        return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"


def _remove(path: Path, spared: float, dry_run: bool) -> int | None:
    """Remove a file or folder unless something in it was written to in the last `spared` seconds.

    Returns its bytes, or None if it stays, or if its owner has just removed it.
    """
    try:
        found = [entry.lstat() for entry in (path, *path.rglob("*"))]
        if max(status.st_mtime for status in found) > time.time() - spared:
            return None
        if not dry_run:
            shutil.rmtree(path) if stat.S_ISDIR(found[0].st_mode) else path.unlink()
    except FileNotFoundError:
        return None
    return sum(status.st_size for status in found if stat.S_ISREG(status.st_mode))


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
