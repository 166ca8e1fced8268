from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from registry.balancers.usage_reader import UsageReader
from registry.store.store import Store
from tests.fakes.registry.versions import publish
from tests.fakes.waiting import until

TODAY = datetime.now(UTC).date().isoformat()


class Counts:
    """What the balancer answers."""

    def __init__(self) -> None:
        self.answer: Any = {"source": "a" * 32, "days": {TODAY: {"mosaic": 3}}}
        self.asked = 0


@pytest.fixture
async def counts() -> Counts:
    return Counts()


@pytest.fixture
async def url(counts: Counts) -> AsyncIterator[str]:
    async def usage(request: web.Request) -> web.Response:
        counts.asked += 1
        return web.json_response(counts.answer)

    app = web.Application()
    app.router.add_get("/v1/usage", usage)
    async with TestServer(app) as server:
        yield str(server.make_url(""))


def today(store: Store) -> int:
    return store.usage("mosaic", 1)[0].photos


async def test_the_counts_are_kept_and_grow(store: Store, url: str, counts: Counts) -> None:
    publish(store, "mosaic")
    reading = asyncio.create_task(UsageReader(store, ["http://127.0.0.1:9/", url]).run(0.01))
    await until(lambda: today(store) == 3)
    counts.answer["days"][TODAY]["mosaic"] = 5
    await until(lambda: today(store) == 5)
    reading.cancel()


@pytest.mark.parametrize(
    "answer",
    [
        [],
        {"days": {}},
        {"source": "x", "days": {TODAY: {"mosaic": 1}}},
        {"source": "a" * 32, "days": {"tomorrow": {"mosaic": 1}}},
        {"source": "a" * 32, "days": {TODAY: {"mosaic": -1}}},
        {"source": "a" * 32, "days": {TODAY: {"mosaic": 2**40}}},
    ],
)
async def test_another_answer_is_left_out(store: Store, url: str, counts: Counts, answer: Any) -> None:
    publish(store, "mosaic")
    counts.answer = answer
    reading = asyncio.create_task(UsageReader(store, [url]).run(0.01))
    await until(lambda: counts.asked > 2)
    assert today(store) == 0
    assert not reading.done()
    reading.cancel()
