"""The OpenVINO graph paints what the torch network paints, for every shape and batch."""

from __future__ import annotations

import numpy as np
import openvino as ov
import pytest
import torch

from styles.architecture import Shape
from styles.errors import BadCheckpoint
from styles.graph import build
from styles.network import StyleNet
from tests.fakes.style_files import random_style


def torch_paint(net: StyleNet, images: np.ndarray, rows: np.ndarray) -> np.ndarray:
    with torch.no_grad():
        painted = net(torch.from_numpy(images).permute(0, 3, 1, 2).float() / 255, torch.from_numpy(rows))
    pixels: np.ndarray = (painted * 255).round().byte().permute(0, 2, 3, 1).numpy()
    return pixels


@pytest.mark.parametrize("size", [(1, 32, 32), (3, 64, 40), (2, 36, 100)])
def test_same_picture_as_torch(size: tuple[int, int, int]) -> None:
    style = random_style(seed=3)
    net = StyleNet(Shape.of(style.network)).eval()
    net.load_state_dict({k: torch.from_numpy(v.copy()).float() for k, v in style.network.items()})
    random = np.random.default_rng(5)
    images = random.integers(0, 256, (*size, 3), dtype=np.uint8)
    rows = random.normal(1, 0.3, (size[0], style.row.size)).astype(np.float32)

    model = ov.Core().compile_model(build(style.network), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    painted = model([images, rows])[0]

    assert painted.dtype == np.uint8
    assert painted.shape == images.shape
    difference = np.abs(painted.astype(int) - torch_paint(net, images, rows))
    assert difference.max() <= 1  # rounding of the last bit
    assert painted.std() > 5  # and there is a picture to compare


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
