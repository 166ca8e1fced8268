"""The transformer-net ready on a device: a `styles.paint.Canvas` whose row is empty.

    OpenVinoTransformer   CPUs; bfloat16 where the processor has it
    TorchTransformer      GPUs, bfloat16; also the CPU, by which tests hold it to the other

A picture goes through alone: two at once would take twice the memory and no less time. bfloat16 costs a level
of 255 in the mean. float16 would not do on a GPU, since the first convolution sums 243 numbers of up to 255.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from styles.architecture import MARGIN
from styles.checkpoint import Array
from styles.frame import Frame
from styles.transformer_file import STRIDE

if TYPE_CHECKING:
    from torch import Tensor

    from styles.paint import Batch

#: Pixels that a GPU paints at once: 2.4 GB in bfloat16, whose activations take at most 600 bytes each.
GPU_PIXELS = 4_000_000


class OpenVinoTransformer:
    """On the CPU: one compiled model for all sizes."""

    def __init__(self, tensors: Mapping[str, Array], threads: int = 0) -> None:
        """`threads`: 0 takes every core that the process may run on."""
        import openvino as ov

        from styles.footprint import most_pixels
        from styles.openvino_cpu import cpu_options, has_bfloat16
        from styles.transformer_graph import build

        core, graph = ov.Core(), build(tensors)
        fast = has_bfloat16(core)
        self.frame = _frame(most_pixels(graph, 2 if fast else 4))
        self._model = core.compile_model(graph, "CPU", cpu_options(threads, fast=fast))
        self._request = self._model.create_infer_request()

    def paint(self, images: Batch, rows: npt.NDArray[np.float32]) -> Batch:
        """See `Canvas.paint`; the rows are empty."""
        from styles.openvino_cpu import paint_each

        return paint_each(self._model, self._request, images)


class TorchTransformer:
    """On a GPU, by torch: channels last, bfloat16 (float32 on a CPU)."""

    def __init__(self, tensors: Mapping[str, Array], device: str) -> None:
        import torch

        from styles.transformer_net import TransformerNet

        self._torch = torch
        self._device = torch.device(device)
        self._dtype = torch.bfloat16 if self._device.type == "cuda" else torch.float32
        self.frame = _frame(GPU_PIXELS)
        net: Any = TransformerNet().eval().requires_grad_(False)
        net.load_state_dict({name: torch.from_numpy(t.copy()) for name, t in tensors.items()})
        self._net = net.to(self._device, self._dtype, memory_format=torch.channels_last)

    def paint(self, images: Batch, rows: npt.NDArray[np.float32]) -> Batch:
        """See `Canvas.paint`; the rows are empty."""
        return np.stack([self._paint(image) for image in images])

    def _paint(self, image: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
        torch = self._torch
        with torch.inference_mode():
            photo = torch.from_numpy(image[None]).to(self._device).permute(0, 3, 1, 2)
            painted: Tensor = self._net(photo.to(self._dtype))
            levels = painted.float().clamp(0, 255).round().byte()
            pixels: npt.NDArray[np.uint8] = levels.permute(0, 2, 3, 1)[0].cpu().numpy()
        return pixels


def _frame(most_pixels: int) -> Frame:
    return Frame(margin=MARGIN, multiple=STRIDE, most_pixels=most_pixels)
