"""The folded weights give what the network gives: enlarging and shuffling, each with its convolution."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from styles.formats.architecture import Shape
from styles.networks.style_unet import StyleUNet, enlarge
from styles.networks.weight_folding import ENLARGING, by_lines, detail_kernel, folded, transposed
from tests.fakes.styles.style_files import random_style


@pytest.mark.parametrize("name", ENLARGING)
def test_enlarging_before_the_convolution_is_in_its_weights(name: str) -> None:
    network = random_style(seed=3).network
    net = StyleUNet(Shape.of(network)).to_paint()
    net.load_state_dict({name: torch.from_numpy(t.copy()).float() for name, t in network.items()})
    weights = folded(network)[f"{name}.weight"]
    x = torch.randn(2, weights.shape[1], 6, 9)
    expected = enlarge(getattr(net, name), x)
    ours = F.conv2d(x, torch.from_numpy(weights), padding=1)
    assert torch.allclose(F.pixel_shuffle(ours, 2), expected, atol=1e-4)
    kernel = torch.from_numpy(transposed(weights))
    assert torch.allclose(F.conv_transpose2d(x, kernel, stride=2, padding=2), expected, atol=1e-4)


def test_the_last_convolution_gives_four_pixels_at_half_the_size() -> None:
    network = random_style(seed=3).network
    kernel, bias = (
        torch.from_numpy(network[f"out.{part}"].astype(np.float32)) for part in ("weight", "bias")
    )
    x = torch.randn(2, 4 * kernel.shape[1], 6, 9)
    tensors = folded(network)
    folded_kernel, folded_bias = (torch.from_numpy(tensors[f"out.{part}"]) for part in ("weight", "bias"))
    ours = F.conv2d(x, folded_kernel, folded_bias, padding=1)
    pixels = ours.reshape(2, 2, 2, 3, 6, 9).permute(0, 3, 4, 1, 5, 2).reshape(2, 3, 12, 18)
    assert torch.allclose(pixels, F.conv2d(F.pixel_shuffle(x, 2), kernel, bias, padding=2), atol=1e-4)


def test_all_else_is_left_as_it_is() -> None:
    network = random_style().network
    tensors = folded(network)
    assert tensors.keys() == network.keys()
    changed = {"stem.weight", "out.weight", "out.bias", *(f"{name}.weight" for name in ENLARGING)}
    same = {name for name, tensor in tensors.items() if np.array_equal(tensor, network[name])}
    assert same == network.keys() - changed


def test_detail_of_blocks_is_that_of_the_whole() -> None:
    light = torch.rand(1, 1, 24, 32)
    whole = F.conv2d(light, torch.from_numpy(detail_kernel()), padding=4)
    of_blocks = F.conv2d(F.pixel_unshuffle(light, 4), torch.from_numpy(detail_kernel(block=4)), padding=1)
    assert torch.allclose(F.pixel_shuffle(of_blocks, 4), whole, atol=1e-6)
    assert abs(float(detail_kernel().sum())) < 1e-6  # what is even has no detail


def test_the_stem_reads_lines_as_it_reads_blocks() -> None:
    kernel = torch.from_numpy(folded(random_style(seed=3).network)["stem.weight"])
    photo = torch.rand(2, 16, 24, 3)
    blocks = F.pixel_unshuffle(photo.permute(0, 3, 1, 2), 4)
    lines = photo.reshape(2, 16, 6, 12).permute(0, 3, 1, 2)
    of_lines = F.conv2d(lines, torch.from_numpy(by_lines(kernel.numpy())), stride=(4, 1), padding=(4, 1))
    assert torch.allclose(of_lines, F.conv2d(blocks, kernel, padding=1), atol=1e-5)
