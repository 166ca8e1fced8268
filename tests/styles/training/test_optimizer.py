"""Muon: orthogonal steps, of a share of the weight's norm; and who is trained by what."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from styles.networks.style_unet import StyleUNet
from styles.training.optimizer import Muon, optimizers_of, orthogonal
from tests.fakes.styles.training_material import TINY


@pytest.mark.parametrize("shape", [(8, 20), (20, 8), (5, 5)])
def test_orthogonal_makes_all_singular_values_nearly_one(shape: tuple[int, int]) -> None:
    torch.manual_seed(0)
    matrix = torch.randn(shape) @ torch.diag(torch.logspace(0, -1, shape[1]))
    values = torch.linalg.svdvals(orthogonal(matrix))
    assert float(values.min()) > 0.5
    assert float(values.max()) < 1.3
    assert torch.equal(orthogonal(torch.zeros(shape)), torch.zeros(shape))


def test_a_step_goes_downhill_by_a_share_of_the_norm() -> None:
    torch.manual_seed(0)
    for scale in (0.01, 1.0):
        weight = nn.Parameter(scale * torch.randn(6, 4, 3, 3))
        before = weight.detach().clone()
        muon = Muon([weight], 0.1, torch.float32)
        (weight * torch.randn(6, 4, 3, 3)).sum().backward()  # type: ignore[no-untyped-call]
        muon.step()
        step = weight.detach() - before
        assert weight.grad is not None
        assert float((step * weight.grad).sum()) < 0
        assert 0.05 < float(step.norm() / before.norm()) < 0.15


def test_the_size_of_the_gradient_does_not_matter() -> None:
    torch.manual_seed(0)
    start, gradient = torch.randn(6, 4, 3, 3), torch.randn(6, 4, 3, 3)
    ends = []
    for scale in (1.0, 1000.0):
        weight = nn.Parameter(start.clone())
        weight.grad = scale * gradient
        Muon([weight], 0.1, torch.float32).step()
        ends.append(weight.detach())
    assert torch.allclose(ends[0], ends[1], atol=1e-4)


def test_momentum_carries_on_and_takes_two_bytes() -> None:
    torch.manual_seed(0)
    weight = nn.Parameter(torch.randn(4, 4, 1, 1))
    muon = Muon([weight], 0.1, torch.float32)
    weight.grad = torch.randn(4, 4, 1, 1)
    muon.step()
    after_one = weight.detach().clone()
    weight.grad = torch.zeros(4, 4, 1, 1)
    muon.step()
    assert not torch.equal(weight, after_one)
    assert muon.state[weight]["momentum"].dtype == torch.bfloat16


def test_muon_has_the_convolutions_and_adam_the_last_layer_and_the_rows() -> None:
    network = StyleUNet(TINY)
    rows = nn.Parameter(network.neutral_row()[None])
    adam, muon = optimizers_of(network, rows, rate=0.5, row_rate=0.25, type=torch.float32)
    by_adam = {id(p) for p in adam.param_groups[0]["params"]}
    assert by_adam == {id(p) for p in (network.out.weight, network.out.bias, rows)}
    by_muon = {id(p) for p in muon.param_groups[0]["params"]}
    assert by_muon == {id(p) for p in network.parameters()} - by_adam
    assert (adam.param_groups[0]["base_rate"], muon.param_groups[0]["base_rate"]) == (0.25, 0.5)


def test_a_base_that_stays_leaves_adam_alone() -> None:
    network = StyleUNet(TINY).requires_grad_(False)
    rows = nn.Parameter(network.neutral_row()[None])
    (adam,) = optimizers_of(network, rows, rate=0.5, row_rate=0.25, type=torch.float32)
    assert [id(p) for p in adam.param_groups[0]["params"]] == [id(rows)]
