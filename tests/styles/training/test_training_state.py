"""What learns: the average follows, a step without a gradient changes nothing, and all of it comes back."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from styles.networks.style_unet import StyleUNet
from styles.training.training_state import Learner
from tests.fakes.styles.training_material import TINY

PHOTO = torch.rand(1, 3, 32, 32, generator=torch.Generator().manual_seed(1))


def learner(seed: int = 0, *, learn: bool = False) -> Learner:
    torch.manual_seed(seed)
    network = StyleUNet(TINY).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    network.requires_grad_(not learn)
    rows = nn.Parameter(network.neutral_row().repeat(2, 1))
    return Learner(network, rows, rate=0.1, row_rate=0.1, type=torch.float32)


def loss(one: Learner) -> Tensor:
    painted: Tensor = one.network(PHOTO, one.rows[:1])
    return (painted - PHOTO).square().mean()


def steps(one: Learner, first: int, last: int) -> None:
    for number in range(first, last):
        assert one.step(loss(one), 1.0, number)


def test_steps_lower_the_loss() -> None:
    one = learner()
    before = float(loss(one).detach())
    steps(one, 0, 40)
    assert float(loss(one).detach()) < before


def test_the_average_is_that_of_the_weights_on_the_way() -> None:
    one = learner()
    average = {name: p.detach().clone() for name, p in one.parameters.items()}
    for number in range(5):
        one.step(loss(one), 1.0, number)
        keeps = 1 - 10 / (number + 20)
        for name, parameter in one.parameters.items():
            average[name] += (1 - keeps) * (parameter.detach() - average[name])
    weights = {name: p.detach().clone() for name, p in one.parameters.items()}
    with one.averaged():
        for name, parameter in one.parameters.items():
            assert torch.allclose(parameter, average[name], atol=2e-4), name
            far = (average[name] - weights[name]).abs().max() > 1e-3
            assert far or name == "network.out.bias"
    assert all(torch.equal(p, weights[name]) for name, p in one.parameters.items())


def test_the_average_of_a_long_run_counts_some_hundreds_of_steps() -> None:
    one = learner(learn=True)
    one.rows.data.fill_(1)
    one.lag["rows"].fill_(1)
    before = one.rows.detach().clone()
    one.step(0 * one.rows.sum(), 1.0, 10_000)
    assert torch.equal(one.rows, before)  # no gradient, so Adam stands still
    assert torch.allclose(one.lag["rows"], torch.tensor(0.997, dtype=torch.float16), atol=1e-3)


def test_a_gradient_that_is_not_finite_changes_nothing() -> None:
    one = learner()
    steps(one, 0, 2)
    before = {**one.weights(), **one.moments()}
    before = {name: tensor.clone() for name, tensor in before.items()}
    assert not one.step(loss(one) * float("nan"), 1.0, 2)
    after = {**one.weights(), **one.moments()}
    assert all(torch.equal(after[name], tensor) for name, tensor in before.items())


def test_the_factor_multiplies_the_rates() -> None:
    full, half = learner(), learner()
    starts = [one.rows.detach().clone() for one in (full, half)]
    full.step(loss(full), 1.0, 0)
    half.step(loss(half), 0.5, 0)
    moved = [
        float((one.rows.detach() - start).abs().max())
        for one, start in zip((full, half), starts, strict=True)
    ]
    assert moved[0] == pytest.approx(2 * moved[1], rel=1e-3)


@pytest.mark.parametrize("learn", [False, True])
def test_what_is_restored_goes_on_as_if_nothing_had_been(learn: bool) -> None:
    whole, first = learner(learn=learn), learner(learn=learn)
    steps(whole, 0, 6)
    steps(first, 0, 3)
    weights = {name: t.clone().contiguous() for name, t in first.weights().items()}
    moments = {name: t.clone().contiguous() for name, t in first.moments().items()}
    second = learner(seed=9, learn=learn)
    second.restore(weights, moments)
    steps(second, 3, 6)
    for name, tensor in {**whole.weights(), **whole.moments()}.items():
        assert torch.equal({**second.weights(), **second.moments()}[name], tensor), name
    for name, parameter in second.parameters.items():
        for optimizer in second.optimizers:
            for key, value in optimizer.state.get(parameter, {}).items():
                assert key == "step" or value.stride() == parameter.stride(), name


def test_a_learner_of_another_shape_cannot_be_restored() -> None:
    first = learner()
    steps(first, 0, 1)
    other = dict(first.moments())
    other["rows/exp_avg"] = other["rows/exp_avg"][:1]
    with pytest.raises(RuntimeError, match="does not fit"):
        learner().restore(first.weights(), other)
    with pytest.raises(LookupError):
        learner(learn=True).restore(first.weights(), first.moments())


def test_what_is_remembered_is_no_larger_than_the_network() -> None:
    one = learner()
    steps(one, 0, 1)
    sizes = [sum(t.nbytes for t in tensors.values()) for tensors in (one.weights(), one.moments())]
    small = sum(t.nbytes for name, t in one.moments().items() if name.startswith(("rows", "network.out")))
    assert sizes[1] - small < sizes[0]
