"""List the styles as freshly as a mail needs them, also while the registry is away."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence

from mailbot.intents.catalogue import Catalogue
from styles.contract import StyleSummary
from styles.errors import RegistryUnavailable

log = logging.getLogger(__name__)

#: Seconds without a request after the registry gave no answer. Otherwise every mail would wait for it.
PAUSE_SECONDS = 1.0


#: Asks the registry for every style. Raises `RegistryUnavailable`.
AskForStyles = Callable[[], Awaitable[Sequence[StyleSummary]]]


class StyleList:
    """Return the registry's styles, or the last known ones while it does not answer."""

    def __init__(self, ask: AskForStyles, clock: Callable[[], float] = time.monotonic) -> None:
        self._ask = ask
        self._clock = clock
        self._known: Sequence[StyleSummary] | None = None
        self._asked_at = float("-inf")
        self._pause_until = float("-inf")
        self._asking = asyncio.Lock()

    async def styles(self) -> Sequence[StyleSummary]:
        """Return every style. Raises `RegistryUnavailable` if the registry has never answered."""
        wanted_at = self._clock()
        async with self._asking:
            # A list from before the mail may lack the style that it names. Waiting callers share the next.
            is_old = self._asked_at < wanted_at and self._pause_until < wanted_at
            if self._known is None or is_old:
                asked_at = self._clock()
                try:
                    await self._know(await self._ask())
                except RegistryUnavailable:
                    if self._known is None:
                        raise
                    log.warning("the registry is away; the styles known last are used")
                    self._pause_until = self._clock() + PAUSE_SECONDS
                self._asked_at = asked_at
            return self._known or ()

    async def _know(self, styles: Sequence[StyleSummary]) -> None:
        """Keep the styles. A list that changed is indexed in a thread: a thousand styles take seconds."""
        if styles != self._known:
            await asyncio.to_thread(Catalogue.of, styles)
        self._known = styles
