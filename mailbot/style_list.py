"""List the styles as freshly as a mail needs them, also while the registry is away.

A version that is not live is not listed. Whoever names it as NAME@REF may have it painted all the same, so
it is asked for by that name.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace

from mailbot.intents.names.catalogue import Catalogue
from styles.contract import Card, StyleSummary
from styles.errors import RegistryUnavailable, UnknownStyle

log = logging.getLogger(__name__)

#: Seconds without a request after the registry gave no answer. Otherwise every mail would wait for it.
PAUSE_SECONDS = 1.0


#: Asks the registry for every style. Raises `RegistryUnavailable`.
AskForStyles = Callable[[], Awaitable[Sequence[StyleSummary]]]
#: Asks the registry for the card of a style's version. Raises `UnknownStyle` and `RegistryUnavailable`.
AskForCard = Callable[[str, str], Awaitable[Card]]
#: Versions that one mail may ask for by their names.
MOST_VERSIONS = 8


class StyleList:
    """Return the registry's styles, or the last known ones while it does not answer."""

    def __init__(
        self, ask: AskForStyles, ask_card: AskForCard, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._ask, self._ask_card = ask, ask_card
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

    async def with_staged(
        self, styles: Sequence[StyleSummary], named: Iterable[str]
    ) -> Sequence[StyleSummary]:
        """Return the styles, and those besides of which only versions are named, as NAME@REF.

        Raises `RegistryUnavailable`: then nobody knows what is named.
        """
        listed = {style.name for style in styles}
        others = [name for name in named if name.partition("@")[0] not in listed]
        staged = {each.name.partition("@")[0]: each for each in await self._versions(others)}
        if not staged:
            return styles
        styles = (*styles, *(replace(each, name=name) for name, each in staged.items()))
        await asyncio.to_thread(Catalogue.of, styles)
        return styles

    async def versions(self, named: Iterable[str]) -> tuple[StyleSummary, ...]:
        """Describe versions, named NAME@REF, by their own cards; none while the registry is away."""
        try:
            return await self._versions(named)
        except RegistryUnavailable:
            return ()

    async def _versions(self, named: Iterable[str]) -> tuple[StyleSummary, ...]:
        found = []
        for version in list(dict.fromkeys(named))[:MOST_VERSIONS]:
            name, _, ref = version.partition("@")
            try:
                card = await self._ask_card(name, ref)
            except UnknownStyle:
                continue
            found.append(
                StyleSummary(
                    name=version,
                    title=card.title,
                    artist=card.artist,
                    year=card.year,
                    aliases={},
                    other_names=card.other_names,
                    tags=card.tags,
                )
            )
        return tuple(found)

    async def _know(self, styles: Sequence[StyleSummary]) -> None:
        """Keep the styles. A list that changed is indexed in a thread: a thousand styles take seconds."""
        if styles != self._known:
            await asyncio.to_thread(Catalogue.of, styles)
        self._known = styles
