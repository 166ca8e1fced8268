"""Check what each GPU here paints, and how fast. About a minute.

First its pictures are compared with the CPU's in float32, for both networks that run on GPUs, at once and in
strips. If these rows are not reached, the GPU must not be used. Then come its times beside those of the CPU.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from benchmarks.painting.subjects import PLAIN, ours, photo, weights
from benchmarks.painting.turns import in_turns
from benchmarks.reporting.findings import Figure, Missing, ReportLine, Row
from styles.formats import style_file
from styles.imaging.codec import PixelBatch, Pixels, decode, encode
from styles.inference.open import conditioning_of
from styles.inference.openvino_backend.session import OpenVinoSession
from styles.inference.session import ONE_STYLE, Conditioning, InferenceSession
from styles.inference.stylize import stylize
from styles.inference.torch_backend.session import BUCKET, TorchSession, TorchTransformerSession
from tests.fakes.styles.state_dicts import state_dict

PHOTOS = Path(__file__).parent.parent.parent / "docs" / "photos"
#: Levels of 255, in the mean: what float16 may cost our network, and bfloat16 the transformer-net.
OURS_DIFFERS, OTHERS_DIFFER = 0.5, 3.0
#: Pixels of a strip: low ones, that there be many.
STRIP_PIXELS = 100_000
#: Photos of the batch whose rate is shown.
TOGETHER = 4


async def run() -> list[ReportLine]:
    """Check and time every GPU that torch finds."""
    found = [f"cuda:{number}" for number in range(torch.cuda.device_count())]
    if not found:
        return [Missing(measure="a photo on a GPU", why=f"torch {torch.__version__} finds no GPU here")]
    return [line for name in found for line in measured(name)]


def measured(name: str, *, long_side: int = 1024, turns: int = 9) -> list[ReportLine]:
    """Check and time one device. `long_side`: of the photos, pixels."""
    label = f"{name}, {torch.cuda.get_device_name(name)}" if name != "cpu" else "torch on the CPU"
    photos = [decode(path.read_bytes(), long_side=long_side) for path in sorted(PHOTOS.glob("*.jpg"))[:3]]
    one = decode(photo(), long_side=long_side)
    return [*_right(name, label, photos), *_fast(name, label, one, turns), *_kept(name, label)]


def _right(name: str, label: str, photos: Sequence[Pixels]) -> Iterator[ReportLine]:
    """Compare the device's pictures with the CPU's in float32."""
    style = style_file.read(weights())
    seen, session = conditioning_of(style), TorchSession(style.network, name)
    exact = [_painted(TorchSession(style.network, "cpu"), one, seen) for one in photos]
    whole = [_painted(session, one, seen) for one in photos]
    session.whole_pixels, session.strip_pixels = 0, STRIP_PIXELS
    in_strips = [_painted(session, one, seen) for one in photos]
    tensors = {name: tensor.numpy().astype(np.float16) for name, tensor in state_dict().items()}
    other, exact_other = (
        _painted(TorchTransformerSession(tensors, on), photos[0], ONE_STYLE) for on in (name, "cpu")
    )
    for what, made, wanted, most in (
        ("our network", whole, exact, OURS_DIFFERS),
        (f"our network in strips of {STRIP_PIXELS:,} pixels", in_strips, exact, OURS_DIFFERS),
        ("the transformer-net", [other], [exact_other], OTHERS_DIFFER),
    ):
        difference = statistics.fmean(_difference(a, b) for a, b in zip(made, wanted, strict=True))
        yield Figure(
            measure=f"{label}: {what}, mean difference from float32 on the CPU",
            value=difference,
            unit="of 255 levels",
            target=most,
        )


def _fast(name: str, label: str, pixels: Pixels, turns: int) -> Iterator[ReportLine]:
    """Time the device beside the engine that runs on this machine's CPU."""
    style = style_file.read(weights())
    row = conditioning_of(style).row
    session, cpu = TorchSession(style.network, name), OpenVinoSession(style.network)
    size = f"{pixels.shape[1]}x{pixels.shape[0]}"
    image, at_cpu = session.input_spec.extend(pixels)[None], cpu.input_spec.extend(pixels)[None]
    four, rows = np.repeat(image, TOGETHER, 0), np.stack([row] * TOGETHER)

    lower = np.ascontiguousarray(image[:, BUCKET:])
    first, captured = (_seconds(session, lower, rows[:1]) for _ in range(2))
    ways = {
        "one": lambda: session.paint(image, rows[:1]),
        "four": lambda: session.paint(four, rows),
        "cpu": lambda: cpu.paint(at_cpu, rows[:1]),
    }
    times = in_turns(ways, turns)
    yield Row(
        measure=f"{label}: {size}, pixels to pixels",
        seconds=times["one"],
        against="OpenVINO on this CPU",
        against_seconds=times["cpu"],
    )
    yield Figure(
        measure=f"{label}: the same in batches of {TOGETHER}",
        value=TOGETHER / statistics.median(times["four"]),
        unit="photos a second",
    )
    yield Row(measure=f"{label}: the first photo of a size", seconds=[first])
    yield Row(measure=f"{label}: the second photo of a size, which is captured with it", seconds=[captured])
    jpeg = encode(pixels)
    engines = {"gpu": partial(ours(name), jpeg), "cpu": partial(ours("cpu"), jpeg)}
    times = in_turns(engines, turns)
    yield Row(
        measure=f"{label}: {size}, JPEG to JPEG",
        seconds=times["gpu"],
        against="on this CPU",
        against_seconds=times["cpu"],
    )


def _kept(name: str, label: str) -> Iterator[ReportLine]:
    """Return the GPU memory that torch holds in the end."""
    if name != "cpu":
        held = torch.cuda.memory_reserved(name) / 1e6
        yield Figure(measure=f"{label}: memory held in the end", value=held, unit="MB", target=4000)


def _seconds(session: InferenceSession, images: PixelBatch, rows: npt.NDArray[np.float32]) -> float:
    started = time.perf_counter()
    session.paint(images, rows)
    return time.perf_counter() - started


def _painted(session: InferenceSession, photo: Pixels, style: Conditioning) -> Pixels:
    return stylize(session, [photo], [style], [PLAIN])[0]


def _difference(picture: Pixels, wanted: Pixels) -> float:
    return float(np.abs(picture.astype(np.int16) - wanted).mean())
