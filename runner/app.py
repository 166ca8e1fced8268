"""The balancer's process: everything is built here, run until a signal comes, and taken down again.

SIGTERM or SIGINT drains: no new jobs, what is being painted is finished within a limit. A second signal
ends it at once. Either way the exit status is 0 and no runner stays behind. SIGUSR1 puts a fresh process
in the place of each runner.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from collections.abc import AsyncIterator, Callable

from aiohttp import web

from registry.client import RegistryClient
from runner import pid_file
from runner.balancer.balancer import Balancer
from runner.balancer.style_resolver import StyleResolver
from runner.config import RunnerConfigFile
from runner.fleet.autoscaling import ScalableFleet, follow
from runner.fleet.fleet import Fleet
from runner.fleet.local import LocalFleet
from runner.http.routes import create_app
from styles.service.config import http_url

log = logging.getLogger(__name__)

#: For answers that are still being sent when everything is painted, seconds.
CLOSING_SECONDS = 2.0


def local_fleet(config: RunnerConfigFile) -> Fleet:
    """The runner processes of this machine, as configured."""
    return LocalFleet(
        config.runner,
        config.registry.url,
        batch_seconds=config.balancer.batch_seconds,
        large_seconds=config.balancer.deadline_seconds,
    )


@contextlib.asynccontextmanager
async def running(config: RunnerConfigFile, fleet: Fleet) -> AsyncIterator[tuple[Balancer, str]]:
    """A balancer that listens, and its URL; at the end it is drained, then everything is ended."""
    async with RegistryClient(config.registry.url) as registry:
        resolver = StyleResolver(registry)
        balancer = Balancer(fleet, resolver, config.balancer)
        watching = [asyncio.create_task(resolver.watch(balancer.warm))]
        if isinstance(fleet, ScalableFleet) and fleet.least < fleet.most:
            watching.append(asyncio.create_task(follow(balancer.expected_wait, fleet)))
        server = web.AppRunner(
            create_app(balancer, resolver),
            handler_cancellation=True,  # who hangs up takes their queued photo along
            shutdown_timeout=CLOSING_SECONDS,
            access_log=None,
        )
        try:
            await balancer.startup()
            await server.setup()
            site = web.TCPSite(server, config.balancer.host, config.balancer.port)
            await site.start()
            yield balancer, http_url(*server.addresses[0][:2])
            await balancer.drain(config.balancer.drain_seconds)
        finally:
            for task in watching:
                task.cancel()
            await asyncio.gather(*watching, return_exceptions=True)
            await balancer.shutdown()
            await server.cleanup()


async def serve(config: RunnerConfigFile, fleet: Fleet | None = None) -> None:
    """Runs until SIGTERM, SIGINT or SIGHUP; a second one cuts the draining short."""
    fleet = fleet or local_fleet(config)
    signals = _Signals(fleet.restart)
    serving = asyncio.create_task(_serve(config, fleet, signals.first))
    hurry = asyncio.create_task(signals.second.wait())
    await asyncio.wait([serving, hurry], return_when=asyncio.FIRST_COMPLETED)
    hurry.cancel()
    if signals.second.is_set():
        serving.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await serving
    log.info("ended")


async def _serve(config: RunnerConfigFile, fleet: Fleet, stop: asyncio.Event) -> None:
    async with running(config, fleet) as (_, url):
        with pid_file.written(pid_file.place(config)):
            log.info("listening on %s", url)
            await stop.wait()
            log.info("draining")


class _Signals:
    """SIGTERM, SIGINT and SIGHUP as two events: the first and the second. SIGUSR1 restarts the runners."""

    def __init__(self, restart: Callable[[], None]) -> None:
        self.first, self.second = asyncio.Event(), asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):  # SIGHUP: its terminal is closed
            loop.add_signal_handler(number, self._came)
        loop.add_signal_handler(signal.SIGUSR1, restart)

    def _came(self) -> None:
        (self.second if self.first.is_set() else self.first).set()
