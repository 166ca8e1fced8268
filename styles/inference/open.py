"""A style file opened for painting, on the device that it is to be painted on.

    open_session     the right session for a device
    open_style      a kept file of any kind -> its session and its row

torch is imported only where a session is made for a GPU, openvino only for the others.
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
from styles.inference.openvino_backend.memory_release import ActiveModel
from styles.inference.openvino_backend.session import OpenVinoSession
from styles.inference.session import InferenceSession, Row


def open_session(
    network: Mapping[str, Array],
    device: str = "cpu",
    threads: int = 0,
    active_model: ActiveModel | None = None,
) -> InferenceSession:
    """The session for a device: "cpu", "cuda" or "cuda:1". Raises `BadCheckpoint`, `BadOption`."""
    if device == "cpu":
        return OpenVinoSession(network, threads, active_model)
    from styles.inference.torch_backend.session import TorchSession

    return TorchSession(network, device)


def require_device(device: str) -> None:
    """Raises `BadOption` unless the device is there."""
    if device != "cpu":
        from styles.inference.torch_backend.device import require_cuda

        require_cuda(device)


@dataclass(frozen=True, kw_only=True, eq=False)
class OpenedStyle:
    """A kept file, ready to paint."""

    architecture: str
    base: str  #: digest of what its session is made of, where other styles share it; else ""
    row: Row  #: of no length where nothing is shared
    session: InferenceSession
    folded_bytes: int = 0  #: that its network keeps in memory besides the file's weights


def open_style(
    path: Path,
    device: str = "cpu",
    threads: int = 0,
    *,
    sessions: MutableMapping[str, InferenceSession] | None = None,
    active_model: ActiveModel | None = None,
) -> OpenedStyle:
    """Opens a file that `styles.importing.importer.keep` wrote, of whatever kind; raises `BadCheckpoint`,
    `BadOption`.

    `sessions`: those of bases that are open already; the style's own is put there. `active_model`: which of
    all of the engine's networks keeps its memory. ONNX networks paint on the CPU whatever the device.
    """
    architecture = style_file.architecture_of(path)
    nothing = np.zeros(0, np.float32)
    if architecture == transformer_file.ARCHITECTURE:
        session = _open_transformer(path, device, threads, active_model)
        return OpenedStyle(architecture=architecture, base="", row=nothing, session=session)
    if architecture == "onnx":
        from styles.inference.openvino_backend.onnx import OnnxSession

        onnx = OnnxSession(path, threads, active_model)
        return OpenedStyle(
            architecture="onnx", base="", row=nothing, session=onnx, folded_bytes=onnx.folded_bytes
        )
    style = style_file.read(path)
    row, base = row_of(style), style.base
    sessions = {} if sessions is None else sessions
    shared = sessions.get(base)
    if shared is None:
        shared = sessions[base] = open_session(style.network, device, threads, active_model)
    return OpenedStyle(architecture=architecture, base=base, row=row, session=shared)


def _open_transformer(
    path: Path, device: str, threads: int, active_model: ActiveModel | None
) -> InferenceSession:
    from styles.inference.transformer_session import OpenVinoTransformerSession, TorchTransformerSession

    tensors = transformer_file.read(path)
    if device == "cpu":
        return OpenVinoTransformerSession(tensors, threads, active_model)
    return TorchTransformerSession(tensors, device)


def row_of(style: StyleFile) -> Row:
    """The style's row (R,), its length checked against the base. Raises `BadCheckpoint`."""
    wanted = Shape.of(style.network).row
    if style.row.shape != (wanted,):
        raise BadCheckpoint(f"The style's row has shape {style.row.shape}, not ({wanted},).")
    return style.row.astype(np.float32)
