"""The transformer-net ready on a device: a `styles.inference.session.InferenceSession` whose row is empty.

    OpenVinoTransformerSession   CPUs; bfloat16 where the processor has it
    TorchTransformerSession      GPUs, bfloat16; also the CPU, by which tests hold it to the other

A picture goes through alone: two at once would take twice the memory and no less time. bfloat16 costs a level
of 255 in the mean. float16 would not do on a GPU, since the first convolution sums 243 numbers of up to 255.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from styles.formats.architecture import MARGIN
from styles.formats.style_file import Array
from styles.formats.transformer_file import STRIDE
from styles.inference.input_spec import InputSpec
from styles.inference.openvino_backend.memory_release import ActiveModel

if TYPE_CHECKING:
    from styles.imaging.codec import Batch
    from styles.inference.torch_backend.device import Device

#: Pixels that a GPU paints at once, and bytes that the activations of each take in bfloat16: 2.4 GB.
GPU_PIXELS, GPU_PIXEL_BYTES = 4_000_000, 600


class OpenVinoTransformerSession:
    """On the CPU: one compiled model for all sizes."""

    def __init__(
        self, tensors: Mapping[str, Array], threads: int = 0, active_model: ActiveModel | None = None
    ) -> None:
        """`threads`: 0 takes every core; `active_model`: of the engine."""
        import openvino as ov

        from styles.inference.openvino_backend.memory_estimate import most_pixels
        from styles.inference.openvino_backend.runtime import cpu_options, has_bfloat16
        from styles.inference.openvino_backend.transformer_net import build

        core, graph = ov.Core(), build(tensors)
        fast = has_bfloat16(core)
        self.input_spec = _input_spec(most_pixels(graph, 2 if fast else 4))
        self._model = core.compile_model(graph, "CPU", cpu_options(threads, fast=fast))
        self._request = self._model.create_infer_request()
        self._active_model = active_model or ActiveModel()

    def paint(self, images: Batch, rows: npt.NDArray[np.float32]) -> Batch:
        """See `InferenceSession.paint`; the rows are empty."""
        from styles.inference.openvino_backend.runtime import paint_each

        return paint_each(self._model, self._request, images, self._active_model)


class TorchTransformerSession:
    """On a GPU, by torch: channels last, bfloat16 (float32 on a CPU)."""

    def __init__(self, tensors: Mapping[str, Array], device: Device | str) -> None:
        """Raises `BadOption` where there is no such device."""
        import torch

        from styles.inference.torch_backend.device import open_device
        from styles.inference.torch_backend.graph_runner import GraphRunner
        from styles.inference.torch_backend.session import BUCKET
        from styles.networks.transformer_net import Mirrors, TransformerNet, paint_whole

        self._device = open_device(device) if isinstance(device, str) else device
        most = min(GPU_PIXELS, self._device.room() // GPU_PIXEL_BYTES)
        self.input_spec = dataclasses.replace(_input_spec(most), multiple=BUCKET)
        net: Any = TransformerNet(Mirrors()).eval().requires_grad_(False)
        net.load_state_dict({name: torch.from_numpy(t.copy()) for name, t in tensors.items()})
        net.to(self._device.torch, self._device.type_for(torch.bfloat16), memory_format=torch.channels_last)
        self._graph_runner = GraphRunner(self._device, partial(paint_whole, net), GPU_PIXEL_BYTES)

    def paint(self, images: Batch, rows: npt.NDArray[np.float32]) -> Batch:
        """See `InferenceSession.paint`; the rows are empty. Raises MemoryError where there is no room."""
        from styles.inference.torch_backend.graph_runner import first_with_room

        pairs = zip(images[:, None], rows[:, None], strict=True)
        return np.concatenate(
            [first_with_room(self._device, [self._graph_runner.paint], *pair) for pair in pairs]
        )


def _input_spec(most_pixels: int) -> InputSpec:
    return InputSpec(margin=MARGIN, multiple=STRIDE, most_pixels=most_pixels)
