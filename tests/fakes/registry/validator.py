"""Stand in for `ValidationPool`: accept every upload as it is, or refuse it with a given error.

validator = FakeValidator()
app = create_app(config, builtin, validator=validator)
"""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

from PIL import Image

from registry.validation.pool import ValidatedStyle, ValidationPool
from styles.contract import PixelRange
from styles.errors import PainterError, ValuesNeeded


class FakeValidator(ValidationPool):
    """Says of every file that it is an ONNX style, unless it has an `error` to raise."""

    def __init__(self) -> None:
        self.error: PainterError | None = None
        self.begun = asyncio.Event()  #: set when a validation begins
        self.cancelled = asyncio.Event()  #: set when one that waits is cancelled
        self.go_on = asyncio.Event()  #: cleared, validations wait
        self.go_on.set()
        self.running = False  #: between `startup` and `shutdown`
        self.asked: list[PixelRange | None] = []  #: by the validations so far
        self.values: list[str] = []  #: the same, of values
        self.choices = 0  #: styles inside of every file, for which values are asked

    async def startup(self) -> None:
        self.running = True

    async def shutdown(self) -> None:
        self.running = False

    async def run(
        self, upload: Path, folder: Path, pixel_range: PixelRange | None, values: str = ""
    ) -> ValidatedStyle:
        self.asked.append(pixel_range)
        self.values.append(values)
        self.begun.set()
        try:
            await self.go_on.wait()
        except asyncio.CancelledError:
            self.cancelled.set()
            raise
        kept, preview = folder / "kept", folder / "preview.jpg"
        shutil.copyfile(upload, kept)
        Image.new("RGB", (8, 6), (200, 80, 40)).save(preview)
        if self.error:
            raise self.error
        if self.choices and not values:
            asked = {"name": "style_weights", "numbers": self.choices, "choices": self.choices}
            raise ValuesNeeded("The network takes style_weights too.", inputs=[asked])
        return ValidatedStyle(
            kept=kept,
            preview=preview,
            format="onnx",
            architecture="onnx",
            pixel_range=pixel_range or "0..1",
            seconds=0.25,
            notes=("The stand-in looked at nothing.",),
        )
