from __future__ import annotations

import asyncio
import re
from typing import Any

from registry.http.metrics import RegistryMetrics, prometheus
from styles.errors import BadCheckpoint
from tests.fakes.registry.service import TOKEN, Service
from tests.fakes.registry.uploads import VERSIONS, form

BEARER = {"Authorization": f"Bearer {TOKEN}"}
#: A line of the text format: a name, labels, a number.
SAMPLE = re.compile(r'[a-z_]+(\{[a-z_]+="[^"\\\n]*"(,[a-z_]+="[^"\\\n]*")*\})? [0-9.e+-]+')


async def samples(service: Service) -> dict[str, float]:
    """What /metrics says."""
    async with service.client.get("/metrics") as response:
        assert response.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
        lines = (await response.text()).splitlines()
    return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines if line[0] != "#"}


async def get(service: Service, path: str, method: str = "GET") -> Any:
    async with service.client.request(method, path) as response:
        return await response.read()


def test_the_text_is_of_the_format() -> None:
    metrics = RegistryMetrics()
    metrics.requests["GET", "/api/styles/{name}", "2xx"] += 2
    text = prometheus(metrics, waiting=1, styles=2, versions=3).decode()
    assert text.endswith("\n")
    named: set[str] = set()
    for line in text.splitlines():
        if line.startswith("# "):
            _, kind, name, _ = line.split(" ", 3)
            assert kind in ("HELP", "TYPE")
            named.add(name)
        else:
            assert SAMPLE.fullmatch(line), line
            assert re.split(r"[ {]", line)[0] in named
    assert 'registry_requests_total{method="GET",route="/api/styles/{name}",status="2xx"} 2.0' in text
    assert "registry_events_waiting 1.0\n" in text


async def test_requests_by_route_and_status(service: Service) -> None:
    for name in ("udnie", "starry-night", "nobody"):
        await get(service, f"/api/styles/{name}")
    await get(service, "/nowhere", "GET")
    await get(service, "/nowhere-else", "PURGE")
    await get(service, "/api/styles", "DELETE")
    found = await samples(service)
    style = 'registry_requests_total{method="GET",route="/api/styles/{name}",status='
    assert found[f'{style}"2xx"}}'] == 2
    assert found[f'{style}"4xx"}}'] == 1
    assert found['registry_requests_total{method="any",route="none",status="4xx"}'] == 3


async def test_uploads_and_what_became_of_them(service: Service) -> None:
    weights = b"x" * 100_000
    async with service.client.post(VERSIONS, data=form(weights), headers=BEARER) as response:
        assert response.status == 201
    service.validator.error = BadCheckpoint("No.")
    async with service.client.post(VERSIONS, data=form(weights), headers=BEARER) as response:
        assert response.status == 422
    async with service.client.post(VERSIONS, data=form(weights)) as response:
        assert response.status == 401  # no upload: nothing of it was read
    found = await samples(service)
    assert found['registry_uploads_total{result="accepted"}'] == 1
    assert found['registry_uploads_total{result="refused"}'] == 1
    assert found["registry_validations_total"] == 1
    assert found["registry_validation_seconds_total"] == 0.25
    assert 200_000 < found["registry_received_bytes_total"] < 202_000


async def test_blobs_and_what_there_is(service: Service) -> None:
    digest = (await (await service.client.get("/api/styles/udnie/resolve")).json())["digest"]
    await get(service, f"/blobs/{digest}")
    await get(service, "/blobs/" + "0" * 64)
    with service.second_store() as store:
        store.publish(store.style("udnie").live.card, service.builtin / "udnie" / "weights.safetensors")
    found = await samples(service)
    assert found["registry_blobs_served_total"] == 1
    assert found["registry_styles"] == 3
    assert found["registry_versions"] == 4


async def test_who_waits_for_events(service: Service) -> None:
    waiting = asyncio.create_task(get(service, "/api/events?since=3"))
    for expected in (1, 0):
        async with asyncio.timeout(10):
            while (await samples(service))["registry_events_waiting"] != expected:  # noqa: ASYNC110
                await asyncio.sleep(0.005)  # until it has come in, or is gone
        waiting.cancel()
