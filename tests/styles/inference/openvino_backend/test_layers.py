"""The ways of pixels into the graph and out of it; test_style_unet.py compares the whole network."""

from __future__ import annotations

import numpy as np
import openvino as ov
import pytest
import torch
from openvino import opset13 as ops

from styles.formats.architecture import DETAIL
from styles.inference.openvino_backend.layers import FoldedNetwork, OpenVinoLayers, as_pixels
from styles.inference.openvino_backend.runtime import has_bfloat16
from styles.networks.style_unet import detail
from styles.networks.weight_folding import detail_kernel
from tests.fakes.styles.style_files import random_style

NETWORK = random_style(seed=3).network
DETAILED = float(NETWORK[DETAIL][0])
HALF = NETWORK["up2.weight"].shape[0]


def test_words_are_the_bytes_of_the_pixels_and_no_copy() -> None:
    """Whatever their number of columns is: two pixels are three words."""
    pixels = np.random.default_rng(0).integers(0, 256, (2, 32, 48, 3), dtype=np.uint8)
    words = pixels.reshape(2, 16, 2, 24, 6).view(np.uint16)
    assert np.array_equal(as_pixels(words), pixels)
    assert np.shares_memory(as_pixels(words), pixels)


@pytest.mark.parametrize("precision", ["f32", "bf16"])
def test_the_picture_is_what_was_painted_with_detail_of_the_photo(precision: str) -> None:
    """With weights of zero all that is painted is the bias, a level for each colour."""
    if precision == "bf16" and not has_bfloat16(ov.Core()):
        pytest.skip("this processor has no bfloat16")
    levels = np.array([0.2, 0.5, 0.9])
    bias = np.log(levels / (1 - levels)).astype(np.float16)
    network = {**NETWORK, "out.weight": np.zeros_like(NETWORK["out.weight"]), "out.bias": bias}
    x, photo = ops.parameter([-1, HALF, -1, -1], np.float32), ops.parameter([-1, -1, -1, 3], np.uint8)
    graph = ov.Model([OpenVinoLayers(FoldedNetwork(network)).out(x, photo)], [x, photo], "out")
    model = ov.Core().compile_model(graph, "CPU", {"INFERENCE_PRECISION_HINT": precision})

    pixels = np.random.default_rng(1).integers(0, 256, (2, 32, 48, 3), dtype=np.uint8)
    painted = as_pixels(model([np.zeros((2, HALF, 16, 24), np.float32), pixels])[0])

    light = (pixels / np.float32(255)).mean(axis=3)[:, None]
    lines = detail(torch.from_numpy(light), torch.from_numpy(detail_kernel())).numpy()
    expected = np.clip(levels + DETAILED * lines[:, 0, :, :, None], 0, 1) * 255
    assert np.abs(painted - expected).max() < (1 if precision == "f32" else 2.5)
