"""Compile and run OpenVINO models on the CPU, for every network."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import openvino as ov

from styles.imaging.codec import PixelBatch
from styles.inference.input_spec import InputSpec
from styles.inference.openvino_backend.memory_release import ActiveModel
from styles.service.cgroup import cores

#: A node of an OpenVINO graph; the package ships no types.
Node: TypeAlias = Any

#: A `ModelSession` releases its memory after larger images, pixels. It would keep 280 MB after 1024 by 768;
#: releasing costs a tenth of the painting.
KEPT_PIXELS = 100_000
#: Layers that oneDNN keeps compiled for sizes that may come again, for all models together. Its default of
#: 1024 takes 100 MB more and saves no time where sizes change.
COMPILED_LAYERS = 128
#: Layers that OpenVINO keeps besides, for each model. Its default of 5,000 took a gigabyte after 500 sizes;
#: 256 took 240 MB for three models, 0 takes 180, and a change of size takes as long.
KEPT_LAYERS = 0
#: Variable that limits oneDNN to older instructions, and the names of those that multiply in bfloat16.
LIMIT, WITH_BFLOAT16 = "ONEDNN_MAX_CPU_ISA", ("BF16", "FP16", "AMX", "AVX10")
os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", str(COMPILED_LAYERS))  # read at the first painting


def has_bfloat16(core: ov.Core) -> bool:
    """Return whether the processor multiplies in bfloat16, which is twice as fast as float32.

    `LIMIT` may forbid it. OpenVINO names it all the same, and then lacks a convolution.
    """
    limit = os.environ.get(LIMIT, "").upper()
    forbidden = limit not in ("", "ALL", "DEFAULT") and not any(name in limit for name in WITH_BFLOAT16)
    return not forbidden and "BF16" in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")


def cpu_options(threads: int, *, fast: bool) -> dict[str, Any]:
    """Return the options for `compile_model`. `threads`: 0 for every core; `fast`: in bfloat16."""
    return {
        "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_PRECISION_HINT": "bf16" if fast else "f32",
        "INFERENCE_NUM_THREADS": threads or cores(),
        "CPU_RUNTIME_CACHE_CAPACITY": KEPT_LAYERS,
    }


def infer(model: Any, inputs: Sequence[npt.NDArray[Any]]) -> npt.NDArray[Any]:
    """Run a compiled model, and return its only output without a copy.

    The request is a new one each time, which takes 10 µs. A request keeps the memory of its largest image,
    and its model that of the request's largest picture: 16 MB, for each of some twenty models.
    """
    request = model.create_infer_request()
    for number, array in enumerate(inputs):
        request.set_input_tensor(number, ov.Tensor(np.ascontiguousarray(array), shared_memory=True))
    request.infer(share_outputs=True)
    output: npt.NDArray[Any] = request.get_output_tensor(0).data
    return output


def paint_each(model: Any, images: PixelBatch, active_model: ActiveModel) -> PixelBatch:
    """Paint images of one size, one at a time; if they are large, release the model's memory at the end."""
    active_model.paints(model)
    painted = np.empty_like(images)
    for image, out in zip(images, painted, strict=True):
        out[:] = infer(model, [image[None]])[0]
    if images[0].size // 3 > KEPT_PIXELS:
        model.release_memory()
    return painted


class ModelSession:
    """Paint with one compiled model of bytes in and out, an image at a time; rows are empty."""

    def __init__(
        self,
        graph: ov.Model,
        input_spec: InputSpec,
        threads: int,
        active_model: ActiveModel | None,
        *,
        fast: bool,
    ) -> None:
        """Compile the graph. Raises RuntimeError where OpenVINO cannot run it."""
        self.input_spec = input_spec
        self._model = ov.Core().compile_model(graph, "CPU", cpu_options(threads, fast=fast))
        self._active_model = active_model or ActiveModel()

    def paint(self, images: PixelBatch, rows: npt.NDArray[np.float32]) -> PixelBatch:
        """See `InferenceSession.paint`."""
        return paint_each(self._model, images, self._active_model)
