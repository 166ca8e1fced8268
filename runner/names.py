"""Which style version a name means just now, and what it last meant while the registry is away.

A style that was resolved before keeps its last known version when the registry does not answer; one
that never was cannot be served then. That the registry does not know a style is believed at once and
never kept: the next request may come after its upload.
"""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from registry.client import RegistryClient
from styles.contract import ResolvedStyle
from styles.errors import RegistryUnavailable, UnknownStyle

log = logging.getLogger(__name__)

#: For how long an answer is used without asking again, seconds. An event makes it shorter still.
FRESH_SECONDS = 1.0
#: How long somebody waits for the registry who could be served with the last known answer, seconds.
PATIENCE_SECONDS = 1.5
#: How long the registry is left alone after it gave no answer, by those who can do without, seconds.
PAUSE_SECONDS = 2.0
#: Before the events are asked for again after there were none to be had, seconds.
REST_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class _Answer:
    style: ResolvedStyle
    at: float


class Names:
    """Resolves names for the balancer; one question for a name at a time."""

    def __init__(self, registry: RegistryClient, clock: Callable[[], float] = time.monotonic) -> None:
        self._registry = registry
        self._clock = clock
        self._answers: dict[str, _Answer] = {}
        self._asking: dict[str, asyncio.Task[ResolvedStyle]] = {}
        self._pause_until = 0.0
        #: The registry has answered at least once.
        self.reached = False

    async def resolve(self, name: str) -> ResolvedStyle:
        """The live version. Raises `UnknownStyle`, or `RegistryUnavailable` if it was never known."""
        answer = self._answers.get(name)
        if answer is None:
            return await self._ask(name)
        if self._clock() < max(answer.at + FRESH_SECONDS, self._pause_until):
            return answer.style
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                return await self._ask(name)
        except (RegistryUnavailable, TimeoutError) as error:
            log.warning("the registry does not answer, %s stays at version %d", name, answer.style.version)
            log.debug("the registry does not answer: %s", error)
            self._pause_until = self._clock() + PAUSE_SECONDS
            return answer.style

    async def watch(self) -> None:
        """Follows the registry's events until cancelled; what a style meant before one is asked for anew."""
        since = 0
        while True:
            try:
                changes = await self._registry.events(since)
            except RegistryUnavailable as error:
                log.debug("no events: %s", error)
                await asyncio.sleep(REST_SECONDS)
                continue
            self.reached = True
            began_anew = changes.last < since
            for name in list(self._answers) if began_anew else {event.style for event in changes.events}:
                self._doubt(name)
            since = changes.last
            if not changes.events:
                await asyncio.sleep(REST_SECONDS)  # a registry that is closing answers at once

    def _doubt(self, name: str) -> None:
        """What was known of a style still serves while the registry is away, but is fresh no more."""
        if name in self._answers:
            self._answers[name] = replace(self._answers[name], at=-math.inf)

    async def _ask(self, name: str) -> ResolvedStyle:
        """Asks the registry, together with everyone who wants to know the same just now."""
        task = self._asking.get(name)
        if task is None:
            task = self._asking[name] = asyncio.create_task(self._question(name))
            task.add_done_callback(lambda done: self._asked(name, done))
        return await asyncio.shield(task)

    async def _question(self, name: str) -> ResolvedStyle:
        try:
            style = await self._registry.resolve(name)
        except UnknownStyle:
            self.reached = True
            self._answers.pop(name, None)
            raise
        self.reached = True
        self._answers[name] = _Answer(style, self._clock())
        return style

    def _asked(self, name: str, task: asyncio.Task[ResolvedStyle]) -> None:
        del self._asking[name]
        if not task.cancelled():
            task.exception()  # seen, even where everyone who asked has left
