"""The network as it paints against the network as it is trained, and lost values."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor

from styles.errors import BadCheckpoint
from styles.formats import style_file
from styles.formats.architecture import Shape
from styles.formats.style_file import StyleFile
from styles.inference.open import conditioning_of
from styles.inference.torch_backend.layers import TorchLayers, affine, paint_whole
from styles.networks.style_unet import StyleUNet
from tests.fakes.styles.style_files import random_style

CPU = torch.device("cpu")


def as_trained(style: StyleFile, pixels: Tensor, rows: Tensor) -> Tensor:
    """What the network paints that is trained, levels (B, H, W, 3)."""
    net = StyleUNet(Shape.of(style.network)).to_paint()
    net.load_state_dict({name: torch.from_numpy(t.copy()) for name, t in style.network.items()})
    painted: Tensor = net(pixels.permute(0, 3, 1, 2).float() / 255, rows)
    return painted.permute(0, 2, 3, 1) * 255


@torch.inference_mode()
@pytest.mark.parametrize(
    "style",
    [random_style(4), style_file.read(style_file.shipped()[0].weights)],
)
def test_it_paints_what_the_trained_network_paints(style: StyleFile) -> None:
    pixels = torch.from_numpy(np.random.default_rng(1).integers(0, 256, (2, 48, 64, 3), dtype=np.uint8))
    row = torch.from_numpy(conditioning_of(style).row)
    rows = torch.stack([row, row.roll(3)])
    painted, sound = paint_whole(TorchLayers(style.network, CPU, torch.float32), pixels, rows)
    difference = painted.float() - as_trained(style, pixels, rows)
    assert difference.abs().max() <= 0.51  # rounding to whole levels
    assert painted.dtype == torch.uint8
    assert sound.tolist() == [True, True]


@torch.inference_mode()
@pytest.mark.parametrize("layer", ["stem", "down8", "encode.0.first", "inner.0.second", "up8", "up2"])
def test_a_picture_whose_values_were_lost_is_no_sound_one(layer: str) -> None:
    style = random_style(4)
    loud = dict(style.network)
    loud[f"{layer}.weight"] = np.full_like(loud[f"{layer}.weight"], 60_000)
    pixels = torch.zeros(2, 32, 32, 3, dtype=torch.uint8)
    pixels[0] = torch.randint(0, 256, (32, 32, 3))
    rows = torch.from_numpy(conditioning_of(style).row).repeat(2, 1)
    _, sound = paint_whole(TorchLayers(loud, CPU, torch.float16), pixels, rows)
    assert not sound[0]
    if layer == "stem":
        assert sound[1]  # black is nothing, however loud


@torch.inference_mode()
def test_one_channel_that_is_lost_at_the_end_is_enough() -> None:
    style = random_style(4)
    loud = dict(style.network)
    loud["up2.weight"] = loud["up2.weight"].copy()
    loud["up2.weight"][3] = 60_000
    pixels = torch.randint(0, 256, (1, 32, 32, 3), dtype=torch.uint8)
    rows = torch.from_numpy(conditioning_of(style).row)[None]
    _, sound = paint_whole(TorchLayers(loud, CPU, torch.float16), pixels, rows)
    assert not sound[0]


def test_weights_that_are_not_the_networks_are_refused() -> None:
    network = dict(random_style(4).network)
    network["up2.weight"] = network["up2.weight"][:, :4]
    with pytest.raises(BadCheckpoint):
        TorchLayers(network, CPU, torch.float32)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float16])
def test_a_norm_is_worked_out_in_float32_and_laid_out_as_what_is_normed(dtype: torch.dtype) -> None:
    x = torch.randn(2, 8, 6, 5).to(dtype).contiguous(memory_format=torch.channels_last) + 1000
    gain, offset = torch.rand(2, 8, 1, 1) + 1, torch.rand(2, 8, 1, 1) - 1500
    normed = affine(x, gain, offset)
    assert torch.allclose(normed.float(), (x.double() * gain + offset).float(), rtol=1e-3, atol=1e-3)
    assert normed.dtype == dtype
    assert normed.is_contiguous(memory_format=torch.channels_last)
