"""A network's pictures get the mean and the covariance of the painting's colours, by its last layer."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import Tensor

from styles.networks.style_unet import StyleUNet
from styles.training.color_matching import match_colors
from styles.training.dataset import PhotoDataset, load_painting
from styles.training.held_out import photos_in
from styles.training.losses import load_features
from styles.training.recipe import Painting, Recipe
from styles.training.trainer import Trainer
from tests.fakes.styles.training_material import TINY


@pytest.fixture
def trainer(material: Path, tmp_path: Path) -> Trainer:
    paintings = {"wave": Painting(picture=load_painting(material / "wave.png", 48))}
    torch.manual_seed(0)
    features = load_features(material / "features.safetensors")
    return Trainer(paintings, [], features, tmp_path / "run", Recipe(), network=StyleUNet(TINY))


@pytest.fixture
def photos(material: Path) -> list[Path]:
    training, held_out = photos_in(material / "photos")
    return [*held_out, *training]


def colors(trainer: Trainer, photos: list[Path]) -> Tensor:
    """Returns the colours (N, 3) of a picture by the averaged weights."""
    crops = PhotoDataset(photos[:1], 3, Recipe().photo_scale, trainer.underpaintings).batch(0, 1, 256)
    with torch.no_grad(), trainer.learner.averaged():
        return trainer.paint(crops, trainer.rows)[0].flatten(1).T


def painting(mean: list[float], along: list[float]) -> Tensor:
    """Returns a painting (1, 3, 64, 64) whose colours lie along one direction, but for a little."""
    random = torch.Generator().manual_seed(1)
    along_it, any_way = (torch.randn(1, n, 64, 64, generator=random) for n in (1, 3))
    direction, centre = (torch.tensor(part).view(1, 3, 1, 1) for part in (along, mean))
    return (centre + direction * along_it + 0.01 * any_way).clamp(0, 1)


def test_pictures_get_the_mean_and_more_of_the_direction(trainer: Trainer, photos: list[Path]) -> None:
    aim = painting([0.7, 0.45, 0.3], [0.12, 0.0, -0.12])
    before = colors(trainer, photos)
    match_colors(trainer, aim, photos)
    after = colors(trainer, photos)
    wanted = aim[0].flatten(1).T
    assert (after.mean(dim=0) - wanted.mean(dim=0)).abs().max() < 0.05
    assert (before.mean(dim=0) - wanted.mean(dim=0)).abs().max() > 0.1

    def share(pixels: Tensor) -> float:  # of the painting's direction, in all that colours vary
        orange = pixels @ torch.tensor([0.5, 0.0, -0.5])
        return float(orange.var() / pixels.var(dim=0).sum())

    assert share(after) > 1.5 * share(before)


def test_a_lagging_average_is_matched_too(trainer: Trainer, photos: list[Path]) -> None:
    trainer.learner.lag["network.out.bias"][:] = torch.tensor([1.0, 0.0, -1.0])
    aim = painting([0.5, 0.5, 0.5], [0.1, 0.1, 0.1])
    match_colors(trainer, aim, photos)
    assert (colors(trainer, photos).mean(dim=0) - 0.5).abs().max() < 0.05


def test_without_a_readable_photo_nothing_changes(trainer: Trainer, tmp_path: Path) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"no photo")
    before = trainer.network.state_dict()["out.weight"].clone()
    match_colors(trainer, painting([0.9, 0.1, 0.1], [0.1, 0.0, 0.0]), [broken])
    assert torch.equal(trainer.network.state_dict()["out.weight"], before)
