"""The numbers for Prometheus, of a balancer that has painted, refused and lost photos."""

from __future__ import annotations

import asyncio

import aiohttp
from prometheus_client.parser import text_string_to_metric_families

from styles.service.metrics import CONTENT_TYPE
from tests.fakes.runner.served import Served, fill
from tests.fakes.waiting import until


async def samples(served: Served) -> dict[str, float]:
    """Every sample by its name and labels, as Prometheus would read it."""
    async with aiohttp.ClientSession() as http, http.get(f"{served.url}/metrics") as response:
        assert response.headers["Content-Type"] == CONTENT_TYPE
        families = list(text_string_to_metric_families(await response.text()))
    found: dict[str, float] = {}
    for family in families:
        assert family.documentation
        assert family.type in ("counter", "gauge", "histogram", "info")
        for sample in family.samples:
            labels = ",".join(f"{name}={value}" for name, value in sorted(sample.labels.items()))
            found[f"{sample.name}{{{labels}}}" if labels else sample.name] = sample.value
    return found


async def test_photos_that_wait_and_photos_that_are_painted(served: Served) -> None:
    async with aiohttp.ClientSession() as http:
        requests = await fill(served, http)
        found = await samples(served)
        assert found["painter_queued"] == 2
        assert found["painter_queued_bytes"] == 2 * len(b"photo 1")
        assert found["painter_queued_senders"] == 1
        assert found["painter_expected_wait_seconds"] > 0
        assert 0 < found["painter_longest_wait_seconds"] < 20
        assert found["painter_in_flight"] == 1
        assert found["painter_held_batches{device=cpu,runner=r0}"] == 1
        assert found["painter_runners_up"] == 1
        served.fleet.gate.set()
        for request in requests:
            (await request).release()
    found = await samples(served)
    for name in ("queued", "in_flight", "longest_wait_seconds", "expected_wait_seconds"):
        assert found[f"painter_{name}"] == 0
    assert found["painter_held_batches{device=cpu,runner=r0}"] == 0
    assert found["painter_painted_total{device=cpu,runner=r0}"] == 3
    assert found["painter_queue_seconds_count"] == found["painter_photo_seconds_count"] == 3
    assert found["painter_engine_seconds_sum{device=cpu}"] == 0.75
    assert found["painter_batch_photos_sum"] == 3
    assert found["painter_batch_photos_count"] == 2  # the first alone, then two that had waited
    assert found["painter_batch_fill_sum"] == 0.75


async def test_what_failed_and_what_is_in_quarantine(served: Served) -> None:
    async with aiohttp.ClientSession() as http:
        for photo in (b"BAD", b"DIE", b"DIE"):
            (await http.post(f"{served.url}/v1/stylize?style=mosaic", data=photo)).release()
    found = await samples(served)
    assert found["painter_failed_total{error=NotAnImage}"] == 1
    assert found["painter_failed_total{error=Unpaintable}"] == 2
    assert found["painter_quarantined"] == 1


async def test_what_was_refused_before_it_was_a_job(served: Served) -> None:
    url = f"{served.url}/v1/stylize?sender=ann"
    async with aiohttp.ClientSession() as http:
        requests = await fill(served, http)
        for query, photo in (("&style=mosaic", b"one more"), ("&style=mosaic&size=1", b"photo"), ("", b"")):
            (await http.post(url + query, data=photo)).release()
        (await http.post(f"{served.url}/v1/sheet", data=b"")).release()
        found = await samples(served)
        served.fleet.gate.set()
        for request in requests:
            (await request).release()
    assert found["painter_failed_total{error=Busy}"] == found["painter_failed_total{error=NotAnImage}"] == 1
    assert found["painter_failed_total{error=BadOption}"] == 2
    assert found["painter_failed_total{error=DeadlineExceeded}"] == 0


async def test_runners_and_the_process(served: Served) -> None:
    served.fleet.set("r0", "down", ["sha256:1", "sha256:2"])
    await until(lambda: served.balancer.fleet.runners()[0].state == "down")
    found = await samples(served)
    assert found["painter_runners_up"] == found["painter_draining"] == 0
    assert found["painter_resident_styles{device=cpu,runner=r0}"] == 2
    for name in ("restarts", "replaced", "batches", "loads", "evictions"):
        assert found[f"painter_{name}_total{{device=cpu,runner=r0}}"] == 0
    assert found["process_resident_memory_bytes"] > 1 << 20
    assert any(name.startswith("painter_build_info{version=") for name in found)
    served.balancer.draining = True
    assert (await samples(served))["painter_draining"] == 1


async def test_series_do_not_grow_with_what_is_sent(served: Served) -> None:
    async def send(style: str, sender: str) -> None:
        async with (
            aiohttp.ClientSession() as http,
            http.post(f"{served.url}/v1/stylize?style={style}&sender={sender}", data=b"photo") as response,
        ):
            await response.read()

    await send("mosaic", "ann")
    await send("none", "ann")
    before = set(await samples(served))
    await asyncio.gather(send("udnie", "ben"), send("mosaic", "eve"), send("other", "eve"))
    assert set(await samples(served)) == before
