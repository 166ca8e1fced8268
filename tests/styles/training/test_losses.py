"""The losses: nothing for the painting itself, more for what is farther away, and what each one sees."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from torch import Tensor
from torchvision.models import vgg16

from styles.errors import FeaturesUnavailable
from styles.training.losses import (
    TAPS,
    TINT_DIRECTIONS,
    Features,
    content_loss,
    gram,
    load_features,
    palette,
    palette_loss,
    style_loss,
    tint_loss,
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
def grams(features: Features, painting: Tensor) -> list[Tensor]:
    return [gram(a)[0] for a in features(painting)]


def colours(image: Tensor) -> list[Tensor]:
    return [p[0] for p in palette(image)]


def test_the_painting_itself_costs_nothing(features: Features, painting: Tensor, grams: list[Tensor]) -> None:
    assert float(style_loss(features(painting), [grams], ONE)) < 1e-6
    assert float(palette_loss(painting, [colours(painting)])) < 1e-6
    assert float(content_loss(features(painting)[2], features(painting)[2])) == 0


def test_style_does_not_see_where_things_are(
    features: Features, painting: Tensor, grams: list[Tensor]
) -> None:
    mirrored = painting.flip(3)
    other = torch.rand(1, 3, 64, 64) ** 3
    near = style_loss(features(mirrored), [grams], ONE)
    assert float(near) < 0.2 * float(style_loss(features(other), [grams], ONE))


def test_content_is_relative_to_the_photo() -> None:
    photo, painted = torch.ones(2, 4, 2, 2), torch.ones(2, 4, 2, 2)
    painted[:, :, 0] = 2
    assert float(content_loss(painted, photo)) == pytest.approx(0.5)
    assert float(content_loss(10 * painted, 10 * photo)) == pytest.approx(0.5)
    assert float(content_loss(painted, torch.zeros_like(photo))) < 1000  # a black photo


def test_a_weight_counts_for_its_image_alone(features: Features, grams: list[Tensor]) -> None:
    pair = features(torch.cat([torch.rand(1, 3, 32, 32), torch.zeros(1, 3, 32, 32)]))
    costs = [
        float(style_loss(pair, [grams] * 2, torch.tensor(weights)))
        for weights in ([1.0, 0.0], [0.0, 1.0], [1.0, 1.0], [3.0, 0.0])
    ]
    assert costs[2] == pytest.approx(costs[0] + costs[1], rel=1e-4)
    assert costs[3] == pytest.approx(3 * costs[0], rel=1e-4)


def test_the_palette_sees_a_few_bright_pixels_in_a_dark_painting() -> None:
    dark = torch.full((1, 3, 64, 64), 0.2)
    starry = dark.clone()
    starry[:, :2, 16:32, 16:32] = 0.9  # yellow, a sixteenth of the picture
    assert float(palette_loss(dark, [colours(starry)])) > 0.5
    assert float(palette_loss(starry.flip(2), [colours(starry)])) < 0.01  # and not where they are


def test_tints_are_seen_beside_a_light_that_varies_much() -> None:
    shades = torch.linspace(0.1, 0.9, 8).repeat(1, 1, 8, 1)
    light = shades.repeat_interleave(64, 2).repeat_interleave(64, 3).expand(1, 3, 512, 512)
    tint = torch.tensor([0.1, 0.0, -0.1]).view(1, 3, 1, 1)
    half = torch.arange(512)[:, None] % 128 < 64
    both = torch.where(half, light + tint, light - tint)  # reds and blues of the same lights
    wanted = [p[0] for p in palette(both, TINT_DIRECTIONS)]
    assert float(tint_loss(both.flip(2), [wanted])) < 0.05
    assert float(tint_loss(light + tint, [wanted])) > 10 * float(palette_loss(light + tint, [colours(both)]))


def test_features_work_in_the_type_of_their_weights() -> None:
    features = Features()
    features.features.to(torch.bfloat16)
    assert {a.dtype for a in features(torch.rand(1, 3, 32, 32))} == {torch.bfloat16}


def test_the_activations_are_those_of_vgg16_by_torchvisions_names(features: Features) -> None:
    state = features.state_dict()
    with torch.device("meta"):
        published = vgg16(init_weights=False).state_dict()
    assert {key: value.shape for key, value in state.items()} == {key: published[key].shape for key in state}
    photo = torch.rand(1, 3, 48, 64)
    x = ((photo - features.mean) / features.std).contiguous(memory_format=torch.channels_last)
    wanted = []
    for layer in (0, 2, 5, 7, 10, 12, 14, 17, 19, 21):
        x = F.conv2d(x, state[f"features.{layer}.weight"], state[f"features.{layer}.bias"], padding=1).relu()
        if layer in (2, 7, 14, 21):
            wanted.append(x)
            x = F.max_pool2d(x, 2)
    assert all(torch.equal(a, b) for a, b in zip(features(photo), wanted, strict=True))


def test_gram_does_not_depend_on_the_size() -> None:
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
