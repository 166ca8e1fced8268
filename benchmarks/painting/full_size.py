"""Measure a 50-megapixel photo, JPEG to JPEG: seconds, and memory above the loaded model.

It also measures what strips cost and change at 12 megapixels, where a picture can be painted at once too: the
mean absolute error between the two, everywhere and beside the borders of strips.

The memory is measured in a process of its own, which has loaded the model and painted a tiny photo before:

    python -m benchmarks.painting.full_size TINY PHOTO     prints seconds and bytes as JSON
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from benchmarks.reporting.findings import Figure, ReportLine, Row
from benchmarks.reporting.progress import progress
from runner.process.engine import BatchItem, Engine
from runner.protocol.messages import PaintedPhoto
from styles.contract import MAX_SIZE, StyleOptions
from styles.formats import style_file
from styles.formats.architecture import STRIDE, Shape
from styles.imaging.codec import Pixels, encode
from styles.inference import strips
from styles.inference.input_spec import STYLE_UNET_INPUT
from styles.inference.open import conditioning_of
from styles.inference.openvino_backend.session import OpenVinoSession

PHOTOS = Path(__file__).parent.parent.parent / "docs" / "photos"
#: Width and height of the photos, pixels: what phones take, and a fourth of it.
FULL, QUARTER = (8192, 6144), (4096, 3072)
#: Targets: bytes above the model, and mean absolute error in percent of 255 levels.
MEMORY_TARGET, ERROR_TARGET = 2_000_000_000, 1.0
#: Standard deviation of the noise that is laid over the enlarged photos, levels: an enlarged photo has none.
NOISE = 6.0
#: Rows on each side of a strip's border that count as beside it, pixels.
BESIDE = 4


async def run() -> Sequence[ReportLine]:
    """Measure both sizes."""
    return [*await asyncio.to_thread(_full), *await asyncio.to_thread(_strips_against_one_pass)]


def _full() -> list[ReportLine]:
    progress("50 megapixels")
    with tempfile.TemporaryDirectory() as folder:
        tiny, full = Path(folder) / "tiny.jpg", Path(folder) / "full.jpg"
        tiny.write_bytes(encode(photo(64, 48)))
        full.write_bytes(encode(photo(*FULL)))
        command = [sys.executable, "-m", "benchmarks.painting.full_size", str(tiny), str(full)]
        measured = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    memory, target = measured["bytes"] / 1e6, MEMORY_TARGET / 1e6
    return [
        Row(measure="50 megapixels, JPEG to JPEG", seconds=[measured["seconds"]]),
        Figure(
            measure="memory above the model for it",
            value=memory,
            unit="MB",
            target=target,
            note="large-memory",
        ),
    ]


def photo(width: int, height: int) -> Pixels:
    """Make a photo of four enlarged ones, two by two, and noise."""
    whole = Image.new("RGB", (width, height))
    for number, file in enumerate(sorted(PHOTOS.glob("*.jpg"))[:4]):
        with Image.open(file) as picture:
            part = picture.convert("RGB").resize((width // 2, height // 2), Image.Resampling.BICUBIC)
        whole.paste(part, (number % 2 * (width // 2), number // 2 * (height // 2)))
    pixels, random = np.array(whole), np.random.default_rng(1)
    for row in pixels:
        row[:] = np.clip(row + random.normal(0, NOISE, row.shape), 0, 255)
    return pixels


def _strips_against_one_pass() -> list[ReportLine]:
    style = style_file.read(style_file.shipped()[0].weights)
    session, row = OpenVinoSession(style.network), conditioning_of(style).row
    image = STYLE_UNET_INPUT.extend(photo(*QUARTER))
    seconds, pictures = {}, {}
    for way, most in (("at once", image.size), ("in strips", 0)):
        progress(f"12 megapixels {way}")
        session.whole_pixels = most
        started = time.perf_counter()
        pictures[way] = session.paint(image[None], row[None])[0]
        seconds[way] = time.perf_counter() - started
    error = _error_by_row(pictures["in strips"], pictures["at once"])
    beside = beside_borders(Shape.of(style.network), *image.shape[:2])
    return [
        Row(
            measure="12 megapixels, painted in strips",
            seconds=[seconds["in strips"]],
            against="at once",
            against_seconds=[seconds["at once"]],
        ),
        Figure(measure="its error, mean absolute", value=float(error.mean()), unit="%", target=ERROR_TARGET),
        Figure(
            measure="its error beside the borders of strips",
            value=float(error[beside].mean()),
            unit="%",
            against="elsewhere",
            against_value=float(error[~beside].mean()),
        ),
    ]


def _error_by_row(picture: Pixels, other: Pixels) -> npt.NDArray[np.float64]:
    """Return the mean absolute difference of each row, in percent of 255 levels."""
    rows = [np.abs(a.astype(np.int16) - b).mean() for a, b in zip(picture, other, strict=True)]
    return np.array(rows) / 2.55


def beside_borders(shape: Shape, height: int, width: int) -> npt.NDArray[np.bool_]:
    """Mark the rows of a picture beside the border of two strips, which a wider network has more of."""
    beside = np.zeros(height, bool)
    strip_pixels = strips.within_memory(strips.STRIP_PIXELS, shape)
    for strip in list(strips.cut(height // STRIDE, width // STRIDE, strip_pixels))[1:]:
        beside[strip.first * STRIDE - BESIDE : strip.first * STRIDE + BESIDE] = True
    return beside


def _measure(tiny: Path, large: Path) -> dict[str, float]:
    """Return the seconds of the large photo, and the bytes by which it raised this process's peak."""
    engine = Engine("cpu")
    style = engine.load("sha256:bench", style_file.shipped()[0].weights)
    options = StyleOptions(size=MAX_SIZE)
    peaks, seconds = [], 0.0
    for file in (tiny, large):
        (outcome,) = engine.run_batch([BatchItem(style=style, image=file.read_bytes(), options=options)])
        assert isinstance(outcome, PaintedPhoto), outcome
        peaks.append(_peak())
        seconds = outcome.seconds
    return {"seconds": seconds, "bytes": peaks[1] - peaks[0]}


def _peak() -> int:
    """Return this process's peak memory in bytes; `getrusage` would include the parent's."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024


if __name__ == "__main__":
    print(json.dumps(_measure(*map(Path, sys.argv[1:]))))
