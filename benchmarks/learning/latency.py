"""Measure how much slower a photo is painted while a style is learnt on the same processor.

The same photo is painted over HTTP, one at a time, in turns without and with a job that learns: first with
pauses between, and then one after the other, where learning has its turns (`runner/learning/pauses.py`). The
loss network has random weights: its time is that of the real one.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path

import aiohttp

from benchmarks.reporting.findings import Figure, Finding, Row
from benchmarks.reporting.progress import progress
from benchmarks.serving.served import REAL, served
from runner.learning.pauses import TURN
from tests.fakes.learning.paintings import canvas
from tests.fakes.mailbot.mails import photo
from tests.fakes.styles.training_material import make_material

#: Turns, photos in each half of a turn, and photos that only warm up.
TURNS, PHOTOS, WARM = 3, 15, 2
#: Seconds between two photos, in which the learning process has the processor to itself.
PAUSE_SECONDS = 0.2
#: Seconds of photos one after the other: in half of them learning has its turn.
BUSY_SECONDS = 2 * TURN
#: Most that a photo may take with learning, in parts of its time without, at the median.
TARGET = 1.1
#: Seconds within which a job takes its first step, on a busy machine too.
BEGIN_SECONDS = 600.0
STYLE = "starry-night"


async def run() -> Sequence[Finding]:
    """Paint in turns, and compare."""
    without = _Times()
    meanwhile = _Times()
    with tempfile.TemporaryDirectory() as folder:
        features = make_material(Path(folder)) / "features.safetensors"
        async with served(REAL, features=features) as place, aiohttp.ClientSession(place.url) as http:
            await _painted(http, WARM)
            for turn in range(TURNS):
                progress(f"turn {turn + 1} of {TURNS}: without learning")
                await without.measure(http)
                async with _learning(http, turn):
                    progress(f"turn {turn + 1} of {TURNS}: while a style is learnt")
                    await meanwhile.measure(http)
    return [
        *_compared("a photo while a style is learnt", meanwhile.paused, without.paused),
        *_compared("a photo of many in a row while a style is learnt", meanwhile.busy, without.busy),
    ]


class _Times:
    """Hold the seconds of photos with pauses between, and of photos one after the other."""

    def __init__(self) -> None:
        self.paused: list[float] = []
        self.busy: list[float] = []

    async def measure(self, http: aiohttp.ClientSession) -> None:
        """Paint in both ways."""
        self.paused += await _painted(http, PHOTOS, PAUSE_SECONDS)
        until = time.monotonic() + BUSY_SECONDS
        while time.monotonic() < until:
            self.busy += await _painted(http, 1)


def _compared(measure: str, meanwhile: Sequence[float], without: Sequence[float]) -> Sequence[Finding]:
    ratio = statistics.median(meanwhile) / statistics.median(without)
    return [
        Row(measure=measure, seconds=meanwhile, against="without", against_seconds=without),
        Figure(
            measure=f"{measure}: its median, in parts of that without", value=ratio, unit="", target=TARGET
        ),
        Figure(
            measure=f"{measure}: its 95th percentile",
            value=1000 * _p95(meanwhile),
            unit="ms",
            against="without",
            against_value=1000 * _p95(without),
        ),
    ]


async def _painted(http: aiohttp.ClientSession, count: int, pause: float = 0.0) -> list[float]:
    """Return the seconds of some photos, one after the other with a pause before each."""
    seconds, content = [], _photo()
    for _ in range(count):
        await asyncio.sleep(pause)
        started = time.perf_counter()
        async with http.post("/v1/stylize", params={"style": STYLE}, data=content) as answer:
            await answer.read()
            answer.raise_for_status()
        seconds.append(time.perf_counter() - started)
    return seconds


@asynccontextmanager
async def _learning(http: aiohttp.ClientSession, number: int) -> AsyncIterator[None]:
    """Have a style learnt until the block ends; it begins with the first step."""
    form = aiohttp.FormData({"name": "painting", "minutes": "60", "owner": f"benchmark-{number}"})
    form.add_field("painting", canvas(number), filename="canvas.png")
    async with http.post("/learn", data=form) as answer:
        answer.raise_for_status()
        place = answer.headers["Location"]
    try:
        async with asyncio.timeout(BEGIN_SECONDS):
            while not await _step(http):  # noqa: ASYNC110 - its status is all that is seen of it
                await asyncio.sleep(0.2)
        yield
    finally:
        await http.delete(place)


async def _step(http: aiohttp.ClientSession) -> int:
    async with http.get("/v1/status") as answer:
        running = (await answer.json())["learning"]["running"]
    return int(running[0]["step"]) if running else 0


@cache
def _photo() -> bytes:
    return photo(1024, 768)


def _p95(seconds: Sequence[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1]
