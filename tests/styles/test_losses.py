"""The losses: nothing for the painting itself, more for what is farther away, and what each one sees."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor

from styles.errors import FeaturesUnavailable
from styles.losses import (
    TAPS,
    Features,
    Target,
    content_loss,
    gram,
    grid_loss,
    light_loss,
    load_features,
    painting_target,
    palette_loss,
    style_loss,
    variation_loss,
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


def test_variation_is_the_mean_step_between_neighbours() -> None:
    stripes = torch.zeros(1, 3, 4, 4)
    stripes[:, :, ::2] = 1
    assert float(variation_loss(stripes)) == pytest.approx(1.0)


def test_the_features_stop_at_the_last_tap_that_is_asked_for(features: Features) -> None:
    assert [a.shape[1] for a in features(torch.rand(1, 3, 32, 32))] == [64, 128, 256, 512]
    assert len(features(torch.rand(1, 3, 32, 32), 2)) == 2
    assert len(TAPS) == 4


def test_features_that_are_none_are_refused(tmp_path: Path) -> None:
    save_file({"x": torch.zeros(1)}, tmp_path / "x.safetensors")
    for file in (tmp_path / "x.safetensors", tmp_path / "absent.safetensors"):
        with pytest.raises(FeaturesUnavailable, match="--features"):
            load_features(file)


def test_light_sees_where_it_is_light_and_not_the_colour() -> None:
    photo = torch.zeros(1, 3, 64, 64)
    photo[:, :, :, 24:] = 0.8
    blue = torch.zeros(1, 3, 64, 64)
    blue[:, 2, :, 24:] = 0.5
    assert float(light_loss(photo, photo)) < 0.01
    assert float(light_loss(blue, photo)) < 0.05
    assert float(light_loss(1 - photo, photo)) > 3.9
    assert float(light_loss(torch.full((1, 3, 64, 64), 0.5), photo)) == pytest.approx(2.0)


def test_light_sees_a_small_face_and_leaves_the_sky_to_the_brush() -> None:
    photo = torch.full((1, 3, 128, 128), 0.6)
    photo[:, :, 64:] = 0.1  # earth
    photo[:, :, 80:104, 80:104] = 0.4  # a face
    photo[:, :, 88:92, 84:88] = 0.1  # an eye
    no_eye, stroke = photo.clone(), photo.clone()
    no_eye[:, :, 88:92, 84:88] = 0.4  # both differ by 0.3 in one square
    stroke[:, :, 8:12, 8:12] = 0.3
    assert float(light_loss(no_eye, photo)) > float(light_loss(stroke, photo))


def test_a_step_of_hue_costs_more_than_one_of_light() -> None:
    light, hue = torch.zeros(1, 3, 8, 8), torch.zeros(1, 3, 8, 8)
    light[:, :, ::2] = 0.5
    hue[:, 0, ::2], hue[:, 1, 1::2] = 0.5, 0.5
    assert float(variation_loss(hue)) > 1.5 * float(variation_loss(light))


def test_a_grid_is_seen_and_a_stroke_is_not() -> None:
    torch.manual_seed(1)
    sky = torch.full((1, 3, 224, 224), 0.5) + 0.02 * torch.randn(1, 3, 224, 224)
    grid, stroke = sky.clone(), sky.clone()
    grid[:, :, ::4] += 0.02
    stroke[:, :, 100:103] += 0.3
    ramp = torch.linspace(0, 1, 224).expand(1, 3, 224, 224)
    assert float(grid_loss(ramp)) < 0.001
    assert float(grid_loss(grid)) > 3 * float(grid_loss(sky))
    assert float(grid_loss(stroke)) < float(grid_loss(grid)) / 2  # though it is 15 times as strong
