"""Keep raw mails as files beside the ledger, so that a crash leaves all of a file or nothing.

A file is named for its content (`<sha256>.eml`), so writing it twice changes nothing. An oversized mail is
kept as its headers only, which two mails may share, so its size is in the name as well.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Container
from contextlib import suppress
from pathlib import Path

from styles.service.archive import sync_folder

log = logging.getLogger(__name__)

#: Name of the folder that older versions used, one for all ledgers beside it.
SHARED = "spool"


def folder_of(ledger: Path) -> Path:
    """Return the folder for that ledger's mails: beside it and named for it, so never shared."""
    return ledger.with_name(f"{ledger.name}.spool")


class Spool:
    """Keep files in a folder. Each is durable once `put` has returned."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, content: bytes, mark: str = "") -> str:
        """Keep `content` and return its name, which ends with `mark`.

        The steps are: temporary file, fsync, rename, fsync of the folder.
        """
        name = name_of(content, mark)
        self._write(name, content)
        return name

    def take_over(self, shared: Path, ours: Container[str]) -> None:
        """Move the files named in `ours` from the shared folder of older versions.

        Each is written here before it is deleted there, so this may be interrupted and repeated, and the
        folder may be on another disk. Files that stay belong to another ledger, or were left behind by a
        crash.
        """
        paths = [path for path in shared.glob("*.eml*") if path.is_file()]
        taken = [path for path in paths if path.name in ours]
        for path in taken:
            self._write(path.name, path.read_bytes())
            path.unlink()
        if len(taken) < len(paths):
            log.warning("%d files in %s are of no mail in this ledger", len(paths) - len(taken), shared)
        with suppress(OSError):  # not empty, or a disk of its own
            shared.rmdir()

    def _write(self, name: str, content: bytes) -> None:
        part = self.folder / f"{name}.part"
        try:
            with part.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            part.replace(self.folder / name)
        except OSError:
            part.unlink(missing_ok=True)  # on a full disk the partial file would take up room
            raise
        sync_folder(self.folder)

    def read(self, name: str, most: int = -1) -> bytes:
        """Return the file of that name, or its first `most` bytes. Raises FileNotFoundError."""
        with (self.folder / name).open("rb") as file:
            return file.read(most)

    def remove(self, name: str) -> None:
        """Remove the file of that name; a missing one is no error."""
        (self.folder / name).unlink(missing_ok=True)

    def tidy(self, wanted: Container[str]) -> int:
        """Remove the partial and unnamed files that a crash left behind; return their number."""
        leftovers = [path for path in self.folder.iterdir() if path.name not in wanted]
        for path in leftovers:
            path.unlink(missing_ok=True)  # retention may be at the same file
        return len(leftovers)


def name_of(content: bytes, mark: str = "") -> str:
    """Return the name of the file for `content`: its hex SHA-256 and the mark."""
    return f"{hashlib.sha256(content).hexdigest()}{mark}.eml"


def file_sizes(folder: Path, pattern: str = "*") -> list[int]:
    """Return the bytes of each file in a folder that the bot may be changing."""
    sizes = []
    for path in folder.glob(pattern):
        with suppress(FileNotFoundError):  # the bot has just removed it
            if path.is_file():
                sizes.append(path.stat().st_size)
    return sizes
