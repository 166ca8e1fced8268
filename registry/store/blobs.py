"""Files by the SHA-256 of their bytes: written once, never changed.

    FOLDER/blobs/ab/abcdef…      a whole file; its name is its digest
           incoming/…            what is still being received or copied: files, and folders of uploads

A blob gets its name only when it is whole and on the disk, so a name that exists can be trusted. One whose
publication was cut short is a file that nothing refers to: the next attempt finds it there, and a start
sweeps it, like the uploads and copies that a kill left, when it is an hour old.
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
#: What nobody has written to for so long, seconds, is nobody's: an upload that is alive is written to all
#: the time, and the validation after it takes a minute at most.
ABANDONED_AFTER = 3600.0
#: Copied at once, bytes.
CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A private copy of a file, on the disk, not yet a blob."""

    path: Path
    digest: str  #: `sha256:` and 64 hex digits
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """What a sweep removed, or would remove."""

    blobs: int  #: that nothing names
    uploads: int  #: that were abandoned while they were received or copied
    bytes: int  #: of both


class BlobStore:
    """The blobs below a folder; any number of processes may use it at once."""

    def __init__(self, folder: Path) -> None:
        self._blobs = folder / "blobs"
        #: Where files are received that may become blobs: a rename away from them.
        self.incoming = folder / "incoming"
        self._blobs.mkdir(parents=True, exist_ok=True)
        self.incoming.mkdir(exist_ok=True)

    def path(self, digest: str) -> Path:
        """Where the blob lies or would lie. Raises ValueError for what is no digest."""
        if not DIGEST.fullmatch(digest):
            raise ValueError(f"{digest[:100]!r} is no digest")
        name = digest.removeprefix("sha256:")
        return self._blobs / name[:2] / name

    @contextmanager
    def receive(self, source: Path) -> Iterator[Incoming]:
        """A copy of `source` to check and `keep`; if it is not kept, it is gone after the block."""
        copy = self.incoming / secrets.token_hex(16)
        try:
            yield _copy(source, copy)
        finally:
            copy.unlink(missing_ok=True)

    def keep(self, incoming: Incoming) -> None:
        """Makes the copy a blob that outlives a power cut. One that is there already stays as it is."""
        path = self.path(incoming.digest)
        if not path.exists():
            path.parent.mkdir(exist_ok=True)
            incoming.path.replace(path)
        # Also for what was there: the process that renamed it may have been killed before it came so far.
        _sync_folder(path.parent)
        _sync_folder(self._blobs)

    def sweep(
        self, named: Collection[str], *, spared: float = ABANDONED_AFTER, dry_run: bool = False
    ) -> Swept:
        """Removes what a kill left: abandoned uploads, and blobs whose digest is not among the `named`.

        Blobs younger than `spared` seconds stay. Nobody may `keep` a blob meanwhile: one that lay here
        unnamed would go and be named at once. A dry run only tells.
        """
        orphans = [blob for blob in self._blobs.glob("*/*") if f"sha256:{blob.name}" not in named]
        blobs = [_remove(path, spared, dry_run) for path in orphans]
        uploads = [_remove(path, ABANDONED_AFTER, dry_run) for path in self.incoming.iterdir()]
        gone = [size for size in blobs + uploads if size is not None]
        count = len(blobs) - blobs.count(None)
        return Swept(blobs=count, uploads=len(gone) - count, bytes=sum(gone))


def digest_of(path: Path) -> str:
    """`sha256:…` of a file's bytes."""
    with path.open("rb") as file:
        return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"


def _copy(source: Path, target: Path) -> Incoming:
    digest, size = hashlib.sha256(), 0
    with source.open("rb") as original, target.open("xb") as copy:
        while chunk := original.read(CHUNK):
            digest.update(chunk)
            size += copy.write(chunk)
        copy.flush()
        os.fsync(copy.fileno())
    target.chmod(0o444)
    return Incoming(path=target, digest=f"sha256:{digest.hexdigest()}", bytes=size)


def _remove(path: Path, spared: float, dry_run: bool) -> int | None:
    """Removes a file or folder unless something in it was written to in the last `spared` seconds.

    Gives its bytes, or None if it stays or is gone: its owner has just finished with it.
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
