"""The profile of the network: what OpenVINO says that it executes is all of our network."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from benchmarks.painting import layers
from benchmarks.painting.layers import LayerStep, ProcessorLimits, measure, multiply_adds, profile
from styles.formats import style_file
from styles.formats.architecture import Shape
from styles.inference.open import conditioning_of
from styles.networks.style_unet import StyleUNet


def test_multiply_adds_are_those_of_the_convolutions() -> None:
    net = StyleUNet()
    counted = 0.0

    def count(module: torch.nn.Module, _: object, out: torch.Tensor) -> None:
        nonlocal counted
        assert isinstance(module, torch.nn.Conv2d)
        counted += module.weight[0].numel() * out[0].numel()

    for module in net.modules():
        if isinstance(module, torch.nn.Conv2d):
            module.register_forward_hook(count)
    net(torch.rand(1, 3, 32, 32), net.neutral_row()[None])
    assert counted / (32 * 32) == multiply_adds(Shape()) == 18_882


def test_the_operations_are_those_of_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layers, "RUNS", 2)
    style = style_file.read(style_file.shipped()[0].weights)
    image = np.zeros((1, 256, 320, 3), np.uint8)
    steps = measure(style.network, image, conditioning_of(style).row)
    defined = 2 * multiply_adds(Shape.of(style.network)) * 256 * 320
    executed = sum(step.operations for step in steps)
    assert defined <= executed < 1.2 * defined  # folded, two of its convolutions take a little more
    blocks = [step for step in steps if step.name.startswith("convolution 3x3, 128 to 128 channels")]
    assert [step.times for step in blocks] == [6]


def test_a_step_is_held_to_what_limits_it() -> None:
    steps = [
        LayerStep(name="calculates", seconds=0.5, operations=2e9, bytes=1e6),
        LayerStep(name="moves", seconds=0.5, bytes=3e8),
    ]
    rows = profile(steps, ProcessorLimits(operations=10e9, bytes=1e9)).rows
    assert rows[0][-2:] == ["200.0", "calculating"]
    assert rows[1][-2:] == ["300.0", "moving bytes"]
    assert rows[2] == ["all", "2", "1000.0", "100%", "2.00", "301", "500.0", ""]
