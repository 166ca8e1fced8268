"""The OpenVINO graph paints what the torch network paints, for every shape and batch."""

from __future__ import annotations

import numpy as np
import openvino as ov
import pytest
import torch

from styles.errors import BadCheckpoint
from styles.formats.architecture import Shape
from styles.inference.openvino_backend.runtime import has_bfloat16
from styles.inference.openvino_backend.segments import OpenVinoSegments
from styles.inference.openvino_backend.stylenet import build
from styles.inference.torch_backend.layers import TorchLayers
from styles.inference.torch_backend.segments import TorchSegments
from styles.networks.segments import READ_PIXELS
from styles.networks.stylenet import StyleNet
from tests.fakes.styles.style_files import random_style

F32 = {"INFERENCE_PRECISION_HINT": "f32"}


def torch_paint(net: StyleNet, images: np.ndarray, rows: np.ndarray) -> np.ndarray:
    with torch.no_grad():
        painted = net(torch.from_numpy(images).permute(0, 3, 1, 2).float() / 255, torch.from_numpy(rows))
    pixels: np.ndarray = (painted * 255).round().byte().permute(0, 2, 3, 1).numpy()
    return pixels


@pytest.mark.parametrize("size", [(1, 32, 32), (3, 64, 40), (2, 36, 100)])
def test_same_picture_as_torch(size: tuple[int, int, int]) -> None:
    style = random_style(seed=3)
    net = StyleNet(Shape.of(style.network)).to_paint()
    net.load_state_dict({k: torch.from_numpy(v.copy()).float() for k, v in style.network.items()})
    random = np.random.default_rng(5)
    images = random.integers(0, 256, (*size, 3), dtype=np.uint8)
    rows = random.normal(1, 0.3, (size[0], style.row.size)).astype(np.float32)

    model = ov.Core().compile_model(build(style.network), "CPU", F32)
    painted = model([images, rows])[0]

    fast = has_bfloat16(ov.Core())
    of_one_style = ov.Core().compile_model(build(style.network, rows[0], fast=fast), "CPU", F32)
    alone = of_one_style([images[:1]])[0][0]
    assert np.abs(alone - painted[0].astype(int)).max() <= 1

    assert painted.dtype == np.uint8
    assert painted.shape == images.shape
    difference = np.abs(painted.astype(int) - torch_paint(net, images, rows))
    assert difference.max() <= 1  # rounding of the last bit
    assert painted.std() > 5  # and there is a picture to compare


SEGMENTS = ["stem", "down", "spatial.0", "mix.0", "spatial.1", "mix.1", "up", "head", "out"]


@pytest.mark.parametrize("name", SEGMENTS)
def test_a_segment_gives_what_torch_gives(name: str) -> None:
    shape = Shape(stem=8, body=12, hidden=16, blocks=2, head=8)
    torch.manual_seed(2)
    net = StyleNet(shape).to_paint()
    network = {name: t.half().numpy() for name, t in net.state_dict().items()}
    net.load_state_dict({name: torch.from_numpy(t).float() for name, t in network.items()})
    ours = OpenVinoSegments(network, ov.Core(), {"INFERENCE_PRECISION_HINT": "f32"})

    random = np.random.default_rng(5)
    pixels = random.integers(0, 256, (8, 4, 36, 3), dtype=np.uint8)
    trunk = [random.normal(0, 1, (8, 12, 9)).astype(np.float16) for _ in range(2)]
    norms = [(random.normal(1, 0.3, n), random.normal(0, 0.3, n)) for n in norms_in(name, shape)]
    affine = [(gain.astype(np.float32), offset.astype(np.float32)) for gain, offset in norms]
    reads = [pixels] if name in READ_PIXELS else trunk[: 2 if name in ("spatial.1", "up") else 1]
    kept, moments = ours.segment(name)(reads, affine)
    tensors = [r if name in READ_PIXELS else torch.from_numpy(r).float() for r in reads]
    torch_kept, torch_moments = TorchSegments(
        TorchLayers(network, torch.device("cpu"), torch.float32)
    ).segment(name)(tensors, affine)

    assert len(kept) == len(torch_kept)
    tolerance = 1 if name == "out" else 0.01  # a level, or rounding to float16
    for mine, theirs in zip(kept, torch_kept, strict=True):
        assert np.allclose(np.float32(mine), np.float32(theirs), atol=tolerance)
    assert (moments is None) == (torch_moments is None) == (name == "out")
    for mine, theirs in zip(moments or (), torch_moments or (), strict=True):
        assert mine.shape == theirs.shape
        assert np.allclose(mine, theirs, atol=1e-3)


def norms_in(name: str, shape: Shape) -> list[int]:
    """Channels of the norms within a segment."""
    if name == "down":
        return [shape.stem]
    return {"stem": [], "head": [shape.head], "out": [shape.head] * 2}.get(name, [shape.body])


def test_a_base_without_a_tensor_is_refused() -> None:
    network = dict(random_style().network)
    del network["up.weight"]
    with pytest.raises(BadCheckpoint):
        build(network)


def test_a_base_with_a_wrong_shape_is_refused() -> None:
    network = dict(random_style().network)
    network["head.weight"] = network["head.weight"][:, :3]
    with pytest.raises(BadCheckpoint):
        build(network)
