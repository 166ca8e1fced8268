"""Crops and activations without their margin, which is seen but not compared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import torch
from torch import Tensor, nn

#: Pixels on each side of a crop that the network and the features see, but that are not compared.
UNCOMPARED = 16


def inner(image: Tensor) -> Tensor:
    """(B, 3, H, W) without its margin."""
    return image[:, :, UNCOMPARED:-UNCOMPARED, UNCOMPARED:-UNCOMPARED]


def inner_of(activations: Sequence[Tensor], margin: int) -> list[Tensor]:
    """Activations, each half as large as the one before, without the margin, pixels of the first.

    The features pad with zeros, and what comes out best beside zeros is a frame: compared up to the border,
    the network learnt to paint one.
    """
    cuts = [margin >> level for level in range(len(activations))]
    return [a[:, :, cut:-cut, cut:-cut] for a, cut in zip(activations, cuts, strict=True)]


_Module = TypeVar("_Module", bound=nn.Module)


def placed(module: _Module, device: torch.device) -> _Module:
    """On its device, channels last: convolutions on a CPU are a third faster so."""
    return module.to(device=device, memory_format=torch.channels_last)  # type: ignore[call-overload, no-any-return]
