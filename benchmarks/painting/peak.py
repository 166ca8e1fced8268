"""Measure the network alone against the processor's limits, and profile it. Half a minute.

The operations are those of the network as it is defined: two for each multiply-add of its convolutions, and
nothing for norms, sums and layouts. They are shown twice: for the photo's own pixels, and for all
pixels that go through the network, with the mirrored margin. Half a minute.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence

import numpy as np
import openvino as ov
import torch

from benchmarks.painting import layers
from benchmarks.painting.exported import PlainOpenVino, export
from benchmarks.painting.layers import ProcessorLimits
from benchmarks.painting.limits import Way, matrices, moves
from benchmarks.painting.subjects import SIZE, photo, weights
from benchmarks.painting.turns import in_turns
from benchmarks.reporting.findings import Figure, Finding, Row
from styles.formats import style_file
from styles.formats.architecture import Shape
from styles.imaging.codec import decode
from styles.inference.open import conditioning_of
from styles.inference.openvino_backend.runtime import has_bfloat16
from styles.inference.openvino_backend.session import OpenVinoSession
from styles.inference.openvino_backend.specialization import WORTH
from styles.inference.stylize import prepare
from styles.service.cgroup import cores

#: Turns that count.
COUNT = 9
#: The target: part of the matrix peak.
TARGET = 0.75
WHAT = "operations a second of the network alone"


async def run() -> list[Finding]:
    """Measure network, matrices and copies in turns."""
    torch.set_num_threads(cores())
    style = style_file.read(weights())
    session, plain = OpenVinoSession(style.network), PlainOpenVino(export(style))
    row, underpainting = conditioning_of(style)
    images, rows = prepare(session, decode(photo()), underpainting)[None], row[None]
    for _ in range(WORTH + 1):
        session.paint(images, rows)  # until the style has a model of its own
    fast = has_bfloat16(ov.Core())
    ways = {way.name: way for way in (*matrices("f32"), *(matrices("bf16") if fast else ()))}
    copies = moves()
    paints = {
        "ours": lambda: session.paint(images, rows),
        "plain": lambda: plain.paint(images, rows),
    }
    goes = {name: way.go for name, way in (ways | copies).items()}
    times = in_turns(paints | goes, COUNT)
    precision = "bf16" if fast else "f32"
    peak = _best(ways, times, precision)
    moved = [way.rate(statistics.median(times[name])) for name, way in copies.items()]
    limits = ProcessorLimits(operations=peak * 1e9, bytes=max(moved) * 1e9)
    profile = layers.profile(layers.measure(style.network, images, rows[0]), limits)
    per_pixel = 2 * layers.multiply_adds(Shape.of(style.network))
    return [
        *_operations(times["ours"], per_pixel, images.size // 3, peak, precision),
        Row(
            measure="the network alone",
            seconds=times["ours"],
            against="OpenVINO as it comes",
            against_seconds=times["plain"],
            note="openvino",
        ),
        *_peaks(ways, times, fast=fast),
        *_moves(copies, times),
        profile,
    ]


def _best(ways: Mapping[str, Way], times: Mapping[str, Sequence[float]], precision: str) -> float:
    """Return the best of a precision's medians, in GFLOP a second."""
    return max(
        way.rate(statistics.median(times[name])) for name, way in ways.items() if name.startswith(precision)
    )


def _operations(
    seconds: Sequence[float], per_pixel: float, pixels: int, peak: float, precision: str
) -> list[Figure]:
    """Return the network's rate. `pixels`: all that went through it."""
    median = statistics.median(seconds)
    own, whole = (per_pixel * count / median / 1e9 for count in (SIZE[0] * SIZE[1], pixels))
    against = f"matrix peak, {precision}"
    return [
        Figure(
            measure=WHAT,
            value=own,
            unit="GFLOP/s",
            against=against,
            against_value=peak,
            part=TARGET,
            note="peak",
        ),
        Figure(
            measure=f"{WHAT}, with the margin",
            value=whole,
            unit="GFLOP/s",
            against=against,
            against_value=peak,
        ),
    ]


def _peaks(ways: Mapping[str, Way], times: Mapping[str, Sequence[float]], *, fast: bool) -> list[Figure]:
    return [
        Figure(measure=f"matrix peak, {precision}", value=_best(ways, times, precision), unit="GFLOP/s")
        for precision in (("bf16", "f32") if fast else ("f32",))
    ]


def _moves(copies: Mapping[str, Way], times: Mapping[str, Sequence[float]]) -> list[Figure]:
    return [
        Figure(
            measure=f"bytes read and written in copying {name}",
            value=way.rate(float(np.median(times[name]))),
            unit="GB/s",
        )
        for name, way in copies.items()
    ]
