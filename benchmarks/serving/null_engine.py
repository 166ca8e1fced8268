"""Give every photo back at once, to measure the rest.

A batch whose first photo begins with `SLEEP 0.05 ` takes that many seconds, asleep. A runner process with
this engine is `benchmarks.serving.null_runner`.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from runner.process.engine import BatchItem, Engine, EngineStep, PhotoInput
from runner.protocol.messages import PaintedPhoto
from styles.contract import StyleOptions
from styles.imaging.codec import Pixels

NO_PIXELS: Pixels = np.zeros((1, 1, 3), np.uint8)


@dataclass(frozen=True, slots=True)
class Nothing:
    """Stand for a loaded style."""

    bytes: int = 1  #: what it is accounted with
    shared: None = None


class NullEngine(Engine):
    """Give every photo back."""

    def __init__(self, device: str, threads: int) -> None:
        self.device = device

    def load(self, digest: str, weights: Path) -> Any:
        """Read nothing."""
        return Nothing()

    def mix(self, styles: Sequence[Any], shares: Sequence[float]) -> Any:
        """Return the same style for every digest."""
        return styles[0]

    def paint(self, photo: Pixels, style: Any, options: StyleOptions) -> Pixels:
        """Return the photo."""
        return photo

    def open(self, photo: PhotoInput) -> EngineStep:
        """Return without opening the photo."""
        return EngineStep(NO_PIXELS, 0.0)

    def run(self, items: Sequence[BatchItem], opened: Sequence[EngineStep]) -> list[EngineStep]:
        """Sleep for the time that the first photo says."""
        if items[0].image.startswith(b"SLEEP "):
            time.sleep(float(items[0].image.split(b" ", 2)[1]))
        return list(opened)

    def close(self, item: BatchItem, step: EngineStep) -> PaintedPhoto:
        """Return the photo."""
        return PaintedPhoto(image=item.image, seconds=step.seconds)


def slow_photo(seconds: float, size: int, number: int = 0) -> bytes:
    """Make a photo of `size` bytes whose batch takes these seconds; `number` makes it unique."""
    return (b"SLEEP %g %d " % (seconds, number)).ljust(size, b"\0")
