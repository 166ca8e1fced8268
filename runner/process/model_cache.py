"""Cache loaded styles in memory, limited by bytes.

The least recently used style leaves first; a session that several styles share counts once. One digest is
loaded once for all concurrent users. A style in use is never evicted, so the limit may be exceeded for a
while.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Generic, NamedTuple, Protocol, TypeVar

from styles.contract import split_digest

log = logging.getLogger(__name__)


class Shared(NamedTuple):
    """Describe an object that several loaded styles share; it is in memory once."""

    what: object  #: compared by identity
    bytes: int


class Sized(Protocol):
    """Measure the memory of a loaded style."""

    @property
    def bytes(self) -> int:
        """Bytes that it takes by itself."""

    @property
    def shared(self) -> Shared | None:
        """The object that it shares with other styles, or None."""


M = TypeVar("M", bound=Sized)


class _MemoryUse:
    """Count the bytes of loaded styles; what they share counts once."""

    def __init__(self) -> None:
        self.bytes = 0
        self._sharing: Counter[int] = Counter()

    def count(self, model: Sized, sign: int) -> None:
        """Add a loaded style (1), or remove a dropped one (-1)."""
        self.bytes += sign * model.bytes
        if model.shared is not None:
            key = id(model.shared.what)
            users = self._sharing[key], self._sharing[key] + sign
            self._sharing[key] = users[1]
            self.bytes += sign * model.shared.bytes * (0 in users)


@dataclass(slots=True)
class _Entry(Generic[M]):
    """Hold a style that is loaded or being loaded."""

    loading: asyncio.Task[M]
    loaded: M | None = None  #: the style, or None while it is being loaded
    users: int = 0


class ModelCache(Generic[M]):
    """Cache loaded styles by digest. `load` reads one; `limit` is in bytes."""

    def __init__(self, load: Callable[[str], Awaitable[M]], limit: int) -> None:
        self._load = load
        self._limit = limit
        self._entries: OrderedDict[str, _Entry[M]] = OrderedDict()  # least recently used first
        self._taken = _MemoryUse()
        self.loads = 0  #: styles loaded until now
        self.evictions = 0  #: styles dropped to make room

    @property
    def resident(self) -> frozenset[str]:
        """Digests of the loaded styles."""
        return frozenset(digest for digest, entry in self._entries.items() if entry.loaded is not None)

    @asynccontextmanager
    async def hold(self, digest: str) -> AsyncIterator[M]:
        """Yield the loaded style, and keep it in memory during the block. Raises the errors of `load`."""
        entry = self._entries.get(digest)
        if entry is None:
            entry = self._entries[digest] = _Entry(asyncio.ensure_future(self._loaded(digest)))
        self._entries.move_to_end(digest)
        entry.users += 1
        try:
            model = await asyncio.shield(entry.loading)
            self._evict()
            yield model
        finally:
            entry.users -= 1
            self._evict()

    async def _loaded(self, digest: str) -> M:
        try:
            model = await self._load(digest)
        except BaseException:
            del self._entries[digest]  # the next caller tries again
            raise
        self._entries[digest].loaded = model
        self.loads += 1
        self._taken.count(model, 1)
        return model

    def _evict(self) -> None:
        """Drop the least recently used styles until the rest fits, except those in use."""
        if self._taken.bytes <= self._limit:
            return
        for digest, entry in list(self._entries.items()):
            model = entry.loaded
            if entry.users or model is None:
                continue
            del self._entries[digest]
            self._taken.count(model, -1)
            self.evictions += 1
            log.info("evicted %s", split_digest(digest)[0])
            if self._taken.bytes <= self._limit:
                return
