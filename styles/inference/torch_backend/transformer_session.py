"""Paint with a transformer-net by torch, on a GPU or, in tests, on the CPU.

Each image is painted alone: two at once take twice the memory and no less time. bfloat16 changes the picture
by one level of 255 in the mean. float16 overflows: the first convolution sums 243 numbers of up to 255.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import torch

from styles.formats.architecture import MARGIN
from styles.formats.style_file import Array
from styles.inference.input_spec import InputSpec
from styles.inference.torch_backend.device import Device, open_device
from styles.inference.torch_backend.graph_runner import GraphRunner, first_with_room
from styles.inference.torch_backend.session import BUCKET
from styles.networks.transformer_net import Mirrors, TransformerNet, paint_whole

if TYPE_CHECKING:
    from styles.imaging.codec import Batch

#: Pixels that a GPU paints at once, and bytes of activations for each in bfloat16: 2.4 GB in all.
GPU_PIXELS, GPU_PIXEL_BYTES = 4_000_000, 600


class TorchTransformerSession:
    """Paint with a transformer-net in bfloat16 on a GPU, or in float32 on the CPU; rows are empty."""

    def __init__(self, tensors: Mapping[str, Array], device: Device | str) -> None:
        """Load the network. Raises `BadOption` where the device does not exist."""
        self._device = open_device(device) if isinstance(device, str) else device
        most = min(GPU_PIXELS, self._device.room() // GPU_PIXEL_BYTES)
        self.input_spec = InputSpec(margin=MARGIN, multiple=BUCKET, most_pixels=most)
        net: Any = TransformerNet(Mirrors()).eval().requires_grad_(False)
        net.load_state_dict({name: torch.from_numpy(t.copy()) for name, t in tensors.items()})
        net.to(self._device.torch, self._device.type_for(torch.bfloat16), memory_format=torch.channels_last)
        self._graph_runner = GraphRunner(self._device, partial(paint_whole, net), GPU_PIXEL_BYTES)

    def paint(self, images: Batch, rows: npt.NDArray[np.float32]) -> Batch:
        """See `InferenceSession.paint`. Raises MemoryError where the device has too little memory."""
        pairs = zip(images[:, None], rows[:, None], strict=True)
        return np.concatenate(
            [first_with_room(self._device, [self._graph_runner.paint], *pair) for pair in pairs]
        )
