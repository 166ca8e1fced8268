"""Measure what the processor can do at most: multiply matrices, and move bytes.

    matrices    multiplications of square matrices, by torch and by OpenVINO, in bfloat16 and float32
    moves       copies: of the bytes of one activation, and of more than any cache holds

Each is a way for `turns.in_turns`, with the operations or the bytes of one run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import torch

from styles.service.cgroup import cores

Precision = Literal["bf16", "f32"]

#: Sides of the matrices: below they do not keep the cores busy, above they leave the caches.
SIDES = (1024, 2048, 3072)
#: Bytes of the two kinds of copies: 24 channels of a 1024-pixel photo at half its size, and much more.
ACTIVATION, LARGE = 10_000_000, 1_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Hold one load to run as fast as possible."""

    name: str
    go: Callable[[], object]
    amount: float  #: operations, or bytes, of one go

    def rate(self, seconds: float) -> float:
        """Return the rate in thousands of millions a second."""
        return self.amount / seconds / 1e9


def matrices(precision: Precision) -> Iterator[Way]:
    """Return the multiplications of all sides by both engines; a multiply-add is two operations."""
    for side in SIDES:
        operations = 2.0 * side**3
        yield Way(name=f"{precision}, torch, {side}", go=_by_torch(side, precision), amount=operations)
        yield Way(name=f"{precision}, OpenVINO, {side}", go=_by_openvino(side, precision), amount=operations)


def moves() -> dict[str, Way]:
    """Return the copies; bytes read and bytes written both count."""
    sizes = {"10 MB, as of an activation": ACTIVATION, "1 GB": LARGE}
    return {name: Way(name=name, go=_copy(size), amount=2.0 * size) for name, size in sizes.items()}


def _by_torch(side: int, precision: Precision) -> Callable[[], object]:
    dtype = torch.bfloat16 if precision == "bf16" else torch.float32
    a, b = torch.randn(side, side, dtype=dtype), torch.randn(side, side, dtype=dtype)
    out = torch.empty(side, side, dtype=dtype)
    return lambda: torch.mm(a, b, out=out)


def _by_openvino(side: int, precision: Precision) -> Callable[[], object]:
    import openvino as ov
    from openvino import opset13 as ops

    given = ops.parameter([side, side], np.float32)
    other = np.random.default_rng(0).standard_normal((side, side), np.float32)
    model = ov.Model([ops.matmul(given, other, False, False)], [given], "matrices")
    options: dict[str, Any] = {
        "INFERENCE_PRECISION_HINT": precision,
        "INFERENCE_NUM_THREADS": cores(),
        "PERFORMANCE_HINT": "LATENCY",
    }
    request = ov.Core().compile_model(model, "CPU", options).create_infer_request()
    request.set_input_tensor(0, ov.Tensor(other.copy()))
    return request.infer  # type: ignore[no-any-return]


def _copy(size: int) -> Callable[[], object]:
    there, here = torch.ones(size, dtype=torch.uint8), torch.zeros(size, dtype=torch.uint8)
    return lambda: here.copy_(there)
