"""Open style files for painting on a device.

torch is imported only for a session on a GPU, OpenVINO only for a session on the CPU.
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
from styles.imaging.underpainting import underpainting_of
from styles.inference.openvino_backend.memory_release import ActiveModel
from styles.inference.session import ONE_STYLE, Conditioning, InferenceSession
from styles.service.optional_libraries import require


def open_session(
    network: Mapping[str, Array],
    device: str = "cpu",
    threads: int = 0,
    active_model: ActiveModel | None = None,
) -> InferenceSession:
    """Load a base on "cpu", "cuda" or "cuda:1". Raises `BadCheckpoint`, `BadOption`, `MissingExtra`."""
    if device == "cpu":
        from styles.inference.openvino_backend.session import OpenVinoSession

        return OpenVinoSession(network, threads, active_model)
    require("gpu", f"Painting on {device}")
    from styles.inference.torch_backend.session import TorchSession

    return TorchSession(network, device)


def require_device(device: str) -> None:
    """Raise `BadOption` where the device does not exist, and `MissingExtra` where torch does not."""
    if device != "cpu":
        require("gpu", f"Painting on {device}")
        from styles.inference.torch_backend.device import require_cuda

        require_cuda(device)


@dataclass(frozen=True, kw_only=True, eq=False)
class OpenedStyle:
    """Hold a kept file that is ready to paint."""

    base: str = ""  #: digest of the base, where other styles can share its session; else ""
    conditioning: Conditioning
    session: InferenceSession
    folded_bytes: int = 0  #: memory for tensors that the network computes from its weights alone


def open_style(
    path: Path,
    device: str = "cpu",
    threads: int = 0,
    *,
    sessions: MutableMapping[str, InferenceSession] | None = None,
    active_model: ActiveModel | None = None,
) -> OpenedStyle:
    """Open a file that `styles.importing.importer.keep` wrote. Raises `BadCheckpoint`, `BadOption`.

    `sessions`: the open sessions by base; a new one is added. `active_model`: which network keeps its memory,
    of all that the engine has. ONNX networks paint on the CPU, on any device.
    """
    architecture = style_file.architecture_of(path)
    if architecture == transformer_file.ARCHITECTURE:
        transformer = _open_transformer(path, device, threads, active_model)
        return OpenedStyle(conditioning=ONE_STYLE, session=transformer)
    if architecture == "onnx":
        from styles.inference.openvino_backend.onnx import OnnxSession

        onnx = OnnxSession(path, threads, active_model)
        return OpenedStyle(conditioning=ONE_STYLE, session=onnx, folded_bytes=onnx.folded_bytes)
    style, sessions = style_file.read(path), {} if sessions is None else sessions
    conditioning = conditioning_of(style)
    session = sessions.get(style.base) or open_session(style.network, device, threads, active_model)
    sessions[style.base] = session
    return OpenedStyle(base=style.base, conditioning=conditioning, session=session)


def _open_transformer(
    path: Path, device: str, threads: int, active_model: ActiveModel | None
) -> InferenceSession:
    tensors = transformer_file.read(path)
    if device == "cpu":
        from styles.inference.openvino_backend.transformer_net import OpenVinoTransformerSession

        return OpenVinoTransformerSession(tensors, threads, active_model)
    require("gpu", f"Painting on {device}")
    from styles.inference.torch_backend.session import TorchTransformerSession

    return TorchTransformerSession(tensors, device)


def conditioning_of(style: StyleFile) -> Conditioning:
    """Return what the base paints the style from. Raises `BadCheckpoint` for a row of another length."""
    length = Shape.of(style.network).row
    if style.row.shape != (length,):
        raise BadCheckpoint(f"The style's row has shape {style.row.shape}, not ({length},).")
    has_forms = (style.underpainting != style_file.NEUTRAL).any()
    forms = underpainting_of(style.underpainting) if has_forms else None
    return Conditioning(style.row.astype(np.float32), forms)
