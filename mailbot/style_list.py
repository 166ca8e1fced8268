"""The list of styles, as fresh as a mail needs it, and at hand while the registry is away."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from typing import Protocol

from styles.contract import StyleSummary
from styles.errors import RegistryUnavailable

log = logging.getLogger(__name__)

#: How long the registry is left alone after it gave no answer, seconds: or every mail would wait for it.
PAUSE_SECONDS = 1.0


class StyleSource(Protocol):
    """What is asked of the registry."""

    async def styles(self) -> list[StyleSummary]:
        """Every style. Raises `RegistryUnavailable`."""


class StyleList:
    """The registry's styles; the last known ones while it does not answer."""

    def __init__(self, source: StyleSource, clock: Callable[[], float] = time.monotonic) -> None:
        self._source = source
        self._clock = clock
        self._known: Sequence[StyleSummary] | None = None
        self._asked_at = float("-inf")
        self._pause_until = float("-inf")
        self._asking = asyncio.Lock()

    async def styles(self) -> Sequence[StyleSummary]:
        """Every style. Raises `RegistryUnavailable` if the registry never answered yet."""
        wanted_at = self._clock()
        async with self._asking:
            # A list from before the mail may lack the style that it is about; those who wait share the next.
            is_old = self._asked_at < wanted_at and self._pause_until < wanted_at
            if self._known is None or is_old:
                asked_at = self._clock()
                self._known = await self._ask()
                self._asked_at = asked_at
            return self._known

    async def _ask(self) -> Sequence[StyleSummary]:
        try:
            return await self._source.styles()
        except RegistryUnavailable:
            if self._known is None:
                raise
            log.warning("the registry is away; the styles known last are used")
            self._pause_until = self._clock() + PAUSE_SECONDS
            return self._known
