"""The styles that a runner holds as blobs on disk.

A folder with one file a digest; what is missing is pulled from the registry, and what was not used for
longest is removed when the folder grows too large. A style that is there needs no registry.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
import os
import re
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from styles.errors import RegistryUnavailable

log = logging.getLogger(__name__)

DIGEST = re.compile(r"sha256:([0-9a-f]{64})")
#: How a blob is called in the folder; nothing else there is ever pruned.
BLOB = "[0-9a-f]" * 64
#: How a file ends that is still being pulled.
PARTIAL = ".partial"
#: How long a blob may take, seconds. It is pulled while its photos are with the runner, which is killed
#: after 45 s as one that hangs: a slow registry must be told from that, and leave time to paint.
PULL_SECONDS = 20.0
#: An unfinished file that nothing was added to for so long has nobody left to finish it, seconds.
STALE_SECONDS = 60.0
#: A blob used so recently is not pruned: another runner may be about to read it. Seconds.
IN_USE_SECONDS = 60.0

#: Pulls the blob of a digest into a file, which is whole and what its digest says, or is not there.
#: Raises `RegistryUnavailable`. `RegistryClient.download` is one.
Download = Callable[[str, Path], Awaitable[object]]


class BlobCache:
    """A folder of blobs by digest; several runners may share it. `limit` is in bytes."""

    def __init__(self, folder: Path, download: Download, limit: int = 4 << 30) -> None:
        self._folder = folder
        self._download = download
        self._limit = limit

    def startup(self) -> None:
        """Makes the folder, and removes what runners that were killed have left unfinished."""
        self._folder.mkdir(parents=True, exist_ok=True)
        for _, partial in self._files(f"*{PARTIAL}", STALE_SECONDS):
            partial.unlink(missing_ok=True)

    async def path(self, digest: str) -> Path:
        """The blob's file, its digest checked. Raises `RegistryUnavailable`, ValueError for no digest."""
        match = DIGEST.fullmatch(digest)
        if match is None:
            raise ValueError(f"{digest!r} is no digest")
        path = self._folder / match[1]
        if not await asyncio.to_thread(_is_whole, path, digest):
            await self._pull(digest, path)
        return path

    async def _pull(self, digest: str, path: Path) -> None:
        try:
            async with asyncio.timeout(PULL_SECONDS):
                await self._download(digest, path)
        except TimeoutError as error:
            raise RegistryUnavailable(f"{digest} did not come within {PULL_SECONDS:g} s") from error
        log.info("pulled %s", digest)
        await asyncio.to_thread(self._prune)

    def _prune(self) -> None:
        """Removes the blobs that were not used for longest until the rest fits, except what is in use."""
        excess = sum(size for size, _ in self._files(BLOB, 0)) - self._limit
        for size, path in self._files(BLOB, IN_USE_SECONDS):
            if excess <= 0:
                return
            path.unlink(missing_ok=True)
            excess -= size
            log.info("pruned %s", path)

    def _files(self, pattern: str, seconds: float) -> list[tuple[int, Path]]:
        """Size and path of what is so called and was not used for so long, the least recently used first."""
        found = []
        for path in self._folder.glob(pattern):
            with contextlib.suppress(FileNotFoundError):  # another runner was quicker
                status = path.stat()
                if status.st_mtime <= time.time() - seconds:
                    found.append((status.st_mtime, status.st_size, path))
        return [(size, path) for _, size, path in sorted(found)]


def _is_whole(path: Path, digest: str) -> bool:
    """Whether the blob is there and what its digest says; it is marked as used."""
    try:
        with path.open("rb") as file:
            found = f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"
        os.utime(path)
    except FileNotFoundError:
        return False
    if found != digest:
        log.warning("%s is damaged and pulled again", path)
    return found == digest
