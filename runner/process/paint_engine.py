"""What is asked of an engine; `runner.process.engine.Engine` is the one there is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from runner.process.engine import BatchItem, EngineResult, EngineStep, LoadedStyle, PhotoInput
from styles.contract import StyleOptions
from styles.errors import PainterError
from styles.imaging.codec import Pixels


class PaintEngine(Protocol):
    """One device. Blocking, and used by one thread but where it says so."""

    def load(self, digest: str, weights: Path) -> LoadedStyle:
        """Raises `BadCheckpoint`."""

    def mix(self, styles: Sequence[LoadedStyle], shares: Sequence[float]) -> LoadedStyle:
        """The style between some of one base. Raises `BadOption` where they are not."""

    def open(self, photo: PhotoInput) -> EngineStep:
        """A photo decoded, or why not. In any thread, as is `close`."""

    def run(self, items: Sequence[BatchItem], opened: Sequence[EngineStep]) -> Sequence[EngineStep]:
        """What a batch became, in order; whatever it raises means that the device is of no more use."""

    def close(self, item: BatchItem, step: EngineStep) -> EngineResult | PainterError:
        """A picture encoded."""

    def paint(self, photo: Pixels, style: LoadedStyle, options: StyleOptions) -> Pixels:
        """One painting, for a sheet. Raises a `PainterError`; whatever else it raises means the same."""
