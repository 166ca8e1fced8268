"""A balancer over a scripted fleet and a shelf of styles."""

from __future__ import annotations

import asyncio
from typing import Any

from runner.balancer.balancer import Balancer
from runner.config import BalancerConfig
from styles.contract import StyleResult
from tests.fakes.runner.fleet import ScriptedFleet, Shelf, a_job, a_style
from tests.fakes.waiting import until


class Setup:
    """A balancer with what it stands on."""

    def __init__(self) -> None:
        self.fleet = ScriptedFleet()
        self.shelf = Shelf(a_style("mosaic"), a_style("udnie"), a_style("cubist", base="other"))
        self.balancer: Balancer
        self.tasks: list[asyncio.Task[StyleResult]] = []

    async def start(self, runners: int = 1, **config: Any) -> Balancer:
        self.fleet = ScriptedFleet(runners)
        self.balancer = Balancer(self.fleet, self.shelf, BalancerConfig(**config))
        await self.balancer.startup()
        return self.balancer

    def submit(self, id: str, image: bytes | None = None, **fields: Any) -> asyncio.Task[StyleResult]:
        job = a_job(id, image or id.encode(), **fields)
        task = asyncio.create_task(self.balancer.submit(job))
        self.tasks.append(task)
        return task

    async def occupy(self) -> None:
        """Keeps the one runner busy with a photo until the gate opens."""
        self.fleet.gate.clear()
        self.submit("occupied", sender="somebody")
        await until(lambda: self.fleet.batches)

    async def queue(self, *ids: str, **fields: Any) -> list[asyncio.Task[StyleResult]]:
        tasks = []
        for id in ids:
            plan = len(self.balancer.queue) + 1
            tasks.append(self.submit(id, **fields))
            await until(lambda plan=plan: len(self.balancer.queue) == plan)  # type: ignore[misc]
        return tasks
