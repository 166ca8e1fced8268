"""State dicts as pytorch/examples' fast_neural_style saves them, with random weights."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path

import torch
from torch import Tensor


def state_dict(seed: int = 0) -> OrderedDict[str, Tensor]:
    """Random weights under the names of pytorch/examples; it paints around a middle grey."""
    made = torch.Generator().manual_seed(seed)
    tensors: OrderedDict[str, Tensor] = OrderedDict()

    def convolution(name: str, channels: int, out: int, size: int) -> None:
        spread = (channels * size * size) ** -0.5
        tensors[f"{name}.conv2d.weight"] = torch.randn((out, channels, size, size), generator=made) * spread
        tensors[f"{name}.conv2d.bias"] = torch.randn(out, generator=made) * 0.1

    def norm(name: str, channels: int) -> None:
        tensors[f"{name}.weight"] = 1 + torch.randn(channels, generator=made) * 0.2
        tensors[f"{name}.bias"] = torch.randn(channels, generator=made) * 0.2

    down, up = ((3, 32, 9), (32, 64, 3), (64, 128, 3)), ((128, 64, 3), (64, 32, 3), (32, 3, 9))
    for number, sizes in enumerate(down, 1):
        convolution(f"conv{number}", *sizes)
        norm(f"in{number}", sizes[1])
    for number in range(1, 6):
        for half in (1, 2):
            convolution(f"res{number}.conv{half}", 128, 128, 3)
            norm(f"res{number}.in{half}", 128)
    for number, sizes in enumerate(up, 1):
        convolution(f"deconv{number}", *sizes)
        if number < 3:
            norm(f"in{number + 3}", sizes[1])
    tensors["deconv3.conv2d.weight"] *= 80
    tensors["deconv3.conv2d.bias"] += 127
    return tensors


def write_state_dict(path: Path, legacy: bool = False, *, seed: int = 0) -> None:
    """What `torch.save(model.state_dict(), path)` writes; `legacy`: as torch did before 1.6."""
    torch.save(state_dict(seed), path, _use_new_zipfile_serialization=not legacy)
