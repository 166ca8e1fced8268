"""Build the balancer's process, run it until a signal, and take it down.

SIGTERM, SIGINT or SIGHUP drains: no new jobs, and batches in flight finish within a limit. A second one ends
at once. The exit status is 0 in both cases, and no runner is left. SIGUSR1 replaces each runner by a fresh
process.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from collections.abc import AsyncIterator

from aiohttp import web

from registry.client import RegistryClient
from runner import pid_file
from runner.balancer.balancer import Balancer
from runner.balancer.pending_job import unwatched
from runner.balancer.style_resolver import StyleResolver
from runner.cluster.ray_fleet import RayFleet
from runner.config import RunnerConfigFile
from runner.fleet.autoscaling import follow
from runner.fleet.fleet import Fleet
from runner.fleet.local_fleet import LocalFleet
from runner.fleet.slot_fleet import SlotFleet
from runner.garbage_collection import rare_collections
from runner.http.routes import create_app
from runner.learning.queue import LearningQueue
from styles.service.asyncio_tasks import cancel, start
from styles.service.config import http_url
from styles.service.http.cross_site import CrossSite
from styles.service.http.server import HardenedRunner

log = logging.getLogger(__name__)

#: Seconds for answers that are still being sent when everything is painted.
CLOSING_SECONDS = 2.0


def configured_fleet(config: RunnerConfigFile) -> Fleet:
    """Return the fleet of this machine, or of a Ray cluster. Raises `MissingExtra`."""
    kind = RayFleet if config.runner.fleet == "ray" else LocalFleet
    return kind(
        config.runner,
        config.registry.url,
        batch_seconds=config.balancer.batch_seconds,
        sheet_seconds=config.balancer.deadline_seconds,
    )


@contextlib.asynccontextmanager
async def running(
    config: RunnerConfigFile, fleet: Fleet, learning: LearningQueue | None = None
) -> AsyncIterator[tuple[Balancer, str]]:
    """Run a balancer that listens, and yield it with its URL; drain it and end everything after the block."""
    async with RegistryClient(config.registry.url) as registry:
        resolver = StyleResolver(registry)
        mark = config.runner.mark_paintings
        learning = learning or LearningQueue(config.runner)
        watch = unwatched if config.runner.fleet == "ray" else learning.pauses.note_painting
        balancer = Balancer(fleet, resolver, config.balancer, mark_paintings=mark, watch=watch)
        watching = [start(resolver.watch(balancer.warm), "following the registry")]
        if isinstance(fleet, SlotFleet) and fleet.least < fleet.most:
            watching.append(start(follow(balancer.expected_wait, fleet), "autoscaling"))
        app = create_app(balancer, resolver, learning)
        CrossSite(config.balancer.cors_origins).guard(app)
        server = HardenedRunner(
            app,
            drains=True,  # or a program that sends its photo first would not read that the queue is full
            handler_cancellation=True,  # if a client disconnects, its queued photo is dropped
            shutdown_timeout=CLOSING_SECONDS,
        )
        try:
            await balancer.startup()
            await learning.startup()
            await server.setup()
            site = web.TCPSite(server, config.balancer.host, config.balancer.port)
            await site.start()
            yield balancer, http_url(*server.addresses[0][:2])
            await balancer.drain(config.balancer.drain_seconds)
        finally:
            await cancel(*watching)
            await learning.shutdown()
            await balancer.shutdown()
            await server.cleanup()


async def serve(config: RunnerConfigFile, fleet: Fleet | None = None) -> None:
    """Run until SIGTERM, SIGINT or SIGHUP; a second one cuts the draining short."""
    fleet = fleet or configured_fleet(config)
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    serving = asyncio.create_task(_serve(config, fleet, stop))

    def end() -> None:
        if stop.is_set() and not serving.cancelling():  # a third one must not cut the end itself short
            serving.cancel()
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):  # SIGHUP: the terminal was closed
        loop.add_signal_handler(number, end)
    loop.add_signal_handler(signal.SIGUSR1, fleet.restart)
    with contextlib.suppress(asyncio.CancelledError), rare_collections():
        await serving
    log.info("ended")


async def _serve(config: RunnerConfigFile, fleet: Fleet, stop: asyncio.Event) -> None:
    async with running(config, fleet) as (_, url):
        with pid_file.written(pid_file.path_of(config)):
            log.info("listening on %s", url)
            await stop.wait()
            log.info("draining")
