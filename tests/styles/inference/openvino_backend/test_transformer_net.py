"""The transformer-net for OpenVINO against the one for torch."""

from __future__ import annotations

import numpy as np
import openvino as ov
import pytest
import torch

from styles.errors import BadCheckpoint
from styles.formats.style_file import Array
from styles.imaging.codec import Pixels
from styles.inference.openvino_backend.runtime import cpu_options
from styles.inference.openvino_backend.transformer_net import build
from styles.networks.transformer_net import TransformerNet
from tests.fakes.styles.state_dicts import state_dict

TENSORS: dict[str, Array] = {n: t.numpy().astype(np.float16) for n, t in state_dict().items()}


@pytest.fixture(scope="module")
def photos() -> Pixels:
    return np.random.default_rng(1).integers(0, 256, (2, 40, 52, 3), dtype=np.uint8)


@pytest.fixture(scope="module")
def wanted(photos: Pixels) -> Pixels:
    net = TransformerNet().eval()
    net.load_state_dict({name: torch.from_numpy(t).float() for name, t in TENSORS.items()})
    with torch.inference_mode():
        painted = net(torch.from_numpy(photos).permute(0, 3, 1, 2).float())
    return painted.clamp(0, 255).round().byte().permute(0, 2, 3, 1).numpy()  # type: ignore[no-any-return]


@pytest.mark.parametrize(("fast", "levels"), [(False, 0.02), (True, 3)])
def test_both_paint_the_same(photos: Pixels, wanted: Pixels, fast: bool, levels: float) -> None:
    """In float32 but for rounding; in bfloat16, where there is one, within 3 levels in the mean."""
    model = ov.Core().compile_model(build(TENSORS, fast=fast), "CPU", cpu_options(1, fast=fast))
    painted = model([photos])[0]
    assert painted.dtype == np.uint8
    assert np.abs(painted.astype(int) - wanted).mean() < levels
    assert wanted.std() > 20


def test_another_network_is_refused() -> None:
    with pytest.raises(BadCheckpoint, match="is missing"):
        build({name: tensor for name, tensor in TENSORS.items() if name != "in5.bias"})
