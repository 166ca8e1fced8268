"""The styles that a runner holds: as blobs on disk, and ready to paint in memory.

    Blobs    a folder with one file a digest; what is missing is pulled from the registry, and what was
             not used for longest is removed when the folder grows too large
    Models   what the engine made of them, limited by bytes, the least recently used leaves first;
             what several share counts once

A style that is on disk or in memory needs no registry. One digest is loaded once, however many ask for
it, and what is in use is never evicted: where everything is in use, the limit is exceeded for a while.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
import os
import re
import time
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, NamedTuple, Protocol, TypeVar

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


class Blobs:
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


class Shared(NamedTuple):
    """What several loaded styles have in common, and which is in memory once."""

    what: object  #: told from others by its identity
    bytes: int


class Sized(Protocol):
    """A loaded style, as far as its keeping is concerned."""

    @property
    def bytes(self) -> int:
        """Memory that it takes by itself."""

    @property
    def shared(self) -> Shared | None:
        """What it has in common with others."""


M = TypeVar("M", bound=Sized)


class _Taken:
    """Memory that loaded styles take; what they share counts once."""

    def __init__(self) -> None:
        self.bytes = 0
        self._sharing: Counter[int] = Counter()

    def add(self, model: Sized) -> None:
        """A style was loaded."""
        self.bytes += model.bytes
        if model.shared is not None:
            key = id(model.shared.what)
            self._sharing[key] += 1
            self.bytes += model.shared.bytes if self._sharing[key] == 1 else 0

    def remove(self, model: Sized) -> None:
        """A style was dropped."""
        self.bytes -= model.bytes
        if model.shared is not None:
            key = id(model.shared.what)
            self._sharing[key] -= 1
            self.bytes -= 0 if self._sharing[key] else model.shared.bytes


@dataclass(slots=True)
class _Entry(Generic[M]):
    """A style in memory, or on its way there."""

    model: asyncio.Task[M]
    users: int = 0

    @property
    def loaded(self) -> M | None:
        """The style, unless it is still being loaded."""
        there = self.model.done() and not self.model.cancelled() and self.model.exception() is None
        return self.model.result() if there else None


class Models(Generic[M]):
    """Loaded styles by digest. `load` reads one; `limit` is in bytes."""

    def __init__(self, load: Callable[[str], Awaitable[M]], limit: int) -> None:
        self._load = load
        self._limit = limit
        self._entries: OrderedDict[str, _Entry[M]] = OrderedDict()  # least recently used first
        self._taken = _Taken()
        self.loads = 0  #: styles that were loaded
        self.evictions = 0  #: styles that were dropped again to make room

    @property
    def resident(self) -> frozenset[str]:
        """Digests of what is loaded."""
        return frozenset(digest for digest, entry in self._entries.items() if entry.loaded is not None)

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
            model = await self._load(digest)
        except BaseException:
            del self._entries[digest]  # the next who asks tries again
            raise
        self.loads += 1
        self._taken.add(model)
        return model

    def _evict(self) -> None:
        """Drops what was not used for longest until the rest fits, except what is in use."""
        if self._taken.bytes <= self._limit:
            return
        for digest, entry in list(self._entries.items()):
            model = entry.loaded
            if entry.users or model is None:
                continue
            del self._entries[digest]
            self._taken.remove(model)
            self.evictions += 1
            log.info("evicted %s", digest)
            if self._taken.bytes <= self._limit:
                return
