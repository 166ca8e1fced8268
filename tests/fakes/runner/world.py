"""A balancer, runners that take their time, and callers; on a clock that jumps.

World        all of them
in_a_world   makes a test of a coroutine that is given one
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

from runner.balancer.balancer import Balancer
from runner.balancer.quarantine import Quarantine
from runner.balancer.stats import Stats
from runner.config import BalancerConfig
from styles.contract import StyleResult, painted_side
from tests.fakes import clock
from tests.fakes.runner.fleet import Shelf, a_job, a_style
from tests.fakes.runner.fleet_in_time import TimedFleet, picture

#: Eight styles on one base, and two on networks of their own.
EIGHT = [a_style(name) for name in "abcdefgh"]
FOREIGN = [a_style(name, base=f"sha256:{name}-1") for name in ("x", "y")]
#: What a full batch of four photos takes, seconds.
BATCH = 0.4


class World:
    """A balancer, runners and callers."""

    def __init__(self, runners: int = 1, *, credits: int = 2, **config: Any) -> None:
        styles = [*EIGHT, *FOREIGN]
        self.time = asyncio.get_running_loop().time
        self.fleet = TimedFleet(runners, *styles, credits=credits)
        self.balancer = Balancer(
            self.fleet,
            Shelf(*styles),
            BalancerConfig(**{"max_queued": 1000, **config}),
            quarantine=Quarantine(self.time),
            stats=Stats(self.time),
        )
        self.ids: Iterator[str] = map(str, range(10**9))

    async def paint(
        self, sender: str = "ann", style: str = "a", word: str = "", **options: Any
    ) -> StyleResult:
        """Submits a photo and looks at what comes back."""
        id = next(self.ids)
        image = f"{word} {id}".encode()
        result = await self.balancer.submit(a_job(id, image, sender=sender, style=style, **options))
        assert result.image == picture(image, *[f"sha256:{part}-1" for part in style.split(",")])
        assert result.job_id == id
        return result

    def submit(self, *args: Any, **fields: Any) -> asyncio.Task[StyleResult]:
        """The same, beside others."""
        return asyncio.create_task(self.paint(*args, **fields))

    def callers(
        self, count: int, photos: int, fields: Callable[[int], dict[str, Any]]
    ) -> list[asyncio.Task[None]]:
        """So many callers, of whom each sends photo after photo."""

        async def call(number: int) -> None:
            for photo in range(photos):
                await self.paint(sender=f"{number}", **fields(number + photo))

        return [asyncio.create_task(call(number)) for number in range(count)]

    def fill(self) -> float:
        """Photos in a batch, of those that fit, on average."""
        fills = [
            len(b.tasks) / max((4 << 20) // painted_side(b.tasks[0].options.size) ** 2, 1)
            for b in self.fleet.begun
        ]
        return sum(fills) / len(fills)

    def idle(self) -> None:
        """Nothing is left of anything."""
        assert (len(self.balancer.queue), self.balancer.scheduler.in_flight) == (0, 0)
        assert not self.balancer._pending
        assert self.balancer.admission.queue.bytes == 0
        assert not self.balancer.admission.queue._taken


def in_a_world(
    runners: int = 1, **settings: Any
) -> Callable[[Callable[[World], Coroutine[Any, Any, None]]], Callable[[], None]]:
    """Makes a test of a coroutine that is given a world."""

    def decorate(test: Callable[[World], Coroutine[Any, Any, None]]) -> Callable[[], None]:
        async def live() -> None:
            world = World(runners, **settings)
            await world.balancer.startup()
            await test(world)
            world.idle()
            assert world.fleet.most_held <= settings.get("credits", 2)
            await world.balancer.shutdown()

        def tested() -> None:
            clock.run(live())

        tested.__doc__ = test.__doc__
        return tested

    return decorate


def many(styles: int = 8, **options: Any) -> Callable[[int], dict[str, Any]]:
    return lambda number: {"style": EIGHT[number % styles].name, **options}
