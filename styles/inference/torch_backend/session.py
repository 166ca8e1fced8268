"""Paint by torch, on a GPU or, in tests, on the CPU: with a StyleUNet or a transformer-net.

Sides are extended to multiples of 64 with mirrored pixels. Few sizes then serve all photos, and each is
captured once (`graph_runner.py`), for 6 % more pixels at 1024 by 683. Images that are too large, or find no
memory, are painted in strips, as high as the free memory allows.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from styles.formats.style_file import Array
from styles.formats.transformer_file import LEAST
from styles.imaging.codec import PixelBatch, Pixels
from styles.inference import strips
from styles.inference.input_spec import STYLE_UNET_INPUT, InputSpec
from styles.inference.session import Row
from styles.inference.torch_backend.device import Device, is_out_of_memory, open_device
from styles.inference.torch_backend.graph_runner import GraphRunner, first_with_memory
from styles.inference.torch_backend.layers import TorchLayers, TorchSegments, paint_whole
from styles.networks.segments import Affine, Moments, Segment, Step, Tensor
from styles.networks.transformer_net import Mirrors, TransformerNet
from styles.networks.transformer_net import paint_whole as paint_transformer

#: Sides are multiples of this, pixels.
BUCKET = 64
#: Pixels that the StyleUNet paints at once, and bytes of activations for each.
WHOLE_PIXELS, PIXEL_BYTES = 8_000_000, 170
#: The same for a transformer-net, in bfloat16: 2.4 GB in all.
TRANSFORMER_PIXELS, TRANSFORMER_BYTES = 4_000_000, 600


class TorchSession:
    """Paint with a StyleUNet in channels-last layout, in float16 on a GPU and float32 on the CPU.

    Norms are in float32. float16 has ten bits of mantissa against bfloat16's seven: an eighth of the error at
    the same speed. GPUs before Ampere have no bfloat16. Values of the shipped styles end at 50, float16 at
    65,504. A network with larger values is refused with a reason (`layers.paint_whole`).
    """

    def __init__(self, network: Mapping[str, Array], device: Device | str) -> None:
        """Load a base. Raises `BadCheckpoint`, and `BadOption` where the device does not exist."""
        self._device = open_device(device) if isinstance(device, str) else device
        layers = TorchLayers(network, self._device.torch, self._device.type_for(torch.float16))
        self.input_spec = dataclasses.replace(STYLE_UNET_INPUT, multiple=BUCKET)
        #: Larger images are painted in strips, pixels.
        self.whole_pixels = strips.within_memory(WHOLE_PIXELS, layers.shape)
        #: Pixels of a strip, where memory allows.
        self.strip_pixels = strips.STRIP_PIXELS
        self._segments = _RetryingSegments(layers, self._device)
        wider = WHOLE_PIXELS / self.whole_pixels
        self._graph_runner = GraphRunner(self._device, partial(paint_whole, layers), int(PIXEL_BYTES * wider))

    def paint(self, images: PixelBatch, rows: npt.NDArray[np.float32]) -> PixelBatch:
        """See `InferenceSession.paint`. Raises MemoryError where even strips find no memory."""
        whole = [self._graph_runner.paint] if images.size // 3 <= self.whole_pixels else []
        return first_with_memory(self._device, [*whole, self._in_strips], images, rows)

    def paint_steps(self, image: Pixels, row: Row, out: Pixels) -> Iterator[None]:
        """See `StripSession.paint_steps`. An image that is painted at once takes milliseconds."""
        if image.size // 3 <= self.whole_pixels:
            out[...] = self.paint(image[None], row[None])[0]
            return
        yield from strips.paint_steps(self._segments, image, row, out, self._strip_pixels(image.size // 3))
        self._device.trim()

    def _in_strips(self, images: PixelBatch, rows: npt.NDArray[np.float32]) -> PixelBatch:
        painted = strips.paint_all(self._segments, images, rows, self._strip_pixels(images[0].size // 3))
        self._device.trim()
        return painted

    def _strip_pixels(self, pixels: int) -> int:
        """Return the pixels of a strip that takes at most half of the memory left beside the kept tensors."""
        kept = strips.kept_bytes(self._segments.shape, pixels)
        if self._device.free_bytes() < kept + 2 * PIXEL_BYTES * self.strip_pixels:
            self._device.release()
        spare = self._device.free_bytes() - kept
        return max(1, min(self.strip_pixels, spare // (2 * PIXEL_BYTES)))


class _RetryingSegments(TorchSegments):
    """Run segments, once more where the images painted between two strips have left too little memory."""

    def __init__(self, layers: TorchLayers, device: Device) -> None:
        super().__init__(layers)
        self._device = device

    def segment(self, step: Step) -> Segment:
        """See `Segments.segment`."""
        run = super().segment(step)

        def run_twice(
            reads: Sequence[Tensor], norms: Sequence[Affine]
        ) -> tuple[Sequence[Tensor], Moments | None]:
            try:
                return run(reads, norms)
            except Exception as error:
                if not is_out_of_memory(error):
                    raise
            self._device.release()  # after the error is gone, which keeps tensors alive
            return run(reads, norms)

        return run_twice


class TorchTransformerSession:
    """Paint with a transformer-net in bfloat16 on a GPU, or in float32 on the CPU; rows are empty.

    Each image is painted alone: two at once take twice the memory and no less time. bfloat16 changes the
    picture by one level of 255 in the mean. float16 overflows: the first convolution sums 243 numbers of 0 to
    255.
    """

    def __init__(self, tensors: Mapping[str, Array], device: Device | str) -> None:
        """Load the network. Raises `BadOption` where the device does not exist."""
        self._device = open_device(device) if isinstance(device, str) else device
        most = min(TRANSFORMER_PIXELS, self._device.free_bytes() // TRANSFORMER_BYTES)
        self.input_spec = InputSpec(multiple=BUCKET, least=LEAST, most_pixels=most)
        net: Any = TransformerNet(Mirrors()).eval().requires_grad_(False)
        net.load_state_dict({name: torch.from_numpy(t.copy()) for name, t in tensors.items()})
        net.to(self._device.torch, self._device.type_for(torch.bfloat16), memory_format=torch.channels_last)
        self._graph_runner = GraphRunner(self._device, partial(paint_transformer, net), TRANSFORMER_BYTES)

    def paint(self, images: PixelBatch, rows: npt.NDArray[np.float32]) -> PixelBatch:
        """See `InferenceSession.paint`. Raises MemoryError where the device has too little memory."""
        pairs = zip(images[:, None], rows[:, None], strict=True)
        return np.concatenate(
            [first_with_memory(self._device, [self._graph_runner.paint], *pair) for pair in pairs]
        )
