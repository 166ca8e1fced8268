"""How models are compiled for the CPU by OpenVINO, whichever network they are of."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import openvino as ov

from styles.formats.architecture import STRIDE
from styles.service.cgroup import cores

if TYPE_CHECKING:
    from styles.imaging.codec import Batch
    from styles.inference.openvino_backend.memory_release import ActiveModel

#: Networks that share nothing have their memory given back after pictures of more pixels: each would keep
#: 280 MB otherwise, after 1024 by 768. It costs a tenth of the painting.
KEPT_PIXELS = 100_000
#: What oneDNN keeps of what it compiled for sizes that may come again, layers, for all models together; by
#: itself it would keep 1024, which is 100 MB more, and saves no time where sizes change.
COMPILED_LAYERS = 128
#: And what OpenVINO keeps above it, for each model: nothing. Its 5,000 took a gigabyte after 500 sizes; 256
#: still took 240 MB for three models, where they take 180 with none, and a change of size took as long.
KEPT_LAYERS = 0
os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", str(COMPILED_LAYERS))  # read at the first painting


def has_bfloat16(core: ov.Core) -> bool:
    """Whether the processor multiplies in bfloat16, which is twice as fast as float32."""
    return "BF16" in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")


def cpu_options(threads: int, *, fast: bool) -> dict[str, Any]:
    """For `compile_model`. `threads`: 0 takes every core (`styles/service/cgroup.py`); `fast`: bfloat16."""
    return {
        "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_PRECISION_HINT": "bf16" if fast else "f32",
        "INFERENCE_NUM_THREADS": threads or cores(),
        "CPU_RUNTIME_CACHE_CAPACITY": KEPT_LAYERS,
    }


def infer(request: Any, given: Sequence[npt.NDArray[Any]], painted: Batch) -> None:
    """Has a request paint into `painted`, (B, H, W, 3); it copies nothing, and keeps nothing of it.

    By itself it would keep room for the largest picture that it ever read and wrote: 12 MB a model.
    """
    request.set_output_tensor(0, ov.Tensor(painted, shared_memory=True))
    request.infer([np.ascontiguousarray(numbers) for numbers in given], share_inputs=True)
    request.set_output_tensor(0, ov.Tensor(np.zeros((1, STRIDE, STRIDE, 3), np.uint8), shared_memory=True))


def paint_each(model: Any, request: Any, images: Batch, active_model: ActiveModel) -> Batch:
    """Pictures of a network that paints one at a time, bytes in and bytes out; its memory is given back."""
    active_model.paints(model)
    painted = np.empty_like(images)
    for image, out in zip(images, painted, strict=True):
        request.infer([np.ascontiguousarray(image[None])])
        out[:] = request.get_output_tensor(0).data[0]
    if images[0].size // 3 > KEPT_PIXELS:
        model.release_memory()
    return painted
