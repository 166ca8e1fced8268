"""No cycle keeps a refused photo until Python's collector finds it."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
import pytest

from tests.fakes.runner.served import Served

#: Bytes of a photo; nothing else here is as large.
PHOTO = 1_000_000


@contextmanager
def cycles() -> Iterator[list[object]]:
    """Collect the cycles that the block leaves, into the list."""
    found: list[object] = []
    gc.collect()
    gc.disable()
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        yield found
        gc.collect()
        found += gc.garbage
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.enable()


@pytest.mark.parametrize(
    ("style", "photo", "status"),
    [("mosaic", b"good", 200), ("mosaic", b"BAD", 415), ("mosaik", b"good", 404)],
)
async def test_no_cycle_holds_a_photo(served: Served, style: str, photo: bytes, status: int) -> None:
    url = f"{served.url}/v1/stylize?style={style}"
    async with aiohttp.ClientSession() as session:
        with cycles() as found:
            async with session.post(url, data=photo.ljust(PHOTO)) as response:
                assert response.status == status
                await response.read()
    held = [
        referent
        for each in found
        for referent in gc.get_referents(each)
        if isinstance(referent, (bytes, bytearray)) and len(referent) >= PHOTO
    ]
    assert held == []
