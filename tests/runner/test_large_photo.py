"""A large photo with the real engine, in a real process, behind the real HTTP front."""

from __future__ import annotations

import asyncio
from pathlib import Path

import aiohttp

from runner.app import running
from runner.client import RunnerClient
from runner.config import BalancerConfig, RunnerConfig, RunnerConfigFile
from runner.fleet.local_fleet import LocalFleet
from styles.contract import StyleJob, StyleOptions
from styles.imaging.codec import decode
from styles.service.config import RegistryAddress
from tests.fakes.registry.registry import FakeRegistry
from tests.fakes.styles.photos import jpeg
from tests.fakes.styles.style_files import make_shipped
from tests.fakes.waiting import until

#: Long and short side of a photo that is large where a batch has 50,000 pixels.
LARGE = (2000, 1500)


def a_job(name: str, size: tuple[int, int]) -> StyleJob:
    options = StyleOptions(size=4096)
    return StyleJob(id=name, style="wave", image=jpeg(size=size), options=options, sender=name)


async def test_a_small_photo_is_painted_while_a_large_one_is(registry: FakeRegistry, tmp_path: Path) -> None:
    registry.publish_file("wave", make_shipped(tmp_path, "wave").weights)
    config = RunnerConfigFile(
        registry=RegistryAddress(host="127.0.0.1", port=registry.port),
        balancer=BalancerConfig(port=0, batch_pixels=50_000),
        runner=RunnerConfig(device="cpu", cache=tmp_path / "cache"),
    )
    fleet = LocalFleet(config.runner, config.registry.url, batch_seconds=45)
    async with running(config, fleet) as (balancer, url), RunnerClient(url) as client:
        await client.run(a_job("first", (96, 64)))
        large = asyncio.create_task(client.run(a_job("large", LARGE)))
        await until(lambda: in_slice(fleet))
        expected = await client.seconds_until_painted("large")
        assert expected is not None
        small = await client.run(a_job("small", (96, 64)))
        assert not large.done()
        assert decode(small.image).shape == (64, 96, 3)
        painted = await large
        assert decode(painted.image).shape == (LARGE[1], LARGE[0], 3)
        assert painted.reduced_from is None
        assert await client.seconds_until_painted("large") is None

        pace = balancer.scheduler.cost_model
        assert pace.knows_large("cpu")
        for _ in range(50):  # as if ten minutes were enough for a tenth of it
            pace.painted_large("cpu", 300_000, 600)
        most = pace.most_pixels("cpu")
        reduced = await client.run(a_job("reduced", LARGE))
        height, width = decode(reduced.image).shape[:2]
        assert 0.95 * most <= height * width <= most
        assert reduced.reduced_from == LARGE


def in_slice(fleet: LocalFleet) -> bool:
    """Whether the engine of the one process paints a slice now."""
    handle = fleet._slots["cpu-0"]._handle
    return handle is not None and handle._in_slice


async def test_a_job_that_is_not_on_its_way_is_not_found(registry: FakeRegistry, tmp_path: Path) -> None:
    config = RunnerConfigFile(
        registry=RegistryAddress(host="127.0.0.1", port=registry.port),
        balancer=BalancerConfig(port=0),
        runner=RunnerConfig(device="cpu", cache=tmp_path / "cache"),
    )
    fleet = LocalFleet(config.runner, config.registry.url, batch_seconds=45)
    async with (
        running(config, fleet) as (_, url),
        aiohttp.ClientSession() as session,
        session.get(f"{url}/v1/jobs/nobody's") as response,
    ):
        assert response.status == 404
        assert response.content_type == "application/problem+json"
