from __future__ import annotations

import asyncio
import hashlib
import random
from pathlib import Path

import aiohttp
import pytest

from registry.http.conditional_requests import part_of
from registry.store.style_versions import blob_path
from styles.contract import Card
from tests.fakes.registry.databases import both
from tests.fakes.registry.service import Service

#: Bytes of a blob that 50 clients pull at once.
LARGE = 8_000_000


@pytest.mark.parametrize(
    ("wanted", "part"),
    [
        ("bytes=0-0", range(1)),
        ("bytes=0-", range(100)),
        ("bytes=90-200", range(90, 100)),
        ("bytes=-10", range(90, 100)),
        ("bytes=-200", range(100)),
        ("Bytes = 5 - 9", range(5, 10)),
    ],
)
def test_ranges(wanted: str, part: range) -> None:
    assert part_of(wanted, 100) == part


@pytest.mark.parametrize("wanted", ["lines=0-5", "bytes=0-1,5-6", "seconds=x"])
def test_what_is_not_served_in_parts_is_served_whole(wanted: str) -> None:
    assert part_of(wanted, 100) is None


@pytest.mark.parametrize(
    "wanted", ["bytes=100-", "bytes=9-5", "bytes=-0", "bytes=-", "bytes=a-b", "bytes", "bytes=٣-"]
)
def test_bad_ranges(wanted: str) -> None:
    with pytest.raises(ValueError, match=r"(?i)range"):
        part_of(wanted, 100)


def test_nothing_has_no_parts() -> None:
    with pytest.raises(ValueError, match="range"):
        part_of("bytes=0-", 0)


@pytest.fixture
def large(service: Service, tmp_path: Path) -> str:
    """The digest of a large blob."""
    (tmp_path / "large").write_bytes(random.Random(1).randbytes(LARGE))
    with service.second_store() as store:
        card = Card(name="heavy", title="Heavy", architecture="onnx")
        return store.publish(card, tmp_path / "large", format="onnx").digest


async def test_fifty_clients_pull_one_blob_at_once(service: Service, large: str) -> None:
    async def pull(number: int) -> str:
        """Every second one breaks off in the middle and asks for the rest."""
        running, url = hashlib.sha256(), service.url.rstrip("/") + blob_path(large)
        parts = [{}] if number % 2 else [{"Range": "bytes=0-2999999"}, {"Range": "bytes=3000000-"}]
        async with aiohttp.ClientSession() as session:
            for part in parts:
                async with session.get(url, headers=part) as response:
                    assert response.status == (206 if part else 200)
                    assert response.headers["ETag"] == f'"{large}"'
                    async for chunk in response.content.iter_any():
                        running.update(chunk)
        return f"sha256:{running.hexdigest()}"

    pulled = await asyncio.wait_for(asyncio.gather(*(pull(number) for number in range(50))), 60)
    assert set(pulled) == {large}


@both
async def test_who_pulls_slowly_holds_up_nobody(service: Service, large: str) -> None:
    async with aiohttp.ClientSession() as session:
        urls = [service.url.rstrip("/") + blob_path(large)] * 20
        slow = [await session.get(url) for url in urls]  # their headers are read, and no more
        async with session.get(f"{service.url}api/styles") as response:
            assert response.status == 200
        for response in slow:
            response.close()
