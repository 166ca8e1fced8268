"""Serve a balancer over watched runner processes of this machine, and a registry.

served         balancer, fleet and registry, ready, until the block ends
WatchedFleet   the local fleet, which takes note of every batch
keep_busy      many senders, each with a photo on its way at any time
"""

from __future__ import annotations

import asyncio
import itertools
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from runner.app import running
from runner.balancer.balancer import Balancer
from runner.config import BalancerConfig, RunnerConfig, RunnerConfigFile
from runner.fleet.local_fleet import LocalFleet
from runner.protocol.messages import Outcome, Task
from styles.contract import StyleJob, StyleOptions
from styles.formats import style_file
from styles.service.config import RegistryAddress
from tests.fakes.registry.registry import FakeRegistry
from tests.fakes.waiting import until

#: The engine that does nothing, and the real one.
NULL, REAL = "benchmarks.serving.null_runner", "runner.process.main"
#: Seconds after which all runners must be up.
START_SECONDS = 60.0


@dataclass(slots=True, kw_only=True)
class SentBatch:
    """Hold one batch as the fleet carried it; times are of `time.perf_counter`."""

    runner: str
    photos: Sequence[bytes]
    sent: float
    answered: float | None = None  #: None while it is under way


class WatchedFleet(LocalFleet):
    """Note the batches in the order in which the balancer sent them."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.batches: list[SentBatch] = []
        self.loads_ahead = True  #: whether a style is loaded as soon as it goes live

    def warm(self, digest: str) -> None:
        """Preload a style as the local fleet does, unless `loads_ahead` is off."""
        if self.loads_ahead:
            super().warm(digest)

    async def run(self, runner: str, batch: Sequence[Task]) -> list[Outcome]:
        """Run a batch as the local fleet does, and note it."""
        noted = SentBatch(runner=runner, photos=[task.image for task in batch], sent=time.perf_counter())
        self.batches.append(noted)
        outcomes = await super().run(runner, batch)
        noted.answered = time.perf_counter()
        return outcomes


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """Hold the running system."""

    balancer: Balancer
    fleet: WatchedFleet
    registry: FakeRegistry
    config: BalancerConfig
    url: str
    styles: Sequence[str]  #: names of the shipped styles


@asynccontextmanager
async def served(
    module: str,
    *,
    processes: int = 1,
    recycle_bytes: int | None = None,
    features: Path | None = None,
    **settings: Any,
) -> AsyncIterator[Served]:
    """Run a balancer with these `[balancer]` settings, its runners up with every shipped style.

    `recycle_bytes` and `features` are as in `[runner]`, their defaults where they are None.
    """
    recycling: dict[str, Any] = {} if recycle_bytes is None else {"recycle_bytes": recycle_bytes}
    with tempfile.TemporaryDirectory() as folder:
        async with FakeRegistry() as registry:
            for style in style_file.shipped():
                registry.publish_file(style.card.name, style.weights)
            config = RunnerConfigFile(
                registry=RegistryAddress(host="127.0.0.1", port=registry.port),
                balancer=BalancerConfig(port=0, **{"max_queued": 4096, **settings}),
                runner=RunnerConfig(
                    device="cpu", processes=processes, cache=Path(folder), features=features, **recycling
                ),
            )
            fleet = WatchedFleet(
                config.runner, config.registry.url, batch_seconds=config.balancer.batch_seconds, module=module
            )
            async with running(config, fleet) as (balancer, url):
                await until(lambda: all(r.state == "ready" for r in balancer.fleet.runners()), START_SECONDS)
                styles = [style.card.name for style in style_file.shipped()]
                yield Served(
                    balancer=balancer,
                    fleet=fleet,
                    registry=registry,
                    config=config.balancer,
                    url=url,
                    styles=styles,
                )


@dataclass(slots=True, kw_only=True)
class BusySenders:
    """Hold the seconds of every photo of many senders, in the order in which they ended."""

    seconds: list[float] = field(default_factory=list)


_numbers = itertools.count()


def a_job(photo: bytes, style: str, sender: str = "", **options: Any) -> StyleJob:
    """Make a new job."""
    return StyleJob(
        id=str(next(_numbers)), style=style, image=photo, sender=sender, options=StyleOptions(**options)
    )


@asynccontextmanager
async def keep_busy(
    submit: Callable[[StyleJob], Any], photos: Sequence[bytes], styles: Sequence[str], senders: int
) -> AsyncIterator[BusySenders]:
    """Keep this number of senders busy, each with one photo under way, until the block ends."""
    busy = BusySenders()

    async def send(sender: int) -> None:
        for number in itertools.count(sender):
            photo, style = photos[number % len(photos)], styles[number % len(styles)]
            started = time.perf_counter()
            await submit(a_job(photo, style, f"sender{sender}"))
            busy.seconds.append(time.perf_counter() - started)

    sending = [asyncio.create_task(send(number)) for number in range(senders)]
    try:
        yield busy
    finally:
        for task in sending:
            task.cancel()
        for outcome in await asyncio.gather(*sending, return_exceptions=True):
            if isinstance(outcome, Exception):  # a refusal: what was measured was something else
                raise outcome
