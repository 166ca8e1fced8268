"""Files of raw mail beside the ledger, written so that a crash leaves all of one or nothing.

A file is named for what is in it (`<sha256>.eml`), so writing it twice changes nothing. Of an oversized mail
there are only headers, which two mails may share: its size is in the name as well.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Container
from pathlib import Path

#: Its name, beside the ledger.
FOLDER = "spool"


class Spool:
    """A folder of files, each durable once `put` has returned."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, content: bytes, mark: str = "") -> str:
        """Keep `content`; gives its name, which ends with `mark`.

        Temporary file, fsync, rename, fsync of the folder.
        """
        name = name_of(content, mark)
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
        return name

    def read(self, name: str) -> bytes:
        """What was put under `name`. Raises FileNotFoundError."""
        return (self.folder / name).read_bytes()

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
