"""Paint with a StyleUNet on the CPU by OpenVINO, in bfloat16 where the processor has it."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any
from weakref import WeakValueDictionary

import numpy as np
import numpy.typing as npt
import openvino as ov

from styles.formats.style_file import Array
from styles.imaging.codec import PixelBatch, Pixels
from styles.inference import strips
from styles.inference.input_spec import BATCH_PIXELS, STYLE_UNET_INPUT
from styles.inference.openvino_backend.layers import FoldedNetwork, as_pixels
from styles.inference.openvino_backend.memory_release import ActiveModel
from styles.inference.openvino_backend.runtime import cpu_options, has_bfloat16, infer
from styles.inference.openvino_backend.specialization import SpecializedModels
from styles.inference.openvino_backend.style_unet import OpenVinoSegments, build
from styles.inference.session import Row


class OpenVinoSession:
    """Paint with one model for all sizes and styles, and with one more for each frequent style.

    `stylize` gives it one image at a time.
    """

    #: A new size costs 10 ms of compiling. Multiples of 16 make few sizes, for 1 % more pixels. A batch would
    #: be a new size again, take a multiple of the memory, and no less time for each image.
    input_spec = replace(STYLE_UNET_INPUT, multiple=16, alone=True)

    def __init__(
        self, network: Mapping[str, Array], threads: int = 0, active_model: ActiveModel | None = None
    ) -> None:
        """Fold the weights, and compile a model for the first base of a shape.

        `threads`: 0 for every core; `active_model`: of the engine that holds others.
        """
        core = ov.Core()
        fast = has_bfloat16(core)
        options = cpu_options(threads, fast=fast)
        weights = FoldedNetwork(network, fast=fast)
        #: Larger images are painted in strips. Activations take 42 bytes a pixel (float32: 86), 0.7 GB here.
        self.whole_pixels = strips.within_memory(16_000_000 if fast else 7_000_000, weights.shape)
        self._segments = OpenVinoSegments(weights, core, options)

        def compiled(row: Row) -> Any:
            return core.compile_model(build(weights, row), "CPU", options)

        self._weights = list(weights.weights.values())
        self._shared = _shared_model(weights, core, options)
        self._active_model = active_model or ActiveModel()
        self._specialized = SpecializedModels(compiled)

    def paint(self, images: PixelBatch, rows: npt.NDArray[np.float32]) -> PixelBatch:
        """See `InferenceSession.paint`."""
        pixels = images.size // 3
        if pixels > self.whole_pixels:
            return strips.paint_all(self._segments, images, rows)
        specialized = self._specialized.find(rows[0]) if len(rows) == 1 else None
        model = specialized or self._shared
        self._active_model.paints(model)
        painted = as_pixels(infer(model, [images] if specialized else [images, rows, *self._weights]))
        if pixels > BATCH_PIXELS:
            model.release_memory()  # it would keep its activations for good, beside those of strips
        return painted

    def paint_steps(self, image: Pixels, row: Row, out: Pixels) -> Iterator[None]:
        """See `StripSession.paint_steps`."""
        strip_pixels = strips.within_memory(strips.STRIP_PIXELS, self._segments.shape)
        yield from strips.paint_steps(self._segments, image, row, out, strip_pixels)


def _shared_model(network: FoldedNetwork, core: ov.Core, options: Mapping[str, Any]) -> Any:
    """Return the model for all bases of a shape; it is compiled where no session of this process has it."""
    key = network.shape, tuple(sorted(options.items()))
    model = _shared_models().get(key)
    if model is None:
        model = _shared_models()[key] = core.compile_model(build(network), "CPU", options)
    return model


@cache
def _shared_models() -> WeakValueDictionary[Hashable, Any]:
    """Return the models that sessions of this process hold, by shape and options."""
    return WeakValueDictionary()
