"""Pixels optimised by the losses that networks are trained on."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor
from typer.testing import CliRunner

from styles.cli import app
from styles.imaging.codec import Pixels
from styles.training import pixel_optimization
from styles.training.dataset import to_tensor
from styles.training.losses import load_features
from styles.training.objective import Objective, Target
from styles.training.pixel_optimization import optimize, paint_like, transfer
from styles.training.recipe import Painting, Progress


def smooth(seed: int, height: int, width: int) -> Tensor:
    random = torch.Generator().manual_seed(seed)
    small = torch.rand(1, 3, 6, 8, generator=random)
    return torch.nn.functional.interpolate(small, size=(height, width), mode="bilinear")


def test_a_transfer_has_the_colours_of_the_painting_and_the_light_of_the_photo() -> None:
    photo = smooth(1, 40, 50)
    painting = 0.5 * smooth(2, 30, 30) + torch.tensor([0.5, 0.0, 0.2]).view(1, 3, 1, 1)
    moved = transfer(photo, painting)
    assert moved.shape == photo.shape
    for wanted, found in zip(painting[0].flatten(1), moved[0].flatten(1), strict=True):
        assert float(found.mean()) == pytest.approx(float(wanted.mean()), abs=0.02)
        assert float(found.std()) == pytest.approx(float(wanted.std()), rel=0.15)
    light = torch.corrcoef(torch.stack([photo.mean(1).flatten(), moved.mean(1).flatten()]))[0, 1]
    assert float(light) > 0.5


def test_each_step_is_reported_and_the_loss_falls(material: Path) -> None:
    objective = Objective(load_features(material / "features.safetensors"))
    painting = smooth(2, 48, 48)
    totals: list[float] = []

    def report(progress: Progress) -> None:
        assert progress.step == len(totals) + 1
        assert progress.seconds > 0
        totals.append(progress.losses["total"])

    photo = smooth(1, 50, 70)
    begin = transfer(photo, painting)
    painted = optimize(
        objective, photo, objective.target(painting), begin, report, lambda step: min(1.0, step / 12)
    )
    assert painted.shape == photo.shape
    assert len(totals) == 12
    assert totals[-1] < 0.9 * totals[0]
    assert 0 <= float(painted.min()) < float(painted.max()) <= 1


class Killed(Exception):
    """Ends a painting at one of its steps."""


def test_a_picture_that_is_killed_goes_on_in_its_phase(
    material: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pixel_optimization, "LEAST_COARSE", 32)
    monkeypatch.setattr(pixel_optimization, "LEAST_FULL", 0)
    features = load_features(material / "features.safetensors")
    photo, painting = ((smooth(seed, 48, 64)[0] * 255).byte().permute(1, 2, 0).numpy() for seed in (1, 2))
    seen = Painting(picture=to_tensor(painting))

    def killed(
        after: int, kept: Pixels | None, steps: int, *, is_small: bool
    ) -> list[tuple[int, bool, Pixels]]:
        """Paint `after` steps, and return of each its number, whether it is small, and the picture."""
        told: list[int] = []
        found: list[tuple[int, bool, Pixels]] = []

        def show(picture: Callable[[], Pixels], is_small: bool) -> None:
            found.append((told[-1], is_small, picture()))
            if len(found) == after:
                raise Killed

        def report(progress: Progress) -> None:
            told.append(progress.step)

        with pytest.raises(Killed):
            paint_like(
                photo, seen, features, "cpu", report, lambda step: step / 8, show,
                kept=kept, steps=steps, is_small=is_small,
            )  # fmt: skip
        return found

    (first,) = killed(1, None, 0, is_small=False)
    assert first[:2] == (1, True)
    second, third = killed(2, first[2], 1, is_small=True)
    assert [second[:2], third[:2]] == [(2, True), (3, False)]
    (fourth,) = killed(1, third[2], 3, is_small=False)
    assert fourth[:2] == (4, False)
    for before, after in ((first, second), (third, fourth)):  # from the kept picture, and not from the photo
        assert np.abs(before[2].astype(int) - after[2]).mean() < np.abs(photo.astype(int) - after[2]).mean()


@pytest.mark.parametrize(("steps", "small"), [(8, 8), (80, 20)], ids=["a busy machine", "a quiet one"])
def test_where_there_is_time_for_few_steps_all_of_them_are_small(
    material: Path, monkeypatch: pytest.MonkeyPatch, steps: int, small: int
) -> None:
    monkeypatch.setattr(pixel_optimization, "LEAST_COARSE", 32)
    features = load_features(material / "features.safetensors")
    photo, painting = ((smooth(seed, 48, 64)[0] * 255).byte().permute(1, 2, 0).numpy() for seed in (1, 2))
    shown: list[bool] = []
    painted = paint_like(
        photo,
        Painting(picture=to_tensor(painting)),
        features,
        "cpu",
        lambda _: None,
        lambda step: step / steps,
        lambda _, is_small: shown.append(is_small),
    )
    assert (len(shown), shown.count(True), painted.shape) == (steps, small, photo.shape)


def test_a_step_that_made_it_worse_is_taken_back() -> None:
    class Jumping(Objective):
        """Wants every pixel to be 0.8; once the loss is no number, and once it is a thousand times larger."""

        def __init__(self) -> None:
            self.device, self.totals = torch.device("cpu"), list[float]()

        def losses(self, painted: Tensor, *_: object, **__: object) -> dict[str, Tensor]:
            factor = {5: math.nan, 9: 1000.0}.get(len(self.totals), 1.0)
            total = factor * (painted - 0.8).square().mean()
            self.totals.append(float(total.detach()))
            return {"total": total}

    jumping, photo = Jumping(), smooth(1, 40, 50)
    target = Target(grams=[], fine=[], palette=[], tints=[])
    painted = optimize(jumping, photo, target, photo, lambda _: None, lambda step: step / 30)
    assert jumping.totals[-1] < 0.01 * jumping.totals[0]
    assert float((painted - 0.8).abs().mean()) < 0.05


def typed(material: Path, folder: Path, *options: str) -> tuple[int, str]:
    out = [] if "--out" in options else ["--out", str(folder / "x.png")]
    features = [] if "--features" in options else ["--features", str(material / "features.safetensors")]
    result = CliRunner().invoke(
        app,
        [
            "optimize", str(material / "photos" / "0.png"), "--painting", str(material / "wave.png"),
            "--device", "cpu", "--painting-side", "48", *out, *features, *options,
        ],
    )  # fmt: skip
    return result.exit_code, result.output


def test_a_picture_is_written_at_the_size_of_the_photo(material: Path, tmp_path: Path) -> None:
    code, said = typed(material, tmp_path, "--steps", "2", "--size", "64")
    assert code == 0, said
    with Image.open(tmp_path / "x.png") as picture:
        assert picture.size == (64, 48)
    assert "looking at the painting" in said
    assert "training, step 1" in said
    assert "x.png: 64x48, like wave.png" in said
    first = np.asarray(Image.open(tmp_path / "x.png"))
    typed(material, tmp_path, "--steps", "2", "--size", "64")
    assert np.array_equal(np.asarray(Image.open(tmp_path / "x.png")), first)


def test_minutes_end_it_too(material: Path, tmp_path: Path) -> None:
    code, said = typed(material, tmp_path, "--minutes", "0.01", "--size", "64")
    assert code == 0, said


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--steps", "2", "--minutes", "1"], "not both"),
        (["--features", "wave.png"], "The loss network could not be loaded from"),
        (["--out", "x.tiff"], "should end in"),
        (["--cards", "wave.png"], "is no TOML file"),
        (["--device", "banana"], "is no device"),
    ],
)
def test_what_cannot_be_is_one_sentence(
    material: Path, tmp_path: Path, options: list[str], words: str
) -> None:
    options = [str(material / o) if o == "wave.png" else o for o in options]
    code, said = typed(material, tmp_path, *options)
    assert code == 1
    assert words in " ".join(said.split())
    assert not list(tmp_path.iterdir())


def test_a_photo_may_be_narrow(material: Path, tmp_path: Path) -> None:
    Image.effect_noise((80, 5), 90).convert("RGB").save(tmp_path / "narrow.png")
    features = ["--features", str(material / "features.safetensors"), "--painting-side", "48"]
    arguments = [
        "optimize",
        str(tmp_path / "narrow.png"),
        "--painting",
        str(material / "wave.png"),
        *features,
    ]
    result = CliRunner().invoke(app, [*arguments, "--steps", "2", "--out", str(tmp_path / "x.png")])
    assert result.exit_code == 0, result.output
    with Image.open(tmp_path / "x.png") as picture:
        assert picture.size == (80, 5)
