"""Our base on GPUs, by torch: a `styles.inference.session.InferenceSession`. It also runs on the CPU, by
which tests prove it.

float16, with norms in float32: its ten bits of mantissa against bfloat16's seven halve the error three times
over at the same speed, GPUs before Ampere have nothing else, and our values end at 50 where it goes to
65,504. A network with larger ones is refused with a reason (`torch_layers.paint_whole`).

Sides are filled up to multiples of 64 with mirrored pixels, so that few sizes serve all photos and each is
captured once (`styles/inference/torch_backend/graph_runner.py`): 6 % more pixels for a photo of 1024 by 683.
What is too large, or finds no memory, goes in strips, as high as the memory that is free.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import torch

from styles.formats.style_file import Array
from styles.inference import tiling
from styles.inference.input_spec import OURS
from styles.inference.torch_backend.device import Device, open_device
from styles.inference.torch_backend.graph_runner import GraphRunner, first_with_room
from styles.inference.torch_backend.layers import TorchLayers, paint_whole
from styles.inference.torch_backend.segments import TorchSegments

if TYPE_CHECKING:
    from styles.imaging.codec import Batch

#: Sides are multiples of this, pixels.
BUCKET = 64
#: Pixels that our network paints at once, and bytes of activations that each takes.
WHOLE_PIXELS, PIXEL_BYTES = 8_000_000, 170


class TorchSession:
    """Channels last; float16 on a GPU, float32 on a CPU."""

    input_spec = dataclasses.replace(OURS, multiple=BUCKET)

    def __init__(self, network: Mapping[str, Array], device: Device | str) -> None:
        """Raises `BadCheckpoint`, and `BadOption` where there is no such device."""
        self._device = open_device(device) if isinstance(device, str) else device
        layers = TorchLayers(network, self._device.torch, self._device.type_for(torch.float16))
        #: More are painted in strips.
        self.whole_pixels = tiling.within_memory(WHOLE_PIXELS, layers.shape)
        #: Of strips where there is memory for them; see `strips.STRIP_PIXELS`.
        self.strip_pixels = tiling.STRIP_PIXELS
        self._segments = TorchSegments(layers)
        wider = WHOLE_PIXELS / self.whole_pixels
        self._graph_runner = GraphRunner(self._device, partial(paint_whole, layers), int(PIXEL_BYTES * wider))

    def paint(self, images: Batch, rows: npt.NDArray[np.float32]) -> Batch:
        """See `InferenceSession.paint`. Raises MemoryError where even strips find no room."""
        whole = [self._graph_runner.paint] if images.size // 3 <= self.whole_pixels else []
        return first_with_room(self._device, [*whole, self._in_strips], images, rows)

    def _in_strips(self, images: Batch, rows: npt.NDArray[np.float32]) -> Batch:
        painted = tiling.paint_all(self._segments, images, rows, self._strip_pixels(images[0].size // 3))
        self._device.trim()
        return painted

    def _strip_pixels(self, pixels: int) -> int:
        """Return the pixels of a strip that takes at most half of what is free beside what is kept."""
        kept = tiling.kept_bytes(self._segments.shape, pixels)
        wanted = kept + 2 * PIXEL_BYTES * self.strip_pixels
        if self._device.room() < wanted:
            self._device.release()
        spare = self._device.room() - kept
        return max(1, min(self.strip_pixels, spare // (2 * PIXEL_BYTES)))
