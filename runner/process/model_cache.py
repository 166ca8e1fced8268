"""The styles that a runner holds in memory, ready to paint.

What the engine made of them is limited by bytes; the least recently used leaves first, and what several
share counts once. One digest is loaded once, however many ask for it, and what is in use is never evicted:
where everything is in use, the limit is exceeded for a while.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Generic, NamedTuple, Protocol, TypeVar

log = logging.getLogger(__name__)


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


class _MemoryUse:
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


class ModelCache(Generic[M]):
    """Loaded styles by digest. `load` reads one; `limit` is in bytes."""

    def __init__(self, load: Callable[[str], Awaitable[M]], limit: int) -> None:
        self._load = load
        self._limit = limit
        self._entries: OrderedDict[str, _Entry[M]] = OrderedDict()  # least recently used first
        self._taken = _MemoryUse()
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
