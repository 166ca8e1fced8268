"""Keep blobs as files of a folder.

    FOLDER/ab/abcdef…      a whole file; its name is its digest

A blob gets its name only when it is complete and on the disk. One that was damaged since is replaced when its
file is published again. An interrupted publication leaves a blob that nothing refers to. The next attempt
reuses it. Otherwise a sweep at a start removes it after an hour.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Collection
from pathlib import Path

from registry.blobs.blob import IncomingFile, MissingBlob, digest_of, hex_of
from registry.blobs.incoming_files import remove_old
from registry.database.dialect import Transaction
from styles.service.archive import sync_folder

#: Errors of a file that is missing, or a link where none should be.
LINK_OR_MISSING = (errno.ENOENT, errno.ELOOP, errno.ENOTDIR)


class FolderBlobs:
    """Hold the blobs of a folder. See `BlobStore`."""

    chunk = 256 * 1024
    swept_at_start = True

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def path(self, digest: str) -> Path:
        """Return the path of a blob, which need not exist. Raises ValueError for an invalid digest."""
        name = hex_of(digest)
        return self._folder / name[:2] / name

    def send(self, incoming: IncomingFile) -> None:
        """See `BlobStore`. A copy is renamed in no time."""

    def keep(self, db: Transaction, incoming: IncomingFile) -> None:
        """See `BlobStore`. The copy is on the file system of the blobs, and is renamed."""
        path = self.path(incoming.digest)
        if not _is_whole(path, incoming.digest):
            path.parent.mkdir(exist_ok=True)
            incoming.path.replace(path)
        # For an existing blob too: the process that renamed it may have been killed before its fsync.
        sync_folder(path.parent)
        sync_folder(self._folder)

    def read(self, digest: str, part: range) -> bytes:
        """See `BlobStore`. A disconnect leaves no file open: it is open only here. No link is followed."""
        path = self.path(digest)
        try:
            folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
            try:
                descriptor = os.open(path.name, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)
            finally:
                os.close(folder)
            with open(descriptor, "rb") as file:
                file.seek(part.start)
                return file.read(len(part))
        except OSError as error:
            if error.errno not in LINK_OR_MISSING:
                raise
            raise MissingBlob(digest, 0, part) from error

    def sweep(
        self, db: Transaction, named: Collection[str], *, spared: float, dry_run: bool = False
    ) -> list[int]:
        """See `BlobStore`."""
        orphans = [path for path in self._folder.glob("*/*") if f"sha256:{path.name}" not in named]
        found = [remove_old(path, spared, dry_run=dry_run) for path in orphans]
        return [size for size in found if size is not None]


def _is_whole(path: Path, digest: str) -> bool:
    return path.is_file() and not path.is_symlink() and digest_of(path) == digest
