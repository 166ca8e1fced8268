"""The trainer: it learns, it resumes where it was, it begins from what it is given."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from styles.architecture import MARGIN
from styles.checkpoint import StyleFile
from styles.errors import BadOption
from styles.losses import load_features
from styles.network import StyleNet
from styles.photos import load_painting, photos_in
from styles.recipe import Painting, Progress, Recipe
from styles.train import Trainer, network_of
from tests.fakes.style_files import random_style
from tests.styles.material import TINY


def trainer(material: Path, run: Path, base: StyleFile | None = None, **changes: object) -> Trainer:
    recipe = Recipe(**{"steps": 8, "crop": 32, "batch": 2, **changes})  # type: ignore[arg-type]
    paintings = {n: Painting(picture=load_painting(material / f"{n}.png", 48)) for n in ("wave", "dots")}
    photos, _ = photos_in(material / "photos")
    features = load_features(material / "features.safetensors")
    torch.manual_seed(recipe.seed)
    network = network_of(base) if base else StyleNet(TINY)
    return Trainer(paintings, photos, features, run, recipe, network=network)


def quiet(_: Progress) -> None:
    pass


def test_training_lowers_the_loss(material: Path, tmp_path: Path) -> None:
    one = trainer(material, tmp_path, steps=40, rate=1e-2, row_rate=1e-2)
    _, held_out = photos_in(material / "photos")
    before = one.measure(held_out)
    one.run(quiet)
    after = one.measure(held_out)
    for name in ("wave", "dots"):
        assert after[name]["total"] < before[name]["total"] * 0.9


def test_learning_fits_the_rows_and_leaves_the_base_alone(material: Path, tmp_path: Path) -> None:
    base = random_style()
    one = trainer(material, tmp_path, base, steps=40, learn=True, row_rate=3e-2)
    _, held_out = photos_in(material / "photos")
    before = one.measure(held_out)
    one.run(quiet)
    after = one.measure(held_out)
    for name in ("wave", "dots"):
        assert after[name]["total"] < before[name]["total"] * 0.95
    for name, tensor in one.network.state_dict().items():
        assert torch.equal(tensor, torch.from_numpy(base.network[name].astype("f4")))


def test_a_style_begins_from_the_nearest_row(material: Path, tmp_path: Path) -> None:
    one = trainer(material, tmp_path, random_style())
    random = torch.Generator().manual_seed(3)
    rows = [torch.randn(one.rows.shape[1], generator=random) for _ in range(3)]
    costs = []
    for row in rows:
        one.begin_nearest("dots", [row])
        assert torch.equal(one.rows[1], row)
        costs.append(float(one.losses(*one.photos.batch(0, 2, 32 + 2 * MARGIN), [1, 1])["total"].detach()))
    one.begin_nearest("dots", rows)
    assert torch.equal(one.rows[1], rows[costs.index(min(costs))])
    assert torch.equal(one.rows[0], one.network.neutral_row())


def test_a_painting_that_weighs_more_costs_more(material: Path, tmp_path: Path) -> None:
    one = trainer(material, tmp_path)
    batch = one.photos.batch(0, 2, 32 + 2 * MARGIN)
    plain = one.losses(*batch, [0, 0])
    one.targets = [type(t)(full=t.full, half=t.half, palette=t.palette, weight=2.0) for t in one.targets]
    heavy = one.losses(*batch, [0, 0])
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
    assert torch.allclose(second.rows, whole.rows, atol=1e-5)
    for a, b in zip(second.network.parameters(), whole.network.parameters(), strict=True):
        assert torch.allclose(a, b, atol=1e-5)


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


def test_a_run_of_other_paintings_is_not_resumed(material: Path, tmp_path: Path) -> None:
    trainer(material, tmp_path).save()
    paintings = {"other": Painting(picture=load_painting(material / "wave.png", 48))}
    features = load_features(material / "features.safetensors")
    with pytest.raises(BadOption, match=r"other paintings \(wave, dots\)"):
        Trainer(paintings, [], features, tmp_path, Recipe(), network=StyleNet(TINY))


def test_a_step_whose_gradient_is_not_finite_is_dropped(material: Path, tmp_path: Path) -> None:
    one = trainer(material, tmp_path)
    one.targets[0].full[0].fill_(float("nan"))
    before = [p.detach().clone() for p in one.network.parameters()]
    one.step()
    assert one.progress.dropped == 1
    assert all(torch.equal(a, b) for a, b in zip(before, one.network.parameters(), strict=True))


def test_every_style_is_seen_equally_often(material: Path, tmp_path: Path) -> None:
    one = trainer(material, tmp_path, batch=3)
    seen = [style for step in range(4) for style in one._styles(step)]
    assert seen.count(0) == seen.count(1) == 6
