"""Cache style files as blobs on disk, one file a digest.

A missing blob is pulled from the registry. The least recently used blobs are removed when the folder is too
large. A style whose blob is here needs no registry. Runner processes may read the folder and nothing else, so
they ask for what they need (`runner/protocol/pull_messages.py`).
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

from styles.contract import split_digest
from styles.errors import RegistryUnavailable

log = logging.getLogger(__name__)

DIGEST = re.compile(r"sha256:([0-9a-f]{64})")
#: Name of a blob in the folder; no other file is ever pruned.
BLOB = "[0-9a-f]" * 64
#: Suffix of a file that is still being pulled.
PARTIAL = ".partial"
#: Seconds to pull a blob. Its photos are with the runner meanwhile, which is killed after 45 s. So a pull
#: from a slow registry must fail before that, with time left to paint.
PULL_SECONDS = 20.0
#: Seconds without growth after which an unfinished file is abandoned.
STALE_SECONDS = 60.0
#: Seconds since its last use for which a blob is not pruned, since a runner may be about to read it.
IN_USE_SECONDS = 60.0

#: Pulls the blob of a digest into a file, which afterwards is complete and verified, or does not exist.
#: Raises `RegistryUnavailable`. `RegistryClient.download` is one.
Download = Callable[[str, Path], Awaitable[object]]


class BlobCache:
    """Keep blobs by digest in a folder; several balancers may share it. `limit` is in bytes."""

    def __init__(self, folder: Path, download: Download, limit: int = 4 << 30) -> None:
        self._folder = folder
        self._download = download
        self._limit = limit

    def startup(self) -> None:
        """Make the folder, and remove unfinished files of balancers that were killed."""
        self._folder.mkdir(parents=True, exist_ok=True)
        for _, partial in self._files(f"*{PARTIAL}", STALE_SECONDS):
            partial.unlink(missing_ok=True)

    async def path(self, digest: str) -> Path:
        """Return the blob's file, its digest verified. Raises `RegistryUnavailable`, ValueError.

        The digest of a private style has its key. A disk that is full or broken counts as an unavailable
        registry: its photos fail, not this process.
        """
        plain, _ = split_digest(digest)
        match = DIGEST.fullmatch(plain)
        if match is None:
            raise ValueError(f"{plain!r} is no digest")
        path = self._folder / match[1]
        try:
            if not await asyncio.to_thread(_is_whole, path, plain):
                await self._pull(digest, path)
        except RegistryUnavailable:  # an OSError as well
            raise
        except OSError as error:
            raise RegistryUnavailable(f"the file of {plain} cannot be kept: {error}") from error
        return path

    async def _pull(self, digest: str, path: Path) -> None:
        plain, _ = split_digest(digest)
        try:
            async with asyncio.timeout(PULL_SECONDS):
                await self._download(digest, path)
        except TimeoutError as error:
            raise RegistryUnavailable(f"{plain} did not come within {PULL_SECONDS:g} s") from error
        log.info("pulled %s", plain)
        await asyncio.to_thread(self._prune)

    def _prune(self) -> None:
        """Remove the least recently used blobs until the rest fits, except those in use."""
        excess = sum(size for size, _ in self._files(BLOB, 0)) - self._limit
        for size, path in self._files(BLOB, IN_USE_SECONDS):
            if excess <= 0:
                return
            path.unlink(missing_ok=True)
            excess -= size
            log.info("pruned %s", path)

    def _files(self, pattern: str, seconds: float) -> list[tuple[int, Path]]:
        """List size and path of files unused for `seconds`, the least recently used first."""
        found = []
        for path in self._folder.glob(pattern):
            with contextlib.suppress(FileNotFoundError):  # another balancer has removed it
                status = path.stat()
                if status.st_mtime <= time.time() - seconds:
                    found.append((status.st_mtime, status.st_size, path))
        return [(size, path) for _, size, path in sorted(found)]


def _is_whole(path: Path, digest: str) -> bool:
    """Tell whether the blob exists with the right digest, and mark it as used."""
    try:
        with path.open("rb") as file:
            found = f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"
        os.utime(path)
    except FileNotFoundError:
        return False
    if found != digest:
        log.warning("%s is damaged, it is pulled again", path)
    return found == digest
