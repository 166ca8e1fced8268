"""Convert state dicts of pytorch/examples' fast_neural_style into kept files; only in the trial process.

Three additions are removed: a checkpoint around the state dict, the prefix `module.` of training on several
GPUs, and the unused moments of instance norms that torch 0.3 saved. float16 is enough: weights of trained
networks lie between 1e-4 and 10, and its rounding is an eighth of bfloat16's, in which the network paints.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch

from styles.errors import BadCheckpoint
from styles.formats import transformer_file
from styles.formats.style_file import Array
from styles.importing.torch_reader import ADVICE
from styles.service.sanitize import shown

#: Keys of the state dict in larger checkpoints.
WRAPPINGS = ("state_dict", "model_state_dict", "model")
#: Prefixes of names, from training on several GPUs and from compiling.
PREFIXES = ("module.", "_orig_mod.")
#: Moments of old instance norms; pytorch/examples drops them too.
UNUSED = re.compile(r"(^|\.)in\d+\.(running_mean|running_var|num_batches_tracked)$")
#: The largest number in float16.
LARGEST = 65504.0


def keep(saved: Any, target: Path) -> None:
    """Check the content of a file and write the kept file. Raises `BadCheckpoint` with the reason."""
    tensors = _tensors(saved)
    transformer_file.require_shapes({name: tuple(tensor.shape) for name, tensor in tensors.items()})
    transformer_file.write(target, {name: _float16(name, tensor) for name, tensor in tensors.items()})


def _tensors(saved: Any) -> dict[str, torch.Tensor]:
    """Find the tensors, by their names in pytorch/examples."""
    for _ in WRAPPINGS:
        inner = next((saved[w] for w in WRAPPINGS if isinstance(saved, Mapping) and w in saved), None)
        saved = inner if isinstance(inner, Mapping) else saved
    if not isinstance(saved, Mapping) or not saved:
        kind = "nothing" if isinstance(saved, Mapping) else f"a {type(saved).__name__}"
        raise BadCheckpoint(f"The file holds {kind}, not a state dict. {ADVICE}")
    strange = [shown(name) for name, value in saved.items() if not isinstance(value, torch.Tensor)]
    if strange:
        raise BadCheckpoint(f"The file holds {', '.join(strange[:3])} instead of tensors alone. {ADVICE}")
    tensors = {str(name): tensor for name, tensor in saved.items()}
    for prefix in PREFIXES * 2:
        if all(name.startswith(prefix) for name in tensors):
            tensors = {name.removeprefix(prefix): tensor for name, tensor in tensors.items()}
    return {name: tensor for name, tensor in tensors.items() if not UNUSED.search(name)}


def _float16(name: str, tensor: torch.Tensor) -> Array:
    if tensor.layout != torch.strided or not tensor.is_floating_point() or tensor.is_quantized:
        kind = str(tensor.dtype).removeprefix("torch.")
        sparse = "sparse " if tensor.layout != torch.strided else ""
        raise BadCheckpoint(
            f"The tensor {name} is {sparse}{kind}; it must be plain float32 or float16. {ADVICE}"
        )
    values = tensor.detach().to(torch.float32).numpy()
    if not np.isfinite(values).all():
        raise BadCheckpoint(
            f"The tensor {name} holds numbers that are not finite: the training went wrong. Take an "
            "earlier checkpoint."
        )
    if (largest := float(np.abs(values).max())) > LARGEST:
        raise BadCheckpoint(
            f"The tensor {name} holds {largest:.3g}, and float16, in which styles are kept, ends at "
            f"{LARGEST:.0f}. Trained weights are thousands of times smaller, so this is something else. "
            "Take an earlier checkpoint."
        )
    return np.ascontiguousarray(values, dtype=np.float16)
