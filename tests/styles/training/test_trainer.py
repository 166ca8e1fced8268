"""The trainer: it learns, it resumes where it was, it begins from what it is given."""

from __future__ import annotations

import math
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from styles.errors import BadOption
from styles.formats.architecture import STRIDE
from styles.formats.style_file import StyleFile
from styles.networks.style_unet import StyleUNet
from styles.training.dataset import PhotoDataset, load_painting
from styles.training.held_out import photos_in
from styles.training.losses import load_features
from styles.training.recipe import Painting, Progress, Recipe
from styles.training.starting_styles import begin_nearest, network_of
from styles.training.trainer import PIECES, Trainer
from tests.fakes.styles.style_files import random_style
from tests.fakes.styles.training_material import TINY


def trainer(material: Path, run: Path, base: StyleFile | None = None, **changes: object) -> Trainer:
    recipe = Recipe(**{"steps": 8, "crop": 64, "batch": 2, "photo_scale": (0.2, 0.3), **changes})  # type: ignore[arg-type]
    paintings = {n: Painting(picture=load_painting(material / f"{n}.png", 48)) for n in ("wave", "dots")}
    photos, _ = photos_in(material / "photos")
    features = load_features(material / "features.safetensors")
    torch.manual_seed(recipe.seed)
    network = network_of(base) if base else StyleUNet(TINY)
    return Trainer(paintings, photos, features, run, recipe, network=network)


def quiet(_: Progress) -> None:
    pass


def lowered(one: Trainer, material: Path) -> dict[str, float]:
    """Runs to the end; the held-out loss after it over the one before, by style."""
    _, held_out = photos_in(material / "photos")
    before = one.measure(held_out)
    one.run(quiet)
    after = one.measure(held_out)
    return {name: after[name]["total"] / before[name]["total"] for name in ("wave", "dots")}


def test_training_lowers_the_loss(material: Path, tmp_path: Path) -> None:
    one = trainer(material, tmp_path, steps=80, rate=0.05, row_rate=1e-2)
    shares = lowered(one, material)
    assert all(share < 0.9 for share in shares.values()), shares


def test_learning_fits_the_rows_and_leaves_the_base_alone(material: Path, tmp_path: Path) -> None:
    base = random_style()
    one = trainer(material, tmp_path, base, steps=40, learn=True, row_rate=3e-2)
    assert all(share < 0.95 for share in lowered(one, material).values())
    for name, tensor in one.network.state_dict().items():
        assert torch.equal(tensor, torch.from_numpy(base.network[name].astype("f4")))


def test_a_style_begins_from_the_nearest_row(material: Path, tmp_path: Path) -> None:
    one = trainer(material, tmp_path, random_style())
    random = torch.Generator().manual_seed(3)
    rows = [torch.randn(one.rows.shape[1], generator=random) for _ in range(3)]
    costs = []
    for row in rows:
        begin_nearest(one, "dots", [row])
        assert torch.equal(one.rows[1], row)
        crops = one.photos.for_each(0, 64)[1, None]
        costs.append(float(one.losses(crops, [1], np.random.default_rng(PIECES))["total"].detach()))
    begin_nearest(one, "dots", rows)
    assert torch.equal(one.rows[1], rows[costs.index(min(costs))])
    assert torch.equal(one.rows[0], one.network.neutral_row())


def test_a_painting_that_weighs_more_costs_more(material: Path, tmp_path: Path) -> None:
    one = trainer(material, tmp_path)
    crops = one.photos.batch(0, 2, 64)
    plain = one.losses(crops, [0, 0], np.random.default_rng(0))
    one.targets = [replace(target, weight=2.0) for target in one.targets]
    heavy = one.losses(crops, [0, 0], np.random.default_rng(0))
    assert float(heavy["style"].detach()) == pytest.approx(2 * float(plain["style"].detach()), rel=1e-3)
    assert float(heavy["content"].detach()) == pytest.approx(float(plain["content"].detach()), rel=1e-3)


def test_resuming_is_the_same_as_never_having_stopped(material: Path, tmp_path: Path) -> None:
    whole = trainer(material, tmp_path / "whole")
    whole.run(quiet)
    first = trainer(material, tmp_path / "halves")
    for _ in range(4):
        first.step()
    first.save()
    second = trainer(material, tmp_path / "halves")
    assert second.progress.step == 4
    second.run(quiet)
    assert second.progress.step == whole.progress.step == 8
    assert torch.equal(second.rows, whole.rows)
    for a, b in zip(second.network.parameters(), whole.network.parameters(), strict=True):
        assert torch.equal(a, b)
    moments = whole.learner.moments()
    assert all(torch.equal(tensor, moments[name]) for name, tensor in second.learner.moments().items())


def test_learning_resumes_too(material: Path, tmp_path: Path) -> None:
    first = trainer(material, tmp_path, random_style(), learn=True)
    for _ in range(3):
        first.step()
    first.save()
    second = trainer(material, tmp_path, random_style(), learn=True)
    assert second.progress.step == 3
    assert torch.equal(second.rows, first.rows)
    second.run(quiet)
    assert second.progress.step == 8


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"seed": 9}, "whose base to begin from was"),  # the first network comes from the seed here
        ({"crop": 68}, "whose crop was 64; now it is 68"),
        ({"learn": True}, "whose command was train; now it is learn"),
        ({"steps": 1}, "is not finished"),
    ],
)
def test_a_run_is_gone_on_with_as_it_was_begun(
    material: Path, tmp_path: Path, changes: dict[str, object], words: str
) -> None:
    first = trainer(material, tmp_path)
    first.step()
    first.save()
    with pytest.raises(BadOption, match=words):
        trainer(material, tmp_path, None, **changes)


def test_a_finished_run_is_finished_when_it_is_asked_for_again(material: Path, tmp_path: Path) -> None:
    first = trainer(material, tmp_path, steps=2)
    first.run(quiet)
    assert trainer(material, tmp_path, steps=2).finished
    assert not trainer(material, tmp_path, steps=3).finished


def test_losses_can_be_compared_whatever_the_recipe(material: Path, tmp_path: Path) -> None:
    _, held_out = photos_in(material / "photos")
    one = trainer(material, tmp_path / "one")
    other = trainer(material, tmp_path / "other", crop=80, batch=1, photo_scale=(0.3, 0.4))
    other.photos.seed = 9
    other.targets = [replace(target, weight=2.0) for target in other.targets]
    assert one.measure(held_out) == other.measure(held_out)


def test_every_photo_held_out_is_measured_once(
    material: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = trainer(material, tmp_path)
    files = sorted((material / "photos").iterdir())
    first = one.measure(files[:1])["dots"]["content"]
    alone = one.measure([files[0], files[0]])["dots"]["content"]  # the second is cut at another place
    assert alone != first
    broken = tmp_path / "broken.jpg"
    broken.touch()
    assert one.measure([files[0], broken]) == one.measure(files[:1])
    seen: list[Path] = []
    cut = PhotoDataset.for_each

    def counted(self: PhotoDataset, step: int, crop: int) -> torch.Tensor:
        seen.extend(self.files)
        return cut(self, step, crop)

    monkeypatch.setattr(PhotoDataset, "for_each", counted)
    one.measure(files[:2])
    assert seen == files[:2]


def test_previews_are_painted_on_the_way_and_at_the_end(material: Path, tmp_path: Path) -> None:
    previews: list[int] = []
    one = trainer(material, tmp_path, steps=3)
    one.run(quiet, preview=lambda run: previews.append(run.progress.step), preview_seconds=0)
    assert previews == [1, 2, 3, 3]


def test_the_first_step_is_saved_at_once(material: Path, tmp_path: Path) -> None:
    saved: list[int] = []
    one = trainer(material, tmp_path, steps=3)
    one.run(quiet, save=lambda run: saved.append(run.progress.step), save_seconds=3600)
    assert saved == [1, 3]


def test_a_step_whose_gradient_is_not_finite_is_dropped(material: Path, tmp_path: Path) -> None:
    one = trainer(material, tmp_path)
    one.targets[0].grams[1][0].fill_(float("nan"))
    before = [p.detach().clone() for p in one.network.parameters()]
    one.step()
    assert one.progress.dropped == 1
    assert all(torch.equal(a, b) for a, b in zip(before, one.network.parameters(), strict=True))


def test_losses_are_measured_of_the_average(material: Path, tmp_path: Path) -> None:
    one = trainer(material, tmp_path)
    _, held_out = photos_in(material / "photos")
    before = one.measure(held_out)
    one.learner.lag["network.out.bias"] += 3  # nearly white
    white = one.measure(held_out)
    assert all(white[name]["light"] != before[name]["light"] for name in before)
    one.learner.lag["network.out.bias"].zero_()
    assert one.measure(held_out) == before


def test_learning_makes_crops_smaller_where_the_minutes_do_not_suffice(
    material: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def smaller(crop: int, step_seconds: float, seconds_left: float) -> int:
        assert step_seconds > 0
        assert seconds_left < 6000
        asked.append(crop)
        return 64

    monkeypatch.setattr("styles.training.budget.crop_for", smaller)
    first = trainer(material, tmp_path, random_style(), learn=True, crop=80, steps=None, minutes=100.0)
    for _ in range(5):
        first.step()
    assert asked == [80]
    assert first.progress.crop == 64
    first.save()
    second = trainer(material, tmp_path, random_style(), learn=True, crop=80, steps=None, minutes=100.0)
    assert second.progress.crop == 64
    second.step()
    assert asked == [80]


def test_training_keeps_its_crops_and_steps_know_no_minutes(
    material: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("styles.training.budget.crop_for", lambda *_: 16)
    whole = trainer(material, tmp_path / "a", crop=80, steps=None, minutes=100.0)
    by_steps = trainer(material, tmp_path / "b", random_style(), learn=True, crop=80)
    for one in (whole, by_steps):
        for _ in range(4):
            one.step()
        assert one.progress.crop == 80
    assert whole.progress.reserve > 0
    assert by_steps.progress.reserve == 0


def test_the_budget_counts_from_when_it_is_told(material: Path, tmp_path: Path) -> None:
    paintings = {"wave": Painting(picture=load_painting(material / "wave.png", 48))}
    photos, _ = photos_in(material / "photos")
    features = load_features(material / "features.safetensors")
    recipe = Recipe(crop=64, minutes=60.0, photo_scale=(0.2, 0.3))
    since = time.monotonic() - 1800
    one = Trainer(
        paintings, photos, features, tmp_path, recipe, network=StyleUNet(TINY), held_out=4, since=since
    )
    one.step()
    assert one.progress.seconds >= 1800
    assert 0.5 < one.progress.share < 0.9
    assert one.progress.photos == 4


def test_a_run_pauses_and_saves(material: Path, tmp_path: Path) -> None:
    one = trainer(material, tmp_path)
    one.run(quiet, pause_seconds=0)
    assert one.progress.step == 0
    assert trainer(material, tmp_path).progress.step == 0
    assert (tmp_path / "state.safetensors").exists()


def test_a_run_without_finite_gradients_ends(
    material: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("styles.training.trainer.MOST_DROPPED", 3)
    one = trainer(material, tmp_path, steps=20)
    gram = one.targets[0].grams[1][0]
    good = gram.clone()
    for _ in range(2):
        for value in (math.nan, math.nan, good):  # two in a row are only counted
            gram.copy_(torch.as_tensor(value))
            one.step()
    assert one.progress.dropped == 4
    gram.fill_(math.nan)
    with pytest.raises(BadOption, match="3 steps in a row had no finite gradient"):
        one.run(quiet)
    assert one.progress.step == 8


def test_a_painting_of_one_colour_has_finite_losses(material: Path, tmp_path: Path) -> None:
    paintings = {"flat": Painting(picture=torch.full((1, 3, 48, 48), 0.5))}
    photos, held_out = photos_in(material / "photos")
    features = load_features(material / "features.safetensors")
    one = Trainer(
        paintings,
        photos,
        features,
        tmp_path,
        Recipe(crop=64, photo_scale=(0.2, 0.3)),
        network=StyleUNet(TINY),
    )
    assert math.isfinite(one.measure(held_out)["flat"]["total"])
    one.step()
    assert one.progress.dropped == 0


def test_every_style_is_seen_equally_often(
    material: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = trainer(material, tmp_path, batch=3)
    seen: list[int] = []
    losses = one.losses

    def noted(
        photos: torch.Tensor, styles: list[int], pieces: np.random.Generator
    ) -> dict[str, torch.Tensor]:
        seen.extend(styles)
        return losses(photos, styles, pieces)

    monkeypatch.setattr(one, "losses", noted)
    for _ in range(4):
        one.step()
    assert seen.count(0) == seen.count(1) == 6


@pytest.mark.parametrize("crop", [64, 65, 79, 512])
def test_crops_fit_the_network_all_the_way(crop: int) -> None:
    assert Recipe(crop=crop).side == crop // STRIDE * STRIDE


def test_the_rate_rises_and_is_run_down() -> None:
    recipe = Recipe()
    assert recipe.rate_factor(0, 0.0) == pytest.approx(1 / 50)
    assert recipe.rate_factor(49, 0.0) == 1
    assert recipe.rate_factor(10_000, 0.5) == pytest.approx(0.505)
    assert recipe.rate_factor(10_000, 1.0) == pytest.approx(recipe.final_rate)
