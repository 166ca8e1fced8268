"""/v1/status: what a balancer says of itself."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import aiohttp

from registry.client import RegistryClient
from runner.balancer.style_resolver import StyleResolver
from runner.client import RunnerClient
from styles.contract import keyed_digest
from tests.fakes.registry.registry import FakeRegistry
from tests.fakes.runner.served import Served, fill
from tests.fakes.waiting import until

RATES = {
    "photos_per_second": 0.0,
    "batches_per_second": 0.0,
    "batch_photos": None,
    "batch_fill": None,
    "queue_seconds": {"p50": None, "p95": None},
    "engine_seconds": {"p50": None, "p95": None},
    "failed": {},
}


async def ask(served: Served) -> dict[str, Any]:
    async with RunnerClient(served.url) as client:
        return await client.status()


async def send(served: Served, photo: bytes, *, style: str = "mosaic", sender: str = "ann") -> None:
    url = f"{served.url}/v1/stylize?style={style}&sender={sender}"
    async with aiohttp.ClientSession() as http, http.post(url, data=photo) as response:
        await response.read()


async def test_idle(served: Served) -> None:
    status = await ask(served)
    assert status.pop("version")
    assert 0 <= status.pop("uptime") < 60
    (runner,) = status.pop("runners")
    assert 0 <= runner.pop("since") < 60
    assert runner == {
        "name": "r0",
        "device": "cpu",
        "node": "",
        "pid": None,
        "state": "ready",
        "restarts": 0,
        "replaced": 0,
        "replacing": False,
        "credits": 1,
        "held": [],
        "large": False,
        "photos": 0,
        "batches": 0,
        "loads": 0,
        "evictions": 0,
        "memory": 0,
        "resident": [],
    }
    problem = status["learning"].pop("problem")  # in this config nothing is learnt
    assert (problem["type"], problem["status"]) == ("urn:mailbot:error:LearningOff", 501)
    assert status == {
        "ready": True,
        "reasons": [],
        "draining": False,
        "queued": 0,
        "in_flight": 0,
        "painted": 0,
        "failed": {},
        "quarantined": 0,
        "queue": {
            "photos": 0,
            "senders": 0,
            "bytes": 0,
            "arriving_bytes": 0,
            "longest_wait": 0,
            "expected_wait": 0,
            "max_photos": 2,
            "max_bytes": 1 << 30,
            "retry_after": 1,
        },
        "last_minute": RATES,
        "styles": {},
        "learning": {"queued": 0, "running": [], "ended": {}},
    }


async def test_at_work(served: Served) -> None:
    async with aiohttp.ClientSession() as http:
        requests = await fill(served, http)
        status = await ask(served)
        assert (status["queued"], status["in_flight"]) == (2, 1)
        queue = status["queue"]
        assert (queue["photos"], queue["senders"], queue["bytes"]) == (2, 1, 14)
        assert 0 < queue["longest_wait"] < 20
        assert queue["expected_wait"] > 0
        assert status["runners"][0]["held"] == [1]
        served.fleet.gate.set()
        for request in requests:
            (await request).release()
    status = await ask(served)
    assert (status["painted"], status["runners"][0]["photos"], status["runners"][0]["held"]) == (3, 3, [])
    minute = status["last_minute"]
    assert 0 < minute["photos_per_second"] <= 3
    assert (minute["batch_photos"], minute["batch_fill"]) == (1.5, 0.375)  # 1 and 2 of 4
    assert minute["engine_seconds"] == {"p50": 0.25, "p95": 0.25}
    assert 0 <= minute["queue_seconds"]["p50"] <= minute["queue_seconds"]["p95"] < 20


async def test_nobody_is_named(served: Served) -> None:
    served.fleet.gate.clear()
    senders = ("ann@example.org", "ben@example.org")
    sending = [asyncio.create_task(send(served, b"first"))]
    await until(lambda: served.balancer.scheduler.in_flight)
    sending += [asyncio.create_task(send(served, sender.encode(), sender=sender)) for sender in senders]
    await until(lambda: len(served.balancer.queue) == 2)
    status = await ask(served)
    assert status["queue"]["senders"] == 2
    assert "example.org" not in str(status)
    served.fleet.gate.set()
    await asyncio.gather(*sending)


async def test_failures_and_quarantine(served: Served) -> None:
    for photo in (b"BAD", b"DIE", b"DIE"):
        await send(served, photo)
    await send(served, b"photo", style="none")
    status = await ask(served)
    assert status["failed"] == {"NotAnImage": 1, "Unpaintable": 2, "UnknownStyle": 1}
    assert status["last_minute"]["failed"] == status["failed"]
    assert status["quarantined"] == 1


async def test_styles_in_memory_have_names_where_they_are_known(served: Served) -> None:
    old = served.registry.publish("mosaic", b"old").digest
    await send(served, b"photo")
    new = served.registry.publish("mosaic", b"new").digest
    await served.registry.announce()
    await until(lambda: new in served.fleet.warmed)
    private = keyed_digest(f"sha256:{'9' * 64}", "0" * 32)  # which nobody may hear of
    served.fleet.set("r0", "ready", [old, new, "sha256:stranger", private])
    status = await ask(served)
    assert "9" * 64 not in json.dumps(status)
    assert set(status["runners"][0]["resident"]) == {old, new, "sha256:stranger"}
    assert status["styles"] == {
        old: {"name": "mosaic", "version": 2},
        new: {"name": "mosaic", "version": 3},
    }


async def test_a_private_version_has_no_name(registry: FakeRegistry) -> None:
    garden, mosaic = registry.publish("garden", b"1"), registry.publish("mosaic", b"2")
    registry.move("private-0a1b2c", garden)
    registry.move("staged", mosaic)
    async with RegistryClient(registry.url) as client:
        resolver = StyleResolver(client)
        assert await resolver.resolve("garden@private-0a1b2c") == garden
        await resolver.resolve("mosaic@staged")
    assert dict(resolver.called) == {mosaic.digest: mosaic}


async def test_draining(served: Served) -> None:
    served.balancer.draining = True
    served.fleet.set("r0", "down")
    status = await ask(served)
    assert status["draining"] is True
    assert status["runners"][0]["state"] == "down"
