"""Which style version a name means just now, and what it last meant while the registry is away.

A style that was resolved before keeps its last known version when the registry does not answer; one
that never was cannot be served then. That the registry does not know a style is believed at once and
never kept: the next request may come after its upload.

The registry's events make this quicker: after one its style is asked for anew, by whoever wants it next and
by `watch`, which passes the version that is live now on to the runners.
"""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from registry.client import RegistryClient
from runner.fleet.fleet import MAX_PRELOADED
from styles.contract import ResolvedStyle, StyleSummary
from styles.errors import PainterError, RegistryUnavailable, UnknownStyle
from styles.service.bounded_dict import BoundedDict

log = logging.getLogger(__name__)

#: For how long an answer is used without asking again, seconds. An event makes it shorter still.
FRESH_SECONDS = 1.0
#: How long somebody waits for the registry who could be served with the last known answer, seconds.
PATIENCE_SECONDS = 1.5
#: How long the registry is left alone after it gave no answer, by those who can do without, seconds.
PAUSE_SECONDS = 2.0
#: The alias that a job gets.
LIVE = "live"
#: Before the events are asked for again after there were none to be had, seconds.
REST_SECONDS = 0.5
#: Versions that are remembered by their digests; each takes some 500 bytes.
MAX_CALLED = 10_000


@dataclass(frozen=True, slots=True)
class _CachedStyle:
    style: ResolvedStyle
    at: float


class StyleResolver:
    """Resolves names for the balancer; one question for a name at a time."""

    def __init__(self, registry: RegistryClient, clock: Callable[[], float] = time.monotonic) -> None:
        self._registry = registry
        self._clock = clock
        self._answers: dict[str, _CachedStyle] = {}
        self._asking: dict[str, asyncio.Task[ResolvedStyle]] = {}
        self._listed: Sequence[StyleSummary] | None = None
        self._pause_until = 0.0
        #: What each digest that was asked for is, versions of the past too, which runners may still hold.
        self.called = BoundedDict[str, ResolvedStyle](MAX_CALLED)
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

    async def live(self) -> Sequence[StyleSummary]:
        """The styles that can be asked for, in the registry's order; while it is away, as it last said.

        Raises `RegistryUnavailable` if it never did.
        """
        if self._listed is not None and self._clock() < self._pause_until:
            return self._listed
        try:
            async with asyncio.timeout(PATIENCE_SECONDS if self._listed is not None else None):
                styles = await self._registry.styles()
        except (RegistryUnavailable, TimeoutError) as error:
            if self._listed is None:
                raise
            log.warning("the registry does not answer, the list of styles stays as it was")
            log.debug("the registry does not answer: %s", error)
            self._pause_until = self._clock() + PAUSE_SECONDS
            return self._listed
        self.reached = True
        self._listed = [style for style in styles if LIVE in style.aliases]
        return self._listed

    async def watch(self, went_live: Callable[[ResolvedStyle], None] = lambda style: None) -> None:
        """Follows the registry's events until cancelled; what a style meant before one is asked for anew.

        `went_live` is given the versions that are live after them, the newest last; of many at once the last.
        """
        since, away = 0, False
        while True:
            asked = self._clock()
            try:
                changes = await self._registry.events(since)
            except RegistryUnavailable as error:
                if not away:
                    log.warning("the registry cannot be reached, trying again: %s", error)
                away = True
                await asyncio.sleep(REST_SECONDS)
                continue
            if away:
                log.info("the registry is back")
            self.reached, away = True, False
            happened: dict[str, str] = {}  # to each style at last, the newest first
            for event in reversed(changes.events):
                happened.setdefault(event.style, event.kind)
            self._learn(happened, began_anew=changes.last < since)
            since = changes.last
            for style in await self._live(list(happened)[:MAX_PRELOADED]):
                went_live(style)
            if not happened and self._clock() < asked + REST_SECONDS:
                await asyncio.sleep(REST_SECONDS)  # a registry that is closing answers at once

    def _learn(self, happened: Mapping[str, str], *, began_anew: bool) -> None:
        """Takes note that what is known of some styles, or of all, is out of date."""
        self._pause_until = 0.0  # it answers
        for name in {*self._answers, *self._asking} if began_anew else happened:
            self._doubt(name)
            if happened.get(name) == "retired":
                self._answers.pop(name, None)

    def _doubt(self, name: str) -> None:
        """What was known of a style still serves while the registry is away, but is fresh no more."""
        self._asking.pop(name, None)  # its answer may be from before
        if name in self._answers:
            self._answers[name] = replace(self._answers[name], at=-math.inf)

    async def _live(self, newest_first: Sequence[str]) -> list[ResolvedStyle]:
        """The live versions of some styles, those of the newest change last."""
        found = await asyncio.gather(*[self._found(name) for name in reversed(newest_first)])
        return [style for style in found if style is not None]

    async def _found(self, name: str) -> ResolvedStyle | None:
        try:
            return await self.resolve(name)
        except PainterError as error:  # retired meanwhile, or the registry is away
            log.debug("%s is not loaded ahead: %s", name, error)
            return None

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
            if self._is_last_asked(name):
                self._answers.pop(name, None)
            raise
        self.reached = True
        self.called[style.digest] = style
        if self._is_last_asked(name):
            self._answers[name] = _CachedStyle(style, self._clock())
        return style

    def _is_last_asked(self, name: str) -> bool:
        """Whether no event made this question, the task that runs, one about the past."""
        return self._asking.get(name) is asyncio.current_task()

    def _asked(self, name: str, task: asyncio.Task[ResolvedStyle]) -> None:
        if self._asking.get(name) is task:
            del self._asking[name]
        if not task.cancelled():
            task.exception()  # seen, even where everyone who asked has left
