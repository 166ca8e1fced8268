"""Style files that a runner process asks its balancer for."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from runner.process.blob_requests import BlobRequests
from runner.protocol.framing import Frame
from runner.protocol.pull_messages import pull_frame, pulled_frame
from styles.errors import RegistryUnavailable

FILE = Path("/cache/a")


@pytest.fixture
def sent() -> list[Frame]:
    return []


@pytest.fixture
def requests(sent: list[Frame]) -> BlobRequests:
    return BlobRequests(sent.append)


async def test_all_who_need_a_file_ask_once(requests: BlobRequests, sent: list[Frame]) -> None:
    waiting = [asyncio.create_task(requests.path("a")) for _ in range(3)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    requests.answer(pulled_frame("a", FILE))
    assert await asyncio.gather(*waiting[1:]) == [FILE, FILE]
    assert [frame.header for frame in sent] == [pull_frame("a").header]


async def test_after_an_error_it_is_asked_for_again(requests: BlobRequests, sent: list[Frame]) -> None:
    for answer in (RegistryUnavailable("away"), FILE):
        waiting = asyncio.create_task(requests.path("a"))
        await asyncio.sleep(0)
        requests.answer(pulled_frame("a", answer))
        if isinstance(answer, Path):
            assert await waiting == FILE
        else:
            with pytest.raises(RegistryUnavailable):
                await waiting
    assert len(sent) == 2


async def test_what_nobody_asked_for_is_dropped(requests: BlobRequests, sent: list[Frame]) -> None:
    requests.answer(pulled_frame("a", FILE))
    waiting = asyncio.create_task(requests.path("a"))
    await asyncio.sleep(0)
    assert len(sent) == 1
    requests.answer(pulled_frame("a", FILE))
    assert await waiting == FILE
