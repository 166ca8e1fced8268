"""Real balancers and runner processes that are killed while they hold a photo."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from runner.client import RunnerClient
from runner.http.failover import ranked
from styles.contract import StyleResult
from styles.errors import Unpaintable
from tests.fakes.registry.registry import FakeRegistry
from tests.fakes.runner.fleet import a_job, inverted
from tests.fakes.runner.service import OBEDIENT, Service, served


@asynccontextmanager
async def two(registry: FakeRegistry, folder: Path) -> AsyncIterator[tuple[Service, Service]]:
    """Two balancers, each with a runner process, in the order in which `ann` uses them."""
    registry.publish("mosaic", b"weights")
    async with AsyncExitStack() as stack:
        found: dict[str, Service] = {}
        for name in ("one", "other"):
            (folder / name).mkdir()
            service = await stack.enter_async_context(
                served(registry, folder / name, "-c", OBEDIENT, "CONFIG")
            )
            found[service.url] = service
        first, second = ranked(list(found), "ann")
        yield found[first], found[second]


async def kill_runner(service: Service) -> int:
    """Kills the runner that holds a photo, and returns its pid."""
    await service.until("in_flight")
    (pid,) = await service.pids()
    os.kill(pid, signal.SIGKILL)
    return pid


async def restarts(service: Service) -> int:
    return sum(runner["restarts"] for runner in (await service.client.status())["runners"])


async def kill(service: Service) -> None:
    service.process.kill()
    await service.process.wait()


async def test_a_killer_photo_takes_two_runners_at_the_first_and_one_at_the_next(
    registry: FakeRegistry, tmp_path: Path
) -> None:
    """Its runner dies, then its balancer, then a runner of the next balancer. That is the end of it."""
    async with two(registry, tmp_path) as (first, second):
        async with RunnerClient(first.url, second.url) as client:
            # A runner that is killed with this photo looks as if it had died of it.
            photo = f"WAIT:{tmp_path}/go".encode()
            job = asyncio.create_task(client.run(a_job(image=photo, sender="ann")))
            killed = await kill_runner(first)
            async with asyncio.timeout(60):  # until the next runner process holds it
                while await first.pids() == [killed] or not (await first.client.status())["in_flight"]:  # noqa: ASYNC110 - it is another process
                    await asyncio.sleep(0.01)
            await kill(first)  # its second runner ends with it
            await kill_runner(second)
            with pytest.raises(Unpaintable) as caught:
                await job
            assert caught.value.kills
            with pytest.raises(Unpaintable, match="killed the runners of a balancer"):
                await client.run(a_job("2", image=photo, sender="ann"))
        async with RunnerClient(second.url) as forgetful:  # as after a restart of the bot
            with pytest.raises(Unpaintable, match="in quarantine"):
                await forgetful.run(a_job("3", image=photo, sender="ann"))
        async with asyncio.timeout(60):
            while await restarts(second) != 1:  # noqa: ASYNC110 - it is another process
                await asyncio.sleep(0.01)


async def test_photos_that_kill_by_themselves_do_so_at_one_balancer(
    registry: FakeRegistry, tmp_path: Path
) -> None:
    async with two(registry, tmp_path) as (first, second), RunnerClient(first.url, second.url) as client:
        with pytest.raises(Unpaintable):
            await client.run(a_job(image=b"DIE", sender="ann"))
        await kill(first)
        with pytest.raises(Unpaintable):
            await client.run(a_job("2", image=b"DIE", sender="ann"))
        assert await restarts(second) == 0


async def test_photos_of_a_balancer_that_dies_are_painted_by_the_next(
    registry: FakeRegistry, tmp_path: Path
) -> None:
    """Twenty are on their way when it dies; each is answered once."""
    async with two(registry, tmp_path) as (first, second), RunnerClient(first.url, second.url) as client:
        wait = f"WAIT:{tmp_path}/go".encode()
        photos = [wait, *(b"%d" % number for number in range(19))]

        def send(number: int) -> asyncio.Task[StyleResult]:
            return asyncio.create_task(client.run(a_job(str(number), image=photos[number], sender="ann")))

        jobs = [send(0)]
        await first.until("in_flight")  # so that the first balancer paints none of the others before it dies
        jobs += [send(number) for number in range(1, 20)]
        await first.until("queued")
        await kill(first)
        await asyncio.to_thread((tmp_path / "go").touch)
        async with asyncio.timeout(60):
            results: list[StyleResult] = await asyncio.gather(*jobs)
        assert [result.image for result in results] == [inverted(photo) for photo in photos]
        status = await second.client.status()
        assert (status["painted"], status["quarantined"]) == (20, 0)
