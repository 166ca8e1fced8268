"""The styles that a runner holds: as blobs on disk, and ready to paint in memory.

    Blobs    a folder with one file a digest; what is missing is pulled from the registry
    Models   what the engine made of them, limited by bytes, the least recently used leaves first

A style that is on disk or in memory needs no registry. One digest is loaded once, however many ask for
it, and what is in use is never evicted: where everything is in use, the limit is exceeded for a while.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
import re
import shutil
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Generic, Protocol, TypeVar

from styles.errors import RegistryUnavailable

log = logging.getLogger(__name__)

DIGEST = re.compile(r"sha256:([0-9a-f]{64})")
#: How a folder of unfinished files ends; the pid of the runner that fills it stands before.
PARTIAL = ".partial"

#: Pulls the blob of a digest into a file. Raises `RegistryUnavailable`.
Download = Callable[[str, Path], Awaitable[object]]


class Blobs:
    """A folder of blobs by digest; several runners may share it."""

    def __init__(self, folder: Path, download: Download) -> None:
        self._folder = folder
        self._download = download

    def startup(self) -> None:
        """Makes the folder, and removes what runners that are gone have left unfinished."""
        self._folder.mkdir(parents=True, exist_ok=True)
        for partial in self._folder.glob(f"*{PARTIAL}"):
            if not _is_alive(partial.name.partition(".")[0]):
                shutil.rmtree(partial, ignore_errors=True)

    async def path(self, digest: str) -> Path:
        """The blob's file, its digest checked. Raises `RegistryUnavailable`, ValueError for no digest."""
        match = DIGEST.fullmatch(digest)
        if match is None:
            raise ValueError(f"{digest!r} is no digest")
        path = self._folder / match[1]
        if path.exists():
            if await asyncio.to_thread(_has_digest, path, digest):
                return path
            log.warning("%s is damaged and pulled again", path)
        await self._pull(digest, path)
        return path

    async def _pull(self, digest: str, path: Path) -> None:
        # A folder of this process's own: runners may share the cache and pull the same blob at once.
        with TemporaryDirectory(prefix=f"{os.getpid()}.", suffix=PARTIAL, dir=self._folder) as partial:
            pulled = Path(partial, path.name)
            await self._download(digest, pulled)
            if not await asyncio.to_thread(_has_digest, pulled, digest):
                raise RegistryUnavailable(f"what came for {digest} is something else")
            await asyncio.to_thread(pulled.replace, path)
        log.info("pulled %s", digest)


def _has_digest(path: Path, digest: str) -> bool:
    with path.open("rb") as file:
        return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}" == digest


def _is_alive(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True


class Sized(Protocol):
    """A loaded style, as far as its keeping is concerned."""

    @property
    def bytes(self) -> int:
        """Memory that it takes."""


M = TypeVar("M", bound=Sized)


@dataclass(slots=True)
class _Entry(Generic[M]):
    """A style in memory, or on its way there."""

    model: asyncio.Task[M]
    users: int = 0

    @property
    def bytes(self) -> int:
        """Memory that it takes; nothing is known of one that is still being loaded."""
        loaded = self.model.done() and not self.model.cancelled() and self.model.exception() is None
        return self.model.result().bytes if loaded else 0


class Models(Generic[M]):
    """Loaded styles by digest. `load` reads one; `limit` is in bytes."""

    def __init__(self, load: Callable[[str], Awaitable[M]], limit: int) -> None:
        self._load = load
        self._limit = limit
        self._entries: OrderedDict[str, _Entry[M]] = OrderedDict()  # least recently used first

    @property
    def resident(self) -> frozenset[str]:
        """Digests of what is loaded."""
        return frozenset(digest for digest, entry in self._entries.items() if entry.bytes)

    @asynccontextmanager
    async def hold(self, digest: str) -> AsyncIterator[M]:
        """The loaded style, kept in memory while the block lasts. Raises what `load` raises."""
        entry = self._entries.get(digest)
        if entry is None:
            entry = self._entries[digest] = _Entry(asyncio.ensure_future(self._loaded(digest)))
        self._entries.move_to_end(digest)
        entry.users += 1
        try:
            model = await asyncio.shield(entry.model)
            self._evict()
            yield model
        finally:
            entry.users -= 1
            self._evict()

    async def _loaded(self, digest: str) -> M:
        try:
            return await self._load(digest)
        except BaseException:
            del self._entries[digest]  # the next who asks tries again
            raise

    def _evict(self) -> None:
        """Drops what was not used for longest until the rest fits, except what is in use."""
        total = sum(entry.bytes for entry in self._entries.values())
        for digest, entry in list(self._entries.items()):
            if total <= self._limit:
                return
            if not entry.users and entry.bytes:
                total -= entry.bytes
                del self._entries[digest]
                log.info("evicted %s", digest)
