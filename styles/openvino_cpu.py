"""How models are compiled for the CPU by OpenVINO, whichever network they are of."""

from __future__ import annotations

import os
from typing import Any

import openvino as ov

#: Networks that share nothing have their memory given back after pictures of more pixels: each would keep
#: 280 MB otherwise, after 1024 by 768. It costs a tenth of the painting.
KEPT_PIXELS = 100_000


def has_bfloat16(core: ov.Core) -> bool:
    """Whether the processor multiplies in bfloat16, which is twice as fast as float32."""
    return "BF16" in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")


def cpu_options(threads: int, *, fast: bool) -> dict[str, Any]:
    """For `compile_model`. `threads`: 0 takes every core that the process may run on; `fast`: bfloat16."""
    return {
        "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_PRECISION_HINT": "bf16" if fast else "f32",
        "INFERENCE_NUM_THREADS": threads or len(os.sched_getaffinity(0)),
    }
