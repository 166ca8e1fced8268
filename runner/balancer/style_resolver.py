"""Resolve style names to live versions, and keep the last answers while the registry is unavailable.

A name may be followed by `@` and an alias or the number of a version, and then means that version.

A style that was resolved before keeps its last version while the registry does not answer; another one cannot
be painted then. That a style is unknown is never cached, since its upload may follow.

After an event of the registry its style is resolved again, by the next job and by `watch`. `watch` passes the
new live version on to the runners.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import math
import time
from collections.abc import Callable, Mapping, Sequence
from contextvars import Context

from registry.client import RegistryClient
from runner.fleet.fleet import MAX_PRELOADED
from styles.contract import PRIVATE, ResolvedStyle, StyleSummary
from styles.errors import PainterError, RegistryUnavailable, UnknownStyle
from styles.service.bounded_dict import BoundedDict

log = logging.getLogger(__name__)

#: Seconds for which an answer is used without asking again. An event ends them early.
FRESH_SECONDS = 1.0
#: Seconds to wait for the registry if the last answer could be used instead.
TIMEOUT_SECONDS = 1.5
#: Seconds without questions after the registry did not answer, where the last answer can be used.
PAUSE_SECONDS = 2.0
#: The alias that jobs get.
LIVE = "live"
#: Seconds before the next question for events, if there were none.
REST_SECONDS = 0.5
#: Versions whose names are remembered by digest; each takes some 500 bytes.
MAX_CALLED = 10_000


class StyleResolver:
    """Resolve names for the balancer, with one question for a name at a time."""

    def __init__(self, registry: RegistryClient, clock: Callable[[], float] = time.monotonic) -> None:
        self._registry = registry
        self._clock = clock
        self._answers: dict[str, tuple[ResolvedStyle, float]] = {}  # with their times
        self._asking: dict[str, asyncio.Task[ResolvedStyle]] = {}
        self._listed: Mapping[str, StyleSummary] | None = None  # live styles by name, in its order
        self._pause_until = 0.0
        #: Every resolved public version by digest, past ones too, which runners may still hold.
        self.called = BoundedDict[str, ResolvedStyle](MAX_CALLED)
        #: Whether the registry has ever answered.
        self.reached = False

    async def resolve(self, name: str) -> ResolvedStyle:
        """Return a name's version. Raises `UnknownStyle`, or `RegistryUnavailable` without a last answer."""
        if name not in self._answers:
            return await self._ask(name)
        style, at = self._answers[name]
        if self._clock() < max(at + FRESH_SECONDS, self._pause_until):
            return style
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                return await self._ask(name)
        except (RegistryUnavailable, TimeoutError) as error:
            self._pause(error, f"{name} stays at version {style.version}")
            return style

    async def live(self) -> Sequence[StyleSummary]:
        """Return the live styles in the registry's order, or its last list while it is unavailable.

        Raises `RegistryUnavailable` if there is no last list.
        """
        if self._listed is None or self._clock() >= self._pause_until:
            try:
                async with asyncio.timeout(None if self._listed is None else TIMEOUT_SECONDS):
                    styles = await self._registry.styles()
            except (RegistryUnavailable, TimeoutError) as error:
                if self._listed is None:
                    raise
                self._pause(error, "the list of styles stays as it was")
            else:
                self.reached = True
                self._listed = {style.name: style for style in styles if LIVE in style.aliases}
        return list(self._listed.values())

    async def summaries(self, names: Sequence[str]) -> Sequence[StyleSummary]:
        """Return the summaries of these styles; a style that is not listed is left out. Never fails."""
        if self._listed is None or not all(map(self._listed.__contains__, names)):
            with contextlib.suppress(RegistryUnavailable, TimeoutError):
                async with asyncio.timeout(TIMEOUT_SECONDS):
                    await self.live()
        listed = self._listed or {}
        return [listed[name] for name in names if name in listed]

    def _pause(self, error: Exception, instead: str) -> None:
        """Ask nothing for a while where a last answer can be used."""
        log.warning("the registry does not answer, %s", instead)
        log.debug("the registry does not answer: %s", error)
        self._pause_until = self._clock() + PAUSE_SECONDS

    async def watch(self, went_live: Callable[[ResolvedStyle], None] = lambda style: None) -> None:
        """Follow the events of the registry until cancelled, and resolve their styles again.

        `went_live` is called with their live versions, the newest last; of many events, only for the last
        ones.
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
            happened: dict[str, str] = {}  # the last event of each style, the newest first
            for event in reversed(changes.events):
                happened.setdefault(event.style, event.kind)
            self._learn(happened, began_anew=changes.last < since)
            since = changes.last
            newest = list(happened)[:MAX_PRELOADED]
            for style in await asyncio.gather(*[self._live(name) for name in reversed(newest)]):
                if style is not None:
                    went_live(style)
            if not happened and self._clock() < asked + REST_SECONDS:
                await asyncio.sleep(REST_SECONDS)  # a registry that is closing answers at once

    def _learn(self, happened: Mapping[str, str], *, began_anew: bool) -> None:
        """Mark the answers about some styles, or about all, as outdated."""
        self._pause_until = 0.0  # it answers
        for name in {*self._answers, *self._asking}:
            style, _, ref = name.partition("@")
            if began_anew or style in happened:
                self._doubt(name)
            if happened.get(style) == "retired" and not ref:
                self._answers.pop(name, None)

    def _doubt(self, name: str) -> None:
        """Mark an answer as outdated; it still serves while the registry is unavailable."""
        self._asking.pop(name, None)  # its answer may be older than the event
        if name in self._answers:
            self._answers[name] = self._answers[name][0], -math.inf

    async def _live(self, name: str) -> ResolvedStyle | None:
        """Return the live version of a style, if there is one."""
        try:
            return await self.resolve(name)
        except PainterError as error:  # retired meanwhile, or the registry is unavailable
            log.debug("%s is not loaded ahead: %s", name, error)
            return None

    async def _ask(self, name: str) -> ResolvedStyle:
        """Ask the registry, together with all callers of the same name."""
        task = self._asking.get(name)
        if task is None:
            # The question is asked for many photos, so it has the trace of none.
            task = self._asking[name] = asyncio.create_task(self._question(name), context=Context())
            task.add_done_callback(lambda done: self._asked(name, done))
        return await asyncio.shield(task)

    async def _question(self, name: str) -> ResolvedStyle:
        style_name, at, ref = name.partition("@")
        try:
            style = await self._registry.resolve(style_name, ref if at else LIVE)
        except UnknownStyle:
            self.reached = True
            if self._is_last_asked(name):
                self._answers.pop(name, None)
            raise
        self.reached = True
        if not ref.startswith(PRIVATE):  # anybody may ask for the status
            self.called[style.digest] = style
        if self._is_last_asked(name):
            self._answers[name] = style, self._clock()
        return style

    def _is_last_asked(self, name: str) -> bool:
        """Tell whether the running task asked after the last event."""
        return self._asking.get(name) is asyncio.current_task()

    def _asked(self, name: str, task: asyncio.Task[ResolvedStyle]) -> None:
        if self._asking.get(name) is task:
            del self._asking[name]
        if not task.cancelled():
            task.exception()  # marks it as retrieved, even if no caller is left
