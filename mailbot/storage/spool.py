"""Files of raw mail beside the ledger, written so that a crash leaves all of one or nothing.

    folder_of   where those of a ledger lie: each ledger has a folder of its own
    Spool       that folder

A file is named for what is in it (`<sha256>.eml`), so writing it twice changes nothing. Of an oversized mail
there are only headers, which two mails may share: its size is in the name as well.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Container
from contextlib import suppress
from pathlib import Path

log = logging.getLogger(__name__)

#: The name of the folder of before, one for all ledgers beside it.
SHARED = "spool"


def folder_of(ledger: Path) -> Path:
    """The folder for the mails of that ledger's file: beside it, and named for it, so that none shares it."""
    return ledger.with_name(f"{ledger.name}.spool")


class Spool:
    """A folder of files, each durable once `put` has returned."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, content: bytes, mark: str = "") -> str:
        """Keep `content`; gives its name, which ends with `mark`.

        Temporary file, fsync, rename, fsync of the folder.
        """
        name = name_of(content, mark)
        self._write(name, content)
        return name

    def take_over(self, shared: Path, ours: Container[str]) -> None:
        """Fetch what is `ours` from the folder of before.

        Each is written here before it goes there, so this may end anywhere and be done again; and the folder
        may be on another disk. What is left belongs to another ledger, or was left behind by a crash.
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
            part.unlink(missing_ok=True)  # on a full disk its half would take room from everybody
            raise
        self._sync_folder()

    def read(self, name: str, most: int = -1) -> bytes:
        """What was put under `name`, at most so many bytes of it. Raises FileNotFoundError."""
        with (self.folder / name).open("rb") as file:
            return file.read(most)

    def remove(self, name: str) -> None:
        """Forget `name`; one that is gone already is no error."""
        (self.folder / name).unlink(missing_ok=True)

    def tidy(self, wanted: Container[str]) -> int:
        """Remove what a crash left behind: parts, and files that no row names. Gives their number."""
        leftovers = [path for path in self.folder.iterdir() if path.name not in wanted]
        for path in leftovers:
            path.unlink(missing_ok=True)  # retention may be at the same file
        return len(leftovers)

    def _sync_folder(self) -> None:
        descriptor = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def name_of(content: bytes, mark: str = "") -> str:
    """The name of the file for `content`: its hex SHA-256, and the mark."""
    return f"{hashlib.sha256(content).hexdigest()}{mark}.eml"
