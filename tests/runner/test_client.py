"""What another program does with the client."""

from __future__ import annotations

import asyncio

import pytest

from runner.client import PainterError, RunnerClient, StyleOptions
from styles.errors import Busy
from tests.fakes.runner.balancer import FakeBalancer, painted
from tests.fakes.runner.fleet import PREVIEW, inverted
from tests.fakes.runner.served import Served


async def test_a_photo_and_a_sheet_for_another_program(served: Served) -> None:
    options = StyleOptions(size=640, preview=320)
    async with RunnerClient(served.url) as client:
        painting = await client.paint(b"photo", "mosaic", options, sender="ann")
        sheet = await client.sheet(b"photo")
    assert (painting.image, painting.preview, painting.version) == (inverted(b"photo"), PREVIEW, 1)
    assert (sheet.image, sheet.version) == (inverted(b"photo"), 0)
    (_, (first,)), (_, (second,)) = served.fleet.batches
    assert (first.options, second.sheet) == (options, True)


async def test_the_errors_of_another_program_have_sentences(served: Served) -> None:
    async with RunnerClient(served.url) as client:
        with pytest.raises(PainterError) as unknown:
            await client.paint(b"photo", "mosaik")
        with pytest.raises(PainterError) as bad:
            await client.paint(b"BAD", "mosaic")
    assert (unknown.value.message, unknown.value.retry) == ("I know no style called “mosaik”.", False)
    assert bad.value.message == "I could not open that file as a photo."


async def test_another_program_waits_while_the_queue_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    pause = asyncio.sleep

    async def soon(seconds: float) -> None:
        waited.append(seconds)
        await pause(0)

    monkeypatch.setattr(asyncio, "sleep", soon)
    async with FakeBalancer() as balancer, RunnerClient(balancer.url) as client:
        balancer.faults.extend([(429, "full", "Busy")] * 2)
        assert (await client.paint(b"photo", "mosaic")).image == painted(b"photo")
        assert waited == [1.0, 1.0]
        balancer.faults.append((429, "full", "Busy"))
        with pytest.raises(Busy):  # it would be over before the queue has room
            await client.paint(b"photo", "mosaic", timeout=0.5)
