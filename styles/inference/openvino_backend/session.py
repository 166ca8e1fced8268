"""Our base on CPUs, by OpenVINO; in bfloat16 where the processor has it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from styles.formats.architecture import Shape
from styles.formats.style_file import Array
from styles.imaging.codec import Batch
from styles.inference import tiling
from styles.inference.input_spec import OURS
from styles.inference.openvino_backend.memory_release import ActiveModel
from styles.inference.openvino_backend.specialization import SpecializedModels
from styles.inference.session import Row

#: Pixels that go through a network at once, so that photos of one size share a batch.
BATCH_PIXELS = 4_000_000


class OpenVinoSession:
    """On the CPU, by OpenVINO: a model for all sizes and styles, and one for each style that comes often.

    It is given one picture at a time.
    """

    #: A size that is new costs 10 ms of compiling, so photos come in few sizes, at 1 % more pixels. Several
    #: at once would be other sizes again, take as many times the memory, and no less time each.
    input_spec = replace(OURS, multiple=16, alone=True)

    def __init__(
        self, network: Mapping[str, Array], threads: int = 0, active_model: ActiveModel | None = None
    ) -> None:
        """`threads`: 0 takes every core; `active_model`: of the engine, if other networks take turns with
        it.
        """
        import openvino as ov

        from styles.inference.openvino_backend.runtime import cpu_options, has_bfloat16
        from styles.inference.openvino_backend.segments import OpenVinoSegments
        from styles.inference.openvino_backend.style_unet import build

        core = ov.Core()
        fast = has_bfloat16(core)
        options = cpu_options(threads, fast=fast)
        #: More are painted in strips: activations of ours take 84 bytes a pixel (f32: 186), 1.3 GB here.
        self.whole_pixels = tiling.within_memory(16_000_000 if fast else 7_000_000, Shape.of(network))
        self._segments = OpenVinoSegments(network, core, options)

        def compiled(row: Row | None = None) -> tuple[Any, Any]:
            model = core.compile_model(build(network, row, fast=fast), "CPU", options)
            return model, model.create_infer_request()

        self._shared = compiled()
        self._active_model = active_model or ActiveModel()
        self._specialized = SpecializedModels(compiled)

    def paint(self, images: Batch, rows: npt.NDArray[np.float32]) -> Batch:
        """See `InferenceSession.paint`."""
        from styles.inference.openvino_backend.runtime import infer

        pixels = images.size // 3
        if pixels > self.whole_pixels:
            return tiling.paint_all(self._segments, images, rows)
        specialized = self._specialized.find(rows[0]) if len(rows) == 1 else None
        model, request = specialized or self._shared
        self._active_model.paints(model)
        painted = np.empty_like(images, order="C")
        infer(request, [images] if specialized else [images, rows], painted)
        if pixels > BATCH_PIXELS:
            model.release_memory()  # it would keep its activations for good, beside those of strips
        return painted
