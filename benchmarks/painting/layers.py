"""Profile the network step by step, as OpenVINO executes it.

OpenVINO times each step that it executes. These are not the network's layers, but what OpenVINO made of them.
Steps of one kind are added up. Each has its time, the operations of its convolutions, the bytes that it reads
and writes, and the time that both would take at the processor's limits (`limits.py`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import openvino as ov

from benchmarks.reporting.findings import Profile
from styles.formats.architecture import Shape
from styles.formats.style_file import Array
from styles.imaging.codec import PixelBatch
from styles.inference.openvino_backend.layers import FoldedNetwork
from styles.inference.openvino_backend.runtime import cpu_options, has_bfloat16
from styles.inference.openvino_backend.style_unet import build

Node: TypeAlias = Any  # openvino ships no types

#: Runs of the network, whose times are averaged, after one that warms up.
RUNS = 10
#: Share of the whole time below which steps are shown as one row.
LEAST = 0.01
#: Bytes of a number, by OpenVINO's name.
BYTES = {"f32": 4, "i32": 4, "bf16": 2, "f16": 2, "u8": 1, "i8": 1}
HEADINGS = ("step", "times", "ms", "of all", "GFLOP", "MB moved", "at the limit, ms", "limited by")

#: What OpenVINO calls a transposed convolution.
ENLARGING = "Deconvolution"


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerStep:
    """Hold one kind of step, or one step."""

    name: str
    times: int = 1
    seconds: float = 0.0
    operations: float = 0.0
    bytes: float = 0.0

    def __add__(self, other: LayerStep) -> LayerStep:
        """Add two steps up, under the first one's name."""
        return replace(
            self,
            times=self.times + other.times,
            seconds=self.seconds + other.seconds,
            operations=self.operations + other.operations,
            bytes=self.bytes + other.bytes,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessorLimits:
    """Hold what the processor can do at most."""

    operations: float  #: a second
    bytes: float  #: a second

    def seconds(self, step: LayerStep) -> tuple[float, str]:
        """Return the least time that a step can take, and what limits it."""
        calculating, moving = step.operations / self.operations, step.bytes / self.bytes
        return max((calculating, "calculating"), (moving, "moving bytes"))


def multiply_adds(shape: Shape) -> float:
    """Return the multiply-adds for one pixel of the picture, convolutions only."""
    steps = {"stem": 4, "up4": 4, "refine": 4, "up2": 2, "out": 1, "down16": 16, "inner": 16}
    return sum(
        c.out * c.channels * c.size**2 / steps.get(c.name.partition(".")[0], 8) ** 2
        for c in shape.convolutions
    )


def measure(network: Mapping[str, Array], image: PixelBatch, row: npt.NDArray[np.float32]) -> list[LayerStep]:
    """Return the steps of a style's own model by kind, the longest first."""
    core = ov.Core()
    fast = has_bfloat16(core)
    options = {**cpu_options(0, fast=fast), "PERF_COUNT": True}
    compiled = core.compile_model(build(FoldedNetwork(network, fast=fast), row), "CPU", options)
    request = compiled.create_infer_request()
    kinds: dict[str, LayerStep] = {}
    for run in range(RUNS + 1):
        request.infer([image])
        if run:
            for step in _steps(compiled.get_runtime_model()):
                kinds[step.name] = kinds[step.name] + step if step.name in kinds else step
    return sorted(map(_of_one_run, kinds.values()), key=lambda step: -step.seconds)


def _of_one_run(step: LayerStep) -> LayerStep:
    return replace(
        step,
        times=step.times // RUNS,
        seconds=step.seconds / RUNS,
        operations=step.operations / RUNS,
        bytes=step.bytes / RUNS,
    )


def _steps(model: Any) -> Iterator[LayerStep]:
    for node in model.get_ordered_ops():
        text = _field(node, "execTimeMcs")
        if text.isdecimal() and int(text):
            convolution = _field(node, "layerType") in ("Convolution", ENLARGING)
            yield LayerStep(
                name=_convolution(node) if convolution else _kind(node),
                seconds=int(text) / 1e6,
                operations=_operations(node) if convolution else 0.0,
                bytes=_moved(node),
            )


def _field(node: Node, name: str) -> str:
    info = node.get_rt_info()
    return str(info[name].astype(str)) if name in info else ""


def _kind(node: Node) -> str:
    kinds = {
        "Eltwise": "scales, shifts, sums, relu",
        "Subgraph": "scales, shifts, sums, relu",
        "MVN": "mean and variance, and the norm by them",
        "Reorder": "layout changed",
        "Transpose": "layout changed",
        "Reshape": "layout changed",
        "DepthToSpace": "layout changed",
        "SpaceToDepth": "layout changed",
        "Convert": "bytes to numbers, numbers to bytes",
        "Pad": "padding",
        "Interpolate": "enlarging",
    }
    kind = _field(node, "layerType")
    return kinds.get(kind, kind)


def _convolution(node: Node) -> str:
    """Describe a convolution by its kernel, as “5x5, 12 to 24 channels, 544x374”."""
    *_, down, across = _shape(node.input(1))
    _, channels, height, width = _shape(node.output(0))
    given = _shape(node.input(0))[1]
    if _field(node, "layerType") == ENLARGING:
        return f"convolution that enlarges, {given} to {channels} channels, {width}x{height}"
    how = (
        f"{given} to {channels} channels" if _groups(node) == 1 else f"each of {channels} channels by itself"
    )
    return f"convolution {across}x{down}, {how}, {width}x{height}"


def _groups(node: Node) -> int:
    kernel, channels = _shape(node.input(1)), _shape(node.input(0))[1]
    return kernel[0] if len(kernel) == 5 else max(1, channels // kernel[1])


def _operations(node: Node) -> float:
    """Count the operations, two for each multiply-add."""
    kernel = _shape(node.input(1))
    if _field(node, "layerType") == ENLARGING:  # (in, out, 6, 6), of which each pixel meets a quarter
        return 2.0 * math.prod(_shape(node.output(0))) * kernel[0] * math.prod(kernel[-2:]) / 4
    return 2.0 * math.prod(_shape(node.output(0))) * math.prod(kernel[-3:])


def _moved(node: Node) -> float:
    """Count the bytes that the step reads and writes."""
    written = math.prod(_shape(node.output(0))) * _width(node)
    sources = (given.get_source_output() for given in node.inputs())
    return written + sum(math.prod(_shape(s)) * _width(s.get_node()) for s in sources)


def _width(node: Node) -> int:
    return BYTES.get(_field(node, "outputPrecisions").split(",")[0], 4)


def _shape(port: Node) -> Sequence[int]:
    return [dimension.get_length() for dimension in port.get_partial_shape()]


def profile(steps: Sequence[LayerStep], limits: ProcessorLimits) -> Profile:
    """Return the table: short steps are one row, and the sum comes last."""
    total = _sum("all", steps)
    long = [step for step in steps if step.seconds >= LEAST * total.seconds]
    short = [step for step in steps if step not in long]
    if short:
        long.append(_sum("the rest", short))
    least = sum(limits.seconds(step)[0] for step in steps)
    rows = [[*_cells(step, total), *_limit(step, limits)] for step in long]
    return Profile(
        title="The network, step by step",
        headings=HEADINGS,
        rows=[*rows, [*_cells(total, total), _ms(least), ""]],
        note="network-profile",
    )


def _sum(name: str, steps: Iterable[LayerStep]) -> LayerStep:
    whole = LayerStep(name=name, times=0)
    for step in steps:
        whole += step
    return whole


def _cells(step: LayerStep, total: LayerStep) -> list[str]:
    operations = f"{step.operations / 1e9:.2f}" if step.operations else ""
    share, moved = f"{step.seconds / total.seconds:.0%}", f"{step.bytes / 1e6:.0f}"
    return [step.name, str(step.times), _ms(step.seconds), share, operations, moved]


def _limit(step: LayerStep, limits: ProcessorLimits) -> list[str]:
    seconds, by = limits.seconds(step)
    return [_ms(seconds), by]


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f}"
