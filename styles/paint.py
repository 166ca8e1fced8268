"""Painting without any server: a style file, photos, and a device.

    Canvas          a network on a device: bytes of pixels in, bytes of pixels out
      OpenVinoCanvas   our base on CPUs; bfloat16 where the processor has it
    open_canvas     the right one for a device; that for GPUs is in `styles/torch_canvas.py`
    open_style      a kept file of any kind -> its canvas and its row
    stylize         photos of any sizes through a canvas, with strength and colours

The canvases of other networks are in `styles/transformer_canvas.py` and `styles/onnx_style.py`. torch is
imported only where a canvas is made for a GPU, openvino only for the others.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from styles import checkpoint, strips, transformer_file
from styles.architecture import Shape
from styles.checkpoint import Array, StyleFile
from styles.contract import StyleOptions
from styles.errors import BadCheckpoint
from styles.finish import finish
from styles.frame import OURS, Frame
from styles.grain import add_grain
from styles.image import Batch, Pixels
from styles.latest import Latest
from styles.own_models import OwnModels

#: A style row, (R,).
Row = npt.NDArray[np.float32]

#: Pixels that go through a network at once, so that photos of one size share a batch.
BATCH_PIXELS = 4_000_000
#: Mirrors pixels around a photo as our network wants them, and takes them away again.
extend, crop = OURS.extend, OURS.crop


class Canvas(Protocol):
    """A network, ready on a device. It paints in bounded memory: large images in strips, or not at all."""

    @property
    def frame(self) -> Frame:
        """What it wants of the images that it paints."""
        ...

    def paint(self, images: Batch, rows: npt.NDArray[np.float32]) -> Batch:
        """images (B, H, W, 3) as its frame extends photos, rows (B, R)  ->  (B, H, W, 3)."""
        ...


class OpenVinoCanvas:
    """On the CPU, by OpenVINO: a model for all sizes and styles, and one for each style that comes often.

    It is given one picture at a time.
    """

    #: A size that is new costs 10 ms of compiling, so photos come in few sizes, at 1 % more pixels. Several
    #: at once would be other sizes again, take as many times the memory, and no less time each.
    frame = replace(OURS, multiple=16, alone=True)

    def __init__(self, network: Mapping[str, Array], threads: int = 0, latest: Latest | None = None) -> None:
        """`threads`: 0 takes every core; `latest`: of the engine, if other networks take turns with it."""
        import openvino as ov

        from styles.graph import OpenVinoSegments, build
        from styles.openvino_cpu import cpu_options, has_bfloat16

        core = ov.Core()
        fast = has_bfloat16(core)
        options = cpu_options(threads, fast=fast)
        #: More are painted in strips: activations of ours take 84 bytes a pixel (f32: 186), 1.3 GB here.
        self.whole_pixels = strips.within_memory(16_000_000 if fast else 7_000_000, Shape.of(network))
        self._segments = OpenVinoSegments(network, core, options)

        def compiled(row: Row | None = None) -> tuple[Any, Any]:
            model = core.compile_model(build(network, row, fast=fast), "CPU", options)
            return model, model.create_infer_request()

        self._shared = compiled()
        self._latest = latest or Latest()
        self._own = OwnModels(compiled)

    def paint(self, images: Batch, rows: npt.NDArray[np.float32]) -> Batch:
        """See `Canvas.paint`."""
        from styles.openvino_cpu import infer

        pixels = images.size // 3
        if pixels > self.whole_pixels:
            return strips.paint_all(self._segments, images, rows)
        own = self._own.find(rows[0]) if len(rows) == 1 else None
        model, request = own or self._shared
        self._latest.paints(model)
        painted = np.empty_like(images, order="C")
        infer(request, [images] if own else [images, rows], painted)
        if pixels > BATCH_PIXELS:
            model.release_memory()  # it would keep its activations for good, beside those of strips
        return painted


def open_canvas(
    network: Mapping[str, Array], device: str = "cpu", threads: int = 0, latest: Latest | None = None
) -> Canvas:
    """The canvas for a device: "cpu", "cuda" or "cuda:1". Raises `BadCheckpoint`, `BadOption`."""
    if device == "cpu":
        return OpenVinoCanvas(network, threads, latest)
    from styles.torch_canvas import TorchCanvas

    return TorchCanvas(network, device)


def require_device(device: str) -> None:
    """Raises `BadOption` unless the device is there."""
    if device != "cpu":
        from styles.torch_device import require_cuda

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
    """Opens a file that `styles.imports.keep` wrote, of whatever kind; raises `BadCheckpoint`, `BadOption`.

    `canvases`: those of bases that are open already; the style's own is put there. `latest`: which of
    all of the engine's networks keeps its memory. ONNX networks paint on the CPU whatever the device.
    """
    architecture = checkpoint.architecture_of(path)
    nothing = np.zeros(0, np.float32)
    if architecture == transformer_file.ARCHITECTURE:
        canvas = _open_transformer(path, device, threads, latest)
        return OpenedStyle(architecture=architecture, base="", row=nothing, canvas=canvas)
    if architecture == "onnx":
        from styles.onnx_style import OnnxCanvas

        onnx = OnnxCanvas(path, threads, latest)
        return OpenedStyle(
            architecture="onnx", base="", row=nothing, canvas=onnx, folded_bytes=onnx.folded_bytes
        )
    style = checkpoint.read(path)
    row, base = row_of(style), style.base
    canvases = {} if canvases is None else canvases
    shared = canvases.get(base)
    if shared is None:
        shared = canvases[base] = open_canvas(style.network, device, threads, latest)
    return OpenedStyle(architecture=architecture, base=base, row=row, canvas=shared)


def _open_transformer(path: Path, device: str, threads: int, latest: Latest | None) -> Canvas:
    from styles.transformer_canvas import OpenVinoTransformer, TorchTransformer

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


def stylize(
    canvas: Canvas, photos: Sequence[Pixels], rows: Sequence[Row], options: Sequence[StyleOptions]
) -> list[Pixels]:
    """Each photo (H, W, 3) painted in its row, at its own size; those of one size may share a batch.

    A photo that is too large for the canvas is painted at the largest size that is not (`Frame.reduced`).
    """
    painted: dict[int, Pixels] = {}
    frame = canvas.frame
    photos = [frame.reduced(photo) for photo in photos]
    sizes = [frame.sides(*photo.shape[:2]) for photo in photos]
    for group in [[i] for i in range(len(photos))] if frame.alone else _groups(sizes):
        extended = [frame.extend(add_grain(photos[i]) if frame.grain else photos[i]) for i in group]
        images = np.stack(extended) if len(group) > 1 else extended[0][None]  # a large one is not copied
        pictures = canvas.paint(images, np.stack([rows[i] for i in group]))
        for i, picture in zip(group, pictures, strict=True):
            painted[i] = finish(frame.crop(picture, photos[i]), photos[i], options[i])
    return [painted[i] for i in range(len(photos))]


def _groups(sizes: Sequence[tuple[int, int]]) -> list[list[int]]:
    """Indices of equal sizes together, no group over `BATCH_PIXELS` unless of one picture."""
    groups: dict[tuple[int, int], list[list[int]]] = {}
    for index, (height, width) in enumerate(sizes):
        most = max(1, BATCH_PIXELS // (height * width))
        batches = groups.setdefault((height, width), [[]])
        if len(batches[-1]) == most:
            batches.append([])
        batches[-1].append(index)
    return [batch for batches in groups.values() for batch in batches]
