"""Files by the SHA-256 of their bytes: written once, never changed.

    FOLDER/blobs/ab/abcdef…      a whole file; its name is its digest
           incoming/…            copies that are still being made

A blob gets its name only when it is whole and on the disk, so a name that exists can be trusted. One whose
publication was cut short is a file that nothing refers to: the next attempt finds it there, and a start
sweeps it, like the copies that a kill left, when it is an hour old.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

DIGEST = re.compile(r"sha256:[0-9a-f]{64}", re.ASCII)
#: A copy, or a blob without a name, that is that old, seconds, is nobody's: the longest upload takes minutes.
ABANDONED_AFTER = 3600.0
#: Copied at once, bytes.
CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A private copy of a file, on the disk, not yet a blob."""

    path: Path
    digest: str  #: `sha256:` and 64 hex digits
    bytes: int


class Blobs:
    """The blobs below a folder; any number of processes may use it at once."""

    def __init__(self, folder: Path) -> None:
        self._blobs = folder / "blobs"
        self._incoming = folder / "incoming"
        self._blobs.mkdir(parents=True, exist_ok=True)
        self._incoming.mkdir(exist_ok=True)

    def path(self, digest: str) -> Path:
        """Where the blob lies or would lie. Raises ValueError for what is no digest."""
        if not DIGEST.fullmatch(digest):
            raise ValueError(f"{digest[:100]!r} is no digest")
        name = digest.removeprefix("sha256:")
        return self._blobs / name[:2] / name

    @contextmanager
    def receive(self, source: Path) -> Iterator[Incoming]:
        """A copy of `source` to check and `keep`; if it is not kept, it is gone after the block."""
        copy = self._incoming / secrets.token_hex(16)
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

    def sweep(self, named: Collection[str]) -> None:
        """Removes what a kill left: old copies, and old blobs whose digest is not among the `named`.

        Nobody may `keep` a blob meanwhile: one that lay here unnamed for long would go and be named at once.
        """
        oldest = time.time() - ABANDONED_AFTER
        orphans = [blob for blob in self._blobs.glob("*/*") if f"sha256:{blob.name}" not in named]
        for path in [*self._incoming.iterdir(), *orphans]:
            try:
                if path.stat().st_mtime < oldest:
                    path.unlink()
            except FileNotFoundError:  # its owner has just finished with it
                continue


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


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
