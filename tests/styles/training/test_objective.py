"""What a picture is measured by: its parts, its pieces, and what of a picture counts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor

from styles.training.losses import Features
from styles.training.objective import (
    UNCOMPARED,
    LossWeights,
    Objective,
    Target,
    random_piece,
)


@pytest.fixture(scope="module")
def features() -> Features:
    torch.manual_seed(0)
    return Features()


@pytest.fixture(scope="module")
def objective(features: Features) -> Objective:
    return Objective(features)


@pytest.fixture(scope="module")
def painting() -> Tensor:
    torch.manual_seed(1)
    small = torch.rand(1, 3, 16, 16) ** 2
    return torch.nn.functional.interpolate(small, size=(128, 128), mode="bilinear")


@pytest.fixture(scope="module")
def target(objective: Objective, painting: Tensor) -> Target:
    return objective.target(painting)


def losses(
    objective: Objective, painted: Tensor, photo: Tensor, targets: list[Target], seed: int = 0, **rest: bool
) -> dict[str, float]:
    values = objective.losses(painted, photo, targets, np.random.default_rng(seed), **rest)
    return {name: float(value) for name, value in values.items()}


def test_a_painting_costs_little_and_noise_much(
    objective: Objective, painting: Tensor, target: Target
) -> None:
    same = losses(objective, painting, painting, [target])
    noise = losses(objective, torch.rand(1, 3, 128, 128), painting, [target])
    for part in ("style", "fine", "palette", "variation", "light", "total"):
        assert same[part] < noise[part], part
    assert same["content"] == 0
    assert noise["content"] > 0


def test_the_total_is_the_parts_as_they_count(features: Features, painting: Tensor, target: Target) -> None:
    weights = LossWeights(
        content=2,
        style=3,
        fine=5,
        palette=11,
        light=13,
        variation=17,
        grid=19,
        saturation=23,
        edges=29,
        hue=31,
        tints=37,
    )
    found = losses(Objective(features, weights), torch.rand(1, 3, 128, 128) ** 9, painting, [target])
    style, rest = (
        3 * found["style"] + 5 * found["fine"],
        2 * found["content"] + 11 * found["palette"] + 13 * found["light"],
    )
    pixels = 17 * found["variation"] + 19 * found["grid"] + 23 * found["saturation"]
    structure = 29 * found["edges"] + 31 * found["hue"] + 37 * found["tints"]
    assert found["total"] == pytest.approx(style + rest + pixels + structure, rel=1e-4)


def test_every_layer_looks_at_the_painting(target: Target) -> None:
    assert [len(gram) for gram in target.grams] == [64, 128, 256, 512]


def test_a_weight_multiplies_style_alone_and_not_where_all_are_alike(
    objective: Objective, painting: Tensor, target: Target
) -> None:
    noise = torch.rand(1, 3, 128, 128)
    heavy = replace(target, weight=3.0)
    plain, weighed = (losses(objective, noise, painting, [t]) for t in (target, heavy))
    assert weighed["style"] == pytest.approx(3 * plain["style"], rel=1e-4)
    assert weighed["content"] == plain["content"]
    assert weighed["palette"] == plain["palette"]
    assert losses(objective, noise, painting, [heavy], alike=True) == plain


def test_each_picture_is_compared_with_its_own_painting(
    objective: Objective, painting: Tensor, target: Target
) -> None:
    other = torch.rand(1, 3, 128, 128) ** 3
    targets = [target, objective.target(other)]
    pair = torch.cat([painting, other])
    right = losses(objective, pair, pair, targets)
    wrong = losses(objective, pair, pair, targets[::-1])
    assert right["style"] < 0.1 * wrong["style"]
    assert right["palette"] < 0.1 * wrong["palette"]


def test_the_outermost_pixels_do_not_count_by_themselves(
    objective: Objective, painting: Tensor, target: Target
) -> None:
    framed = painting.clone()
    framed[:, :, :4] = 1
    plain, with_frame = (losses(objective, p, painting, [target]) for p in (painting, framed))
    for part in ("palette", "variation", "light"):
        assert with_frame[part] == plain[part]
    inner = painting.clone()
    inner[:, :, UNCOMPARED : UNCOMPARED + 4] = 1
    assert losses(objective, inner, painting, [target])["palette"] > plain["palette"]


def test_pieces_are_random_and_within_the_picture(
    features: Features, painting: Tensor, target: Target
) -> None:
    small = Objective(features, piece=48)
    photo = torch.rand(1, 3, 128, 160)
    same = [losses(small, photo, photo, [target], seed) for seed in (1, 1, 2)]
    assert same[0] == same[1]
    assert same[0]["style"] != same[2]["style"]
    assert same[0]["palette"] != same[2]["palette"]
    assert same[0]["light"] == same[2]["light"]
    random, seen = np.random.default_rng(0), set()
    for _ in range(200):
        top, left, height, width = random_piece(random, photo, 144, 16)
        assert (top, height, width) == (0, 128, 144)
        seen.add(left)
    assert seen == {0, 16}


def test_a_picture_of_the_least_crop_can_be_measured(objective: Objective, target: Target) -> None:
    picture = torch.rand(1, 3, 64, 64)
    assert all(np.isfinite(v) for v in losses(objective, picture, picture, [target]).values())
