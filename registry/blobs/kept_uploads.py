"""Keep an uploaded file for a while, since its sender may publish it again with other values.

A network of 26 styles is sent once that way. Only the person who sent a file gets it, by its digest. It is
removed `KEPT_SECONDS` after its last use, or when the person sends another network of many styles. Files are
linked, not copied, so nothing here waits for the disk.
"""

from __future__ import annotations

import asyncio
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from styles.errors import Permanent

#: Seconds after its last use for which a file is kept: a trial takes seconds, and a person reads the form.
KEPT_SECONDS = 1800.0
#: Files kept at once, one of a person. Each may take `max_upload_bytes` of the disk.
MOST_KEPT = 16


class NotKept(Permanent, LookupError):
    """Report that a file is to be sent again."""

    status = 410

    def __init__(self) -> None:
        super().__init__("The registry no longer has this file: send it again, as the field weights.")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    digest: str
    path: Path
    end: asyncio.TimerHandle


class KeptUploads:
    """Hold the kept files of one process, in the folder of uploads in progress, which a start clears."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept: dict[str, _Kept] = {}  # by person, the one that was used last at the end

    def keep(self, person: str, digest: str, file: Path) -> None:
        """Keep a file instead of the person's other one, and of the one unused for longest where many are."""
        self._remove(person)
        while len(self._kept) >= MOST_KEPT:
            self._remove(next(iter(self._kept)))
        path = self._folder / secrets.token_hex(16)
        with suppress(OSError):  # on a file system without links a file is sent each time
            path.hardlink_to(file)
            end = asyncio.get_running_loop().call_later(KEPT_SECONDS, self._remove, person)
            self._kept[person] = _Kept(digest=digest, path=path, end=end)

    def take(self, person: str, digest: str, target: Path) -> None:
        """Put a person's file at `target`. Raises `NotKept`."""
        kept = self._kept.get(person)
        if kept is None or kept.digest != digest:
            raise NotKept
        try:
            target.hardlink_to(kept.path)
        except OSError as error:  # `registry gc` removes what was sent an hour ago
            raise NotKept from error

    def _remove(self, person: str) -> None:
        if kept := self._kept.pop(person, None):
            kept.end.cancel()
            kept.path.unlink(missing_ok=True)
