"""One 1024-pixel photo, JPEG to JPEG: our engine against the same network in torch's eager mode."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.report import Row
from runner.engine import Engine, Item
from styles import checkpoint
from styles.contract import StyleOptions
from styles.image import decode, encode
from styles.paint import TorchCanvas, row_of, stylize
from tests.fakes.mails import photo

#: Photos measured by each engine, in turn, after one to warm up.
COUNT = 7


async def run() -> list[Row]:
    """Both engines, in turn, so that a noisy machine is noisy for both."""
    style = checkpoint.shipped()[0]
    jpeg = photo(1024, 683)
    ours, torch = _ours(style.weights, jpeg), _torch(style.weights, jpeg)
    times: dict[str, list[float]] = {"ours": [], "torch": []}
    for turn in range(COUNT + 1):
        for name, paint in (("ours", ours), ("torch", torch)):
            started = time.perf_counter()
            paint()
            if turn:
                times[name].append(time.perf_counter() - started)
    return [
        Row(
            measure="a 1024x683 photo, JPEG to JPEG",
            seconds=times["ours"],
            against="torch eager, float32",
            against_seconds=times["torch"],
        )
    ]


def _ours(weights: Path, jpeg: bytes) -> Callable[[], object]:
    engine = Engine("cpu")
    item = Item(style=engine.load("sha256:bench", weights), image=jpeg, options=StyleOptions())
    return lambda: engine.run_batch([item])


def _torch(weights: Path, jpeg: bytes) -> Callable[[], object]:
    style = checkpoint.read(weights)
    canvas, row = TorchCanvas(style.network, "cpu"), row_of(style)
    return lambda: encode(stylize(canvas, [decode(jpeg)], [row], [StyleOptions()])[0])
