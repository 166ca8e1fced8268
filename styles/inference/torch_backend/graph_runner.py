"""Paint batches on a torch device by captured graphs.

A batch is cut into powers of two, five photos into four and one. Few sizes then serve all batches, and no
image is painted for nothing. All graphs of a batch are started before the first is waited for.
"""

from __future__ import annotations

import math
import weakref
from collections.abc import Callable, Iterator, Sequence
from functools import partial

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from styles.errors import Unpaintable
from styles.imaging.codec import PixelBatch
from styles.inference.torch_backend.device import Device, is_out_of_memory

#: A session's work: pixels (B, H, W, 3) uint8 and rows (B, R) -> the pictures, and (B,) which are sound.
Work = Callable[[Tensor, Tensor], tuple[Tensor, Tensor]]
#: A way to paint: images (B, H, W, 3) and rows (B, R) -> (B, H, W, 3).
Way = Callable[[PixelBatch, npt.NDArray[np.float32]], PixelBatch]

#: Largest activations that are captured, bytes: four megapixels of the StyleUNet. Larger images are painted
#: kernel by kernel, whose starts take no time beside the rest, and their memory is released.
CAPTURED_BYTES = 800_000_000


class CapturedGraph:
    """Paint batches of one shape in memory allocated once, by a captured CUDA graph if there is one."""

    def __init__(self, device: Device, work: Work, sizes: Sequence[Sequence[int]], *, captured: bool) -> None:
        """Allocate the memory and capture the work; `sizes` are the shapes of images and rows."""
        images, rows = sizes
        given = [(images, torch.uint8), (rows, torch.float32)]
        made = [(images, torch.uint8), (images[:1], torch.bool)]
        self._inputs, self._outputs = (
            [torch.empty(*size, dtype=dtype, device=device.torch) for size, dtype in part]
            for part in (given, made)
        )
        self._host_inputs, self._host_outputs = (
            [device.on_host(size, dtype) for size, dtype in part] for part in (given, made)
        )
        self._device = device
        self._wait: Callable[[], None] = lambda: None
        inputs, outputs = self._inputs, self._outputs  # a reference cycle would keep their memory for a while

        def run() -> None:
            for out, painted in zip(outputs, work(*inputs), strict=True):
                out.copy_(painted)

        self._run = device.capture(run) if captured else run

    @property
    def bytes(self) -> int:
        """Memory on the device."""
        return sum(tensor.nbytes for tensor in (*self._inputs, *self._outputs))

    def begin(self, images: PixelBatch, rows: npt.NDArray[np.float32]) -> None:
        """Start painting; the graph is in use until `end`."""
        self._wait()  # for a batch that failed elsewhere and was never fetched
        for host, array in zip(self._host_inputs, (images, rows), strict=True):
            host.numpy()[...] = array
        up = list(zip(self._inputs, self._host_inputs, strict=True))
        down = list(zip(self._host_outputs, self._outputs, strict=True))
        self._wait = self._device.queue(up, self._run, down)

    def end(self, painted: PixelBatch) -> None:
        """Wait, and copy the pictures to `painted`. Raises `Unpaintable` where values were lost."""
        self._wait()
        pictures, sound = self._host_outputs
        if not bool(sound.all()):
            raise Unpaintable("the style's network has values that its device cannot hold")
        painted[...] = pictures.numpy()


class GraphRunner:
    """Paint batches of one session; `pixel_bytes` are the activations of a pixel."""

    def __init__(self, device: Device, work: Work, pixel_bytes: int) -> None:
        self._device, self._work = device, work
        self._most_captured = CAPTURED_BYTES // pixel_bytes
        self._owner = object()
        weakref.finalize(self, device.graphs.forget, self._owner)

    @torch.inference_mode()
    def paint(self, images: PixelBatch, rows: npt.NDArray[np.float32]) -> PixelBatch:
        """Paint images (B, H, W, 3) in rows (B, R)."""
        painted = np.empty_like(images)
        begun: list[tuple[CapturedGraph, slice]] = []
        try:
            for part in _parts(len(images)):
                graph = self._graph(images[part].shape, rows[part].shape)
                graph.begin(images[part], rows[part])
                begun.append((graph, part))
            for graph, part in begun:
                graph.end(painted[part])
        except BaseException:
            self._device.wait()  # for the other graphs: their memory is reused next
            raise
        if images.size // 3 > self._most_captured:
            self._device.trim()
        return painted

    def _graph(self, *sizes: Sequence[int]) -> CapturedGraph:
        """Return a graph of that size, captured from the second time on; the sizes of phones come again."""
        make, size = partial(CapturedGraph, self._device, self._work, sizes), tuple(sizes[0])
        if math.prod(size[:3]) > self._most_captured or not self._device.graphs.met(self._owner, size):
            return make(captured=False)
        graph: CapturedGraph = self._device.graphs.get(self._owner, size, partial(make, captured=True))
        return graph


def _parts(count: int) -> Iterator[slice]:
    """Cut `count` into slices whose lengths are different powers of two, the longest first."""
    start = 0
    for bit in reversed(range(count.bit_length())):
        if count & (1 << bit):
            yield slice(start, start + (1 << bit))
            start += 1 << bit


def first_with_memory(
    device: Device, ways: Sequence[Way], images: PixelBatch, rows: npt.NDArray[np.float32]
) -> PixelBatch:
    """Paint in the first way that finds enough memory. Raises MemoryError where none does.

    That error does not blame the photo: the caller tests whether the device still paints at all.
    """
    for way in ways:
        try:
            return way(images, rows)
        except Exception as error:
            if not is_out_of_memory(error):
                raise
        device.release()  # after the error is gone, which keeps tensors alive
    raise MemoryError(f"{device.torch} has no room to paint {images.size // 3:,} pixels")
