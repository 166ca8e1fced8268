"""Define what the registry's files are, and what each way to keep them can do.

A blob is stored under the SHA-256 of its bytes and never changes. `FolderBlobs`, `DatabaseBlobs` and
`S3Blobs` keep blobs. Each makes a blob complete and durable before the transaction ends that names it. So an
existing blob can be trusted, and an interrupted publication leaves at most a blob that nothing refers to.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from registry.database.dialect import Transaction

Content = bytes  # the values below have a size called `bytes`
DIGEST = re.compile(r"sha256:[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingFile:
    """Describe a private copy of a file that can become a blob."""

    path: Path
    digest: str  #: `sha256:` and 64 hex digits
    bytes: int
    media_type: str = "application/octet-stream"


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepResult:
    """Count what a sweep removed, or would remove in a dry run."""

    blobs: int  #: blobs that no version names
    uploads: int  #: uploads that were abandoned while they were received or copied
    bytes: int  #: bytes of both


class BlobStore(Protocol):
    """Keep blobs. Any number of processes may use it at once."""

    #: Bytes that are best read at once: a call to another machine takes as long for few as for many.
    chunk: int
    #: Whether a start sweeps it: that is quick in a folder alone.
    swept_at_start: bool

    def send(self, incoming: IncomingFile) -> None:
        """Do before the transaction what of `keep` would hold up other writers for long, if anything.

        Raises `StateUnavailable`.
        """

    def keep(self, db: Transaction, incoming: IncomingFile) -> None:
        """Make the copy a blob that survives a power cut. An existing blob stays as it is.

        `db` is the writing transaction that will name the blob. Raises `StateUnavailable` and OSError.
        """

    def read(self, digest: str, part: range) -> bytes:
        """Return the bytes `part` of a blob. Raises `MissingBlob`, `StateUnavailable` and OSError."""

    def sweep(
        self, db: Transaction, named: Collection[str], *, spared: float, dry_run: bool = False
    ) -> list[int]:
        """Remove blobs whose digest is not among the `named`, and return the bytes of each.

        `db` is a writing transaction, so that no other process keeps a blob at once. Blobs younger than
        `spared` seconds stay, where their age is known. A dry run only lists.
        """


class MissingBlob(OSError):
    """Report that a blob that the database names is not there, or is shorter than it was."""

    def __init__(self, digest: str, size: int, part: range) -> None:
        super().__init__(f"of bytes {part.start} to {part.stop} of the blob {digest} there are {size}")


class DamagedBlob(OSError):
    """Report a blob whose bytes are not those that were published. To publish them again mends it."""

    def __init__(self, digest: str, found: str) -> None:
        super().__init__(f"the blob {digest} has the digest {found}: publish its file again")


@dataclass(frozen=True, slots=True, kw_only=True)
class Blob:
    """Describe a blob that can be served."""

    digest: str  #: `sha256:` and 64 hex digits
    bytes: int
    media_type: str
    store: BlobStore
    #: Digests of the blobs that this process has found to be whole.
    verified: set[str]

    def read(self, part: range | None = None) -> Content:
        """Return the bytes `part`, which is within the blob, or all. The first read compares the digest.

        Raises `DamagedBlob`, and like `BlobStore.read`.
        """
        if self.digest not in self.verified:
            if (found := self.found_digest()) != self.digest:
                raise DamagedBlob(self.digest, found)
            self.verified.add(self.digest)
        return self._part(range(self.bytes) if part is None else part)

    def pieces(self) -> Iterator[Content]:
        """Yield all bytes as they are stored, a piece at a time. Raises like `BlobStore.read`."""
        whole, chunk = range(self.bytes), self.store.chunk
        return (self._part(whole[start : start + chunk]) for start in range(0, self.bytes, chunk))

    def found_digest(self) -> str:
        """Return the digest of the stored bytes. Raises like `BlobStore.read`."""
        running = hashlib.sha256()
        for piece in self.pieces():
            running.update(piece)
        return f"sha256:{running.hexdigest()}"

    def _part(self, part: range) -> Content:
        found = self.store.read(self.digest, part) if part else b""  # S3 knows no empty part
        if len(found) != len(part):
            raise MissingBlob(self.digest, len(found), part)
        return found


def digest_of(path: Path) -> str:
    """Return `sha256:…` of a file's bytes."""
    with path.open("rb") as file:
        return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"


def hex_of(digest: str) -> str:
    """Return the 64 hex digits of a digest. Raises ValueError for an invalid one."""
    if not DIGEST.fullmatch(digest):
        raise ValueError(f"{digest[:100]!r} is no digest")
    return digest.removeprefix("sha256:")
