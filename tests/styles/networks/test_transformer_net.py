"""The transformer-net against its definition, written out plainly."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from styles.networks.transformer_net import Mirrors, TransformerNet
from tests.fakes.styles.state_dicts import state_dict


def plain(weights: dict[str, Tensor], x: Tensor) -> Tensor:
    """The same network, step by step; 2x nearest, then a convolution of the mirrored picture."""

    def convolve(x: Tensor, name: str, stride: int = 1) -> Tensor:
        kernel = weights[f"{name}.conv2d.weight"]
        pad = kernel.shape[2] // 2
        x = F.pad(x, (pad, pad, pad, pad), mode="reflect")
        return F.conv2d(x, kernel, weights[f"{name}.conv2d.bias"], stride)

    def norm(x: Tensor, name: str) -> Tensor:
        mean = x.mean((2, 3), keepdim=True)
        spread = ((x - mean) ** 2).mean((2, 3), keepdim=True)
        y = (x - mean) / torch.sqrt(spread + 1e-5)
        return y * weights[f"{name}.weight"][:, None, None] + weights[f"{name}.bias"][:, None, None]

    x = norm(convolve(x, "conv1"), "in1").relu()
    x = norm(convolve(x, "conv2", 2), "in2").relu()
    x = norm(convolve(x, "conv3", 2), "in3").relu()
    for n in range(1, 6):
        y = norm(convolve(x, f"res{n}.conv1"), f"res{n}.in1").relu()
        x = x + norm(convolve(y, f"res{n}.conv2"), f"res{n}.in2")
    x = norm(convolve(x.repeat_interleave(2, 2).repeat_interleave(2, 3), "deconv1"), "in4").relu()
    x = norm(convolve(x.repeat_interleave(2, 2).repeat_interleave(2, 3), "deconv2"), "in5").relu()
    return convolve(x, "deconv3")


@torch.inference_mode()
def test_it_is_the_network_of_its_definition() -> None:
    net = TransformerNet().eval()
    net.load_state_dict(state_dict())
    image = torch.rand(2, 3, 32, 48, generator=torch.Generator().manual_seed(1)) * 255
    painted = net(image)
    assert painted.shape == image.shape
    assert torch.allclose(painted, plain(state_dict(), image), atol=0.05)
    assert painted.std() > 10


def test_a_state_dict_of_other_names_does_not_load() -> None:
    with pytest.raises(RuntimeError, match="Missing key"):
        TransformerNet().load_state_dict({})


LAST, FIRST = torch.channels_last, torch.contiguous_format


@pytest.mark.parametrize("layout", [LAST, FIRST])
@pytest.mark.parametrize("shape", [(1, 1, 8, 9), (2, 12, 5, 7), (3, 64, 3, 40)])
@pytest.mark.parametrize("count", [1, 2])
def test_mirrored_pixels_are_those_of_torch_and_lie_channels_last(
    shape: tuple[int, ...], count: int, layout: torch.memory_format
) -> None:
    x = torch.randn(*shape).contiguous(memory_format=layout)
    mirrored = Mirrors()(x, count)
    assert torch.equal(mirrored, F.pad(x, [count] * 4, mode="reflect"))
    assert mirrored.is_contiguous(memory_format=LAST)


def test_indices_that_a_graph_was_captured_with_stay_where_they_are() -> None:
    mirrors, x = Mirrors(), torch.rand(1, 3, 8, 8)
    mirrors(x, 2)
    first = mirrors._index(8, 2, x.device)
    mirrors(torch.rand(1, 3, 9, 10), 2)
    assert mirrors._index(8, 2, x.device) is first
