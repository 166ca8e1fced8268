"""The losses: nothing for the painting itself, more for what is farther away, and what each one sees."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor

from styles.errors import FeaturesUnavailable
from styles.training.losses import (
    TAPS,
    Features,
    Target,
    content_loss,
    gram,
    load_features,
    painting_target,
    palette_loss,
    style_loss,
)

ONE = torch.ones(1)


@pytest.fixture(scope="module")
def features() -> Features:
    torch.manual_seed(0)
    return Features()


@pytest.fixture(scope="module")
def painting() -> Tensor:
    torch.manual_seed(1)
    return torch.rand(1, 3, 64, 64)


@pytest.fixture(scope="module")
def target(features: Features, painting: Tensor) -> Target:
    return painting_target(features, painting)


def test_the_painting_itself_costs_nothing(features: Features, painting: Tensor, target: Target) -> None:
    assert float(style_loss(features(painting), [target.full], ONE)) < 1e-6
    assert float(palette_loss(painting, [target])) < 1e-6
    assert float(content_loss(features(painting)[2], features(painting)[2])) == 0


def test_style_does_not_see_where_things_are(features: Features, painting: Tensor, target: Target) -> None:
    mirrored = painting.flip(3)
    other = torch.rand(1, 3, 64, 64) ** 3
    near = style_loss(features(mirrored), [target.full], ONE)
    assert float(near) < 0.2 * float(style_loss(features(other), [target.full], ONE))
    assert float(content_loss(features(mirrored)[2], features(painting)[2])) > 0.01


def test_a_weight_counts_for_its_image_alone(features: Features, target: Target) -> None:
    pair = features(torch.cat([torch.rand(1, 3, 32, 32), torch.zeros(1, 3, 32, 32)]))
    costs = [
        float(style_loss(pair, [target.full] * 2, torch.tensor(weights)))
        for weights in ([1.0, 0.0], [0.0, 1.0], [1.0, 1.0], [3.0, 0.0])
    ]
    assert costs[2] == pytest.approx(costs[0] + costs[1], rel=1e-4)
    assert costs[3] == pytest.approx(3 * costs[0], rel=1e-4)


def test_the_palette_sees_a_few_bright_pixels_in_a_dark_painting(features: Features) -> None:
    dark = torch.full((1, 3, 64, 64), 0.2)
    starry = dark.clone()
    starry[:, :2, 8:24, 8:24] = 0.9  # yellow, a sixteenth of the picture
    target = painting_target(features, starry)
    assert float(palette_loss(dark, [target])) > 0.5
    assert float(palette_loss(starry.flip(2), [target])) < 0.01  # and not where they are


def test_gram_does_not_depend_on_the_size(features: Features) -> None:
    activation = torch.rand(1, 4, 8, 8)
    assert torch.allclose(gram(activation), gram(activation.repeat(1, 1, 2, 3)), atol=1e-5)
    assert gram(activation.bfloat16()).dtype == torch.float32


def test_the_features_stop_at_the_last_tap_that_is_asked_for(features: Features) -> None:
    assert [a.shape[1] for a in features(torch.rand(1, 3, 32, 32))] == [64, 128, 256, 512]
    assert len(features(torch.rand(1, 3, 32, 32), 2)) == 2
    assert len(TAPS) == 4


def test_features_that_are_none_are_refused(tmp_path: Path) -> None:
    save_file({"x": torch.zeros(1)}, tmp_path / "x.safetensors")
    for file in (tmp_path / "x.safetensors", tmp_path / "absent.safetensors"):
        with pytest.raises(FeaturesUnavailable, match="--features"):
            load_features(file)
