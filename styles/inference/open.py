"""A style file opened for painting, on the device that it is to be painted on.

    open_canvas     the right canvas for a device
    open_style      a kept file of any kind -> its canvas and its row

torch is imported only where a canvas is made for a GPU, openvino only for the others.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from styles.errors import BadCheckpoint
from styles.formats import style_file, transformer_file
from styles.formats.architecture import Shape
from styles.formats.style_file import Array, StyleFile
from styles.inference.openvino_backend.memory_release import Latest
from styles.inference.openvino_backend.session import OpenVinoCanvas
from styles.inference.session import Canvas, Row


def open_canvas(
    network: Mapping[str, Array], device: str = "cpu", threads: int = 0, latest: Latest | None = None
) -> Canvas:
    """The canvas for a device: "cpu", "cuda" or "cuda:1". Raises `BadCheckpoint`, `BadOption`."""
    if device == "cpu":
        return OpenVinoCanvas(network, threads, latest)
    from styles.inference.torch_backend.session import TorchCanvas

    return TorchCanvas(network, device)


def require_device(device: str) -> None:
    """Raises `BadOption` unless the device is there."""
    if device != "cpu":
        from styles.inference.torch_backend.device import require_cuda

        require_cuda(device)


@dataclass(frozen=True, kw_only=True, eq=False)
class OpenedStyle:
    """A kept file, ready to paint."""

    architecture: str
    base: str  #: digest of what its canvas is made of, where other styles share it; else ""
    row: Row  #: of no length where nothing is shared
    canvas: Canvas
    folded_bytes: int = 0  #: that its network keeps in memory besides the file's weights


def open_style(
    path: Path,
    device: str = "cpu",
    threads: int = 0,
    *,
    canvases: MutableMapping[str, Canvas] | None = None,
    latest: Latest | None = None,
) -> OpenedStyle:
    """Opens a file that `styles.importing.importer.keep` wrote, of whatever kind; raises `BadCheckpoint`,
    `BadOption`.

    `canvases`: those of bases that are open already; the style's own is put there. `latest`: which of
    all of the engine's networks keeps its memory. ONNX networks paint on the CPU whatever the device.
    """
    architecture = style_file.architecture_of(path)
    nothing = np.zeros(0, np.float32)
    if architecture == transformer_file.ARCHITECTURE:
        canvas = _open_transformer(path, device, threads, latest)
        return OpenedStyle(architecture=architecture, base="", row=nothing, canvas=canvas)
    if architecture == "onnx":
        from styles.inference.openvino_backend.onnx import OnnxCanvas

        onnx = OnnxCanvas(path, threads, latest)
        return OpenedStyle(
            architecture="onnx", base="", row=nothing, canvas=onnx, folded_bytes=onnx.folded_bytes
        )
    style = style_file.read(path)
    row, base = row_of(style), style.base
    canvases = {} if canvases is None else canvases
    shared = canvases.get(base)
    if shared is None:
        shared = canvases[base] = open_canvas(style.network, device, threads, latest)
    return OpenedStyle(architecture=architecture, base=base, row=row, canvas=shared)


def _open_transformer(path: Path, device: str, threads: int, latest: Latest | None) -> Canvas:
    from styles.inference.transformer_session import OpenVinoTransformer, TorchTransformer

    tensors = transformer_file.read(path)
    if device == "cpu":
        return OpenVinoTransformer(tensors, threads, latest)
    return TorchTransformer(tensors, device)


def row_of(style: StyleFile) -> Row:
    """The style's row (R,), its length checked against the base. Raises `BadCheckpoint`."""
    wanted = Shape.of(style.network).row
    if style.row.shape != (wanted,):
        raise BadCheckpoint(f"The style's row has shape {style.row.shape}, not ({wanted},).")
    return style.row.astype(np.float32)
