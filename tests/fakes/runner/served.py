"""A balancer that is served for a test."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from runner.app import running
from runner.balancer.balancer import Balancer
from runner.client import RunnerClient
from runner.config import BalancerConfig, RunnerConfig, RunnerConfigFile
from runner.learning.queue import LearningQueue
from styles.service.config import RegistryAddress
from tests.fakes.learning.queues import OBEDIENT
from tests.fakes.registry.registry import FakeRegistry
from tests.fakes.runner.fleet import ScriptedFleet
from tests.fakes.waiting import until


@dataclass
class Served:
    """The balancer, where it listens, and what stands behind it."""

    balancer: Balancer
    url: str
    fleet: ScriptedFleet
    registry: FakeRegistry
    learning: LearningQueue


@asynccontextmanager
async def serving(learning: RunnerConfig | None = None, **settings: Any) -> AsyncIterator[Served]:
    """A balancer with these settings, until the block ends. With `learning` it has begun to learn."""
    async with FakeRegistry() as registry:
        registry.publish("mosaic", b"1")
        registry.publish("udnie", b"2")
        config = RunnerConfigFile(
            registry=RegistryAddress(host="127.0.0.1", port=registry.port),
            balancer=BalancerConfig(**{"port": 0, **settings}),
        )
        fleet = ScriptedFleet()
        queue = LearningQueue(learning or RunnerConfig(learn=False), module=OBEDIENT)
        async with running(config, fleet, queue) as (balancer, url):
            await until(lambda: queue.is_open or not learning)
            yield Served(balancer, url, fleet, registry, queue)
            fleet.gate.set()


async def fill(served: Served, session: Any, *, sender: str = "ann") -> list[Any]:
    """Fills the queue of two behind a photo that is being painted; gives the requests, as tasks."""
    served.fleet.gate.clear()
    requests, balancer = [], served.balancer
    for number in range(3):
        url = f"{served.url}/v1/stylize?style=mosaic&sender={sender}&job={number}"
        requests.append(asyncio.create_task(session.post(url, data=b"photo %d" % number)))
        plan = number + 1
        await until(lambda plan=plan: len(balancer.queue) + balancer.scheduler.in_flight == plan)  # type: ignore[misc]
    return requests


@asynccontextmanager
async def answering(
    handler: Callable[[web.Request], Awaitable[web.StreamResponse]],
) -> AsyncIterator[RunnerClient]:
    """A client of a server that answers everything by `handler`."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handler)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        async with RunnerClient(f"http://127.0.0.1:{runner.addresses[0][1]}/") as client:
            yield client
    finally:
        await runner.cleanup()
