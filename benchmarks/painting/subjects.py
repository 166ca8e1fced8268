"""Make what the engine's benchmarks paint: a photo as a phone's mail program sends it, and a style."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import cache
from pathlib import Path

from PIL import Image

from runner.process.engine import BatchItem, Engine
from runner.protocol.messages import PaintedPhoto
from styles.contract import StyleOptions
from styles.formats import style_file
from styles.inference.openvino_backend.specialization import WORTH

#: Width and height, pixels; and how it is described.
SIZE = (1024, 683)
PHOTO = "a 1024x683 photo, JPEG to JPEG"
#: Photo that it is cut out of, and the JPEG quality of a phone's mail program.
FILE, QUALITY = Path(__file__).parent.parent.parent / "docs" / "photos" / "street.jpg", 90
PLAIN = StyleOptions()

#: Paints the photo, JPEG bytes to JPEG bytes.
Paint = Callable[[bytes], bytes]


@cache
def photo() -> bytes:
    """Return the photo's bytes."""
    with Image.open(FILE) as whole:
        top = (whole.height - SIZE[1]) // 2
        part = whole.convert("RGB").crop((0, top, SIZE[0], top + SIZE[1]))
    out = io.BytesIO()
    part.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


@cache
def weights() -> Path:
    """Return the style's file."""
    return style_file.shipped()[0].weights


def ours(device: str = "cpu") -> Paint:
    """Return the engine as a runner process uses it, warm in one style."""
    engine = Engine(device)
    style = engine.load("sha256:bench", weights())

    def paint(jpeg: bytes) -> bytes:
        return paint_one(engine, BatchItem(style=style, image=jpeg, options=PLAIN))

    for _ in range(WORTH + 1):
        paint(photo())
    return paint


def paint_one(engine: Engine, item: BatchItem) -> bytes:
    """Paint a batch of one photo; raises the error that comes instead of a picture."""
    (outcome,) = engine.run_batch([item])
    if isinstance(outcome, PaintedPhoto):
        return outcome.image
    raise outcome
