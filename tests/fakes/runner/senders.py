"""Senders that never let up, even while runners die."""

from __future__ import annotations

import asyncio
import random

from runner.balancer.balancer import Balancer
from styles.errors import Unpaintable
from tests.fakes.runner.fleet import a_job
from tests.fakes.waiting import until

STYLES = [f"style-{number}" for number in range(10)]
#: Photos that come back between two blows.
PHOTOS = 20


class Senders:
    """Some of them, each with a photo on its way; every photo comes back as its style's file."""

    def __init__(self, balancer: Balancer, chance: random.Random, senders: int = 8) -> None:
        self._balancer = balancer
        self._chance = chance
        self.painted = 0
        self.quarantined = 0
        self.over = False
        self._tasks = [asyncio.create_task(self._send(str(number))) for number in range(senders)]

    async def _send(self, sender: str) -> None:
        number = 0
        while not self.over:
            number += 1
            style = self._chance.choice(STYLES)
            job = a_job(f"{sender}-{number}", image=f"STYLE:{sender}-{number}".encode(), style=style)
            try:
                result = await self._balancer.submit(job)
            except Unpaintable:  # two blows may hit the same photo: it seems to kill
                self.quarantined += 1
                continue
            assert result.image == style.encode()
            self.painted += 1

    async def more(self) -> None:
        """Waits until some more were painted. Raises what a photo failed with."""
        wanted = self.painted + PHOTOS
        painted = asyncio.create_task(until(lambda: self.painted >= wanted, 60))
        await asyncio.wait([painted, *self._tasks], return_when=asyncio.FIRST_COMPLETED)
        for task in [task for task in self._tasks if task.done()]:
            task.result()
        await painted

    async def end(self) -> None:
        self.over = True
        await asyncio.gather(*self._tasks)
