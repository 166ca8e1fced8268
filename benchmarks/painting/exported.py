"""Export the network to ONNX by torch, and paint with that file by other engines.

    Plain               the network for torch, written as engines like it best
    export              its file, for pictures of all sizes
    OnnxRuntimeSession   onnxruntime, float32
    PlainOpenVino       OpenVINO with that file and its own defaults, without this project's folding

The file holds one style, with its row in the weights of plain instance norms. It pads with zeros and takes
and gives bytes, as this project's graph does: so no engine loses time by Python or by conditional norms. Only
the folding of weights is not in it (`styles/networks/weight_folding.py`).
"""

from __future__ import annotations

import io
import warnings
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from styles.formats.architecture import EPSILON, Shape
from styles.formats.style_file import StyleFile
from styles.imaging.codec import PixelBatch
from styles.inference.input_spec import STYLE_UNET_INPUT
from styles.inference.openvino_backend.runtime import has_bfloat16
from styles.networks.style_unet import StyleUNet
from styles.service.cgroup import cores

#: Side in pixels of the picture with which the export traces the network; any size will do.
TRACED = 64


class Plain(nn.Module):
    """Hold the style network in one style, in the form that engines like best."""

    def __init__(self, style: StyleFile) -> None:
        super().__init__()
        self.net = StyleUNet(Shape.of(style.network)).to_paint()
        self.net.load_state_dict({name: torch.from_numpy(t.copy()) for name, t in style.network.items()})
        row = torch.from_numpy(style.row.astype(np.float32))
        self.norms = nn.ModuleList(_norm(scale[0], shift[0]) for scale, shift in self.net.split(row[None]))

    def forward(self, image: Tensor) -> Tensor:
        """image (B, H, W, 3) uint8  ->  (B, H, W, 3) uint8."""
        net, norms = self.net, iter(self.norms)

        def norm(x: Tensor) -> Tensor:
            normed: Tensor = next(norms)(x)
            return normed

        def residual(x: Tensor, block: Any) -> Tensor:
            y = F.relu(norm(block.first(x)))
            return x + norm(block.second(y))

        photo = image.permute(0, 3, 1, 2).float() / 255
        skip = F.relu(norm(net.stem(F.pixel_unshuffle(photo, 4))))
        x = F.relu(norm(net.down8(skip)))
        for block in net.encode:
            x = residual(x, block)
        y = F.relu(norm(net.down16(x)))
        for block in net.inner:
            y = residual(y, block)
        x = x + norm(net.up8(_doubled(y)))  # zeros around the large picture: only its margin differs
        for block in net.decode:
            x = residual(x, block)
        x = F.relu(norm(net.up4(_doubled(x))) + skip)
        for block in net.refine:
            x = residual(x, block)
        x = F.relu(norm(net.up2(_doubled(x))))
        x = torch.sigmoid(net.out(F.pixel_shuffle(x, 2)))
        x = (x + net.added(photo)).clamp(0, 1)
        return (x * 255).round().to(torch.uint8).permute(0, 2, 3, 1)


def _doubled(x: Tensor) -> Tensor:
    return F.interpolate(x, scale_factor=2.0, mode="bilinear")


def _norm(scale: Tensor, shift: Tensor) -> nn.InstanceNorm2d:
    norm = nn.InstanceNorm2d(len(scale), eps=EPSILON, affine=True)
    norm.weight, norm.bias = (nn.Parameter(part.flatten(), requires_grad=False) for part in (scale, shift))
    return norm.eval()


def export(style: StyleFile) -> bytes:
    """Return the ONNX file."""
    example = torch.zeros(1, TRACED, TRACED, 3, dtype=torch.uint8)
    with TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch would rather have its other exporter used
        file = Path(folder) / "network.onnx"
        sizes = {"image": {0: "batch", 1: "height", 2: "width"}}
        torch.onnx.export(
            Plain(style), (example,), file, input_names=["image"], dynamic_axes=sizes, dynamo=False
        )
        return file.read_bytes()


class OnnxRuntimeSession:
    """Paint one style by onnxruntime, as a `styles.inference.session.InferenceSession`."""

    input_spec = STYLE_UNET_INPUT

    def __init__(self, model: bytes) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = cores()
        self._session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])

    def paint(self, images: PixelBatch, rows: npt.NDArray[np.float32]) -> PixelBatch:
        """See `InferenceSession.paint`; the rows are ignored."""
        painted: PixelBatch = self._session.run(None, {"image": images})[0]
        return painted


class PlainOpenVino:
    """Paint one style by OpenVINO, as a `styles.inference.session.InferenceSession`.

    On a processor that has bfloat16, OpenVINO uses it by default.
    """

    input_spec = STYLE_UNET_INPUT

    def __init__(self, model: bytes) -> None:
        import openvino as ov

        core = ov.Core()
        options: dict[str, Any] = {"INFERENCE_NUM_THREADS": cores()}
        if not has_bfloat16(core):  # as by default, but also where it is there and forbidden
            options["INFERENCE_PRECISION_HINT"] = "f32"
        self._model = core.compile_model(core.read_model(io.BytesIO(model)), "CPU", options)

    def paint(self, images: PixelBatch, rows: npt.NDArray[np.float32]) -> PixelBatch:
        """See `InferenceSession.paint`; the rows are ignored."""
        painted: PixelBatch = self._model([images])[0]
        return painted
