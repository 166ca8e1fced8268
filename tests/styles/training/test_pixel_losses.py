"""Losses on pixels: nothing for the photo itself, and what each one sees."""

from __future__ import annotations

import pytest
import torch

from styles.training.pixel_losses import (
    EDGE_SQUARE,
    grid_loss,
    hue_loss,
    light_loss,
    saturation_loss,
    variation_loss,
)


def test_variation_is_the_mean_step_between_neighbours() -> None:
    stripes = torch.zeros(1, 3, 4, 4)
    stripes[:, :, ::2] = 1
    assert float(variation_loss(stripes)) == pytest.approx(1.0, abs=1e-3)


def test_a_slanting_edge_costs_as_much_as_an_upright_one() -> None:
    across = torch.linspace(0, 1, 32).expand(1, 3, 32, 32)
    slanting = (across + across.mT) / 2**0.5
    assert float(variation_loss(slanting)) == pytest.approx(float(variation_loss(across)), rel=0.01)


def test_light_sees_where_it_is_light_and_not_the_colour() -> None:
    photo = torch.zeros(1, 3, 64, 64)
    photo[:, :, :, 24:] = 0.8
    blue = torch.zeros(1, 3, 64, 64)
    blue[:, 2, :, 24:] = 0.5
    assert float(light_loss(photo, photo)) < 0.02
    assert float(light_loss(blue, photo)) < 0.05
    assert float(light_loss(1 - photo, photo)) > 1.9
    assert float(light_loss(torch.full((1, 3, 64, 64), 0.5), photo)) == pytest.approx(1.0, abs=0.05)


def test_light_sees_a_small_face_and_leaves_the_sky_to_the_brush() -> None:
    photo = torch.full((1, 3, 128, 128), 0.6)
    photo[:, :, 64:] = 0.1  # earth
    photo[:, :, 80:120, 80:120] = 0.4  # a face
    photo[:, :, 88:96, 88:96] = 0.1  # an eye
    no_eye, stroke = photo.clone(), photo.clone()
    no_eye[:, :, 88:96, 88:96] = 0.4  # both differ by 0.3 in one square
    stroke[:, :, 8:16, 8:16] = 0.3
    assert float(light_loss(no_eye, photo)) > float(light_loss(stroke, photo))


def test_edges_see_an_antenna_that_light_does_not() -> None:
    sky = torch.full((1, 3, 128, 128), 0.7)
    sky[:, :, 64:] = 0.1  # a roof
    antenna = sky.clone()
    antenna[:, :, 32:64, 64:66] = 0.3
    assert float(light_loss(sky, antenna, EDGE_SQUARE)) > 2 * float(light_loss(sky, antenna))


def test_a_step_of_hue_costs_more_than_one_of_light() -> None:
    light, hue = torch.zeros(1, 3, 8, 8), torch.zeros(1, 3, 8, 8)
    light[:, :, ::2] = 0.5
    hue[:, 0, ::2], hue[:, 1, 1::2] = 0.5, 0.5
    assert float(variation_loss(hue)) > 1.5 * float(variation_loss(light))


def test_hue_sees_a_red_house_before_a_blue_sky_and_not_how_light_they_are() -> None:
    photo = torch.tensor([0.3, 0.5, 0.9])[None, :, None, None].repeat(1, 1, 64, 64)
    photo[:, :, :, 28:] = torch.tensor([0.8, 0.4, 0.3])[:, None, None]
    darker = photo * 0.5
    grey = photo.mean(dim=1, keepdim=True).expand_as(photo)
    assert float(hue_loss(darker, photo)) < 0.05
    assert float(hue_loss(grey, photo)) == pytest.approx(1.0, abs=0.05)
    assert float(hue_loss(photo.flip(1), photo)) > 1.5  # a blue house before a red sky


@pytest.mark.parametrize("period", [4, 8])
def test_a_grid_is_seen_and_a_stroke_is_not(period: int) -> None:
    torch.manual_seed(1)
    sky = torch.full((1, 3, 232, 224), 0.5) + 0.02 * torch.randn(1, 3, 232, 224)
    grid, stroke = sky.clone(), sky.clone()
    grid[:, :, ::period] += 0.04
    stroke[:, :, 100:103] += 0.3
    ramp = torch.linspace(0, 1, 224).expand(1, 3, 232, 224)
    assert float(grid_loss(ramp)) < 0.003
    assert float(grid_loss(grid)) > 3 * float(grid_loss(sky))
    assert float(grid_loss(stroke)) < float(grid_loss(grid))  # though it is many times as strong


def test_a_weave_is_seen_that_is_no_grid_over_the_whole_picture() -> None:
    torch.manual_seed(1)
    sky = torch.full((1, 3, 232, 224), 0.5) + 0.01 * torch.randn(1, 3, 232, 224)
    weave = sky.clone()
    weave[:, :, :, 0:112:2] += 0.04
    weave[:, :, :, 113::2] += 0.04
    assert float(grid_loss(weave)) > 3 * float(grid_loss(sky))


def test_black_is_left_by_a_gradient_that_the_logistic_function_has_not() -> None:
    sums = torch.full((1, 3, 8, 8), -9.0, requires_grad=True)
    saturation_loss(torch.sigmoid(sums)).backward()  # type: ignore[no-untyped-call]
    assert sums.grad is not None
    assert float(sums.grad.sum()) == pytest.approx(-11, rel=0.01)  # twice the 5.5 beyond the bound
    assert float(saturation_loss(torch.full((1, 3, 8, 8), 0.03))) == 0
    assert float(saturation_loss(torch.zeros(1, 3, 8, 8))) > 0
