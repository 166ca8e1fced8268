"""One spec, from files to files: what it begins from, what it says, what it writes down."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from styles.errors import BadOption
from styles.formats import style_file
from styles.training.checkpoint import TrainingCheckpoint, locked
from styles.training.dataset import load_painting
from styles.training.recipe import Progress, Recipe
from styles.training.run import TrainingRun, as_typed, by_name, log_line, style_name, train
from tests.fakes.styles.style_files import make_shipped, random_style


@pytest.fixture
def spec(material: Path, tmp_path: Path) -> TrainingRun:
    """Learns wave on the base of one style, in a step."""
    make_shipped(tmp_path / "start", "old")
    return TrainingRun(
        paintings={"wave": material / "wave.png"},
        photos=material / "photos",
        run=tmp_path / "run",
        out=tmp_path / "out",
        recipe=Recipe(steps=1, crop=64, batch=1, learn=True, row_rate=1e-2),
        start=tmp_path / "start",
        features=material / "features.safetensors",
        painting_side=48,
    )


def sit(spec: TrainingRun) -> tuple[list[str], list[tuple[int, str]]]:
    """What was said, and at which steps what was reported."""
    said: list[str] = []
    reported: list[tuple[int, str]] = []
    train(spec, lambda progress: reported.append((progress.step, progress.doing)), said.append)
    return said, reported


def card(spec: TrainingRun) -> str:
    return style_file.shipped(spec.out)[0].card.trained


def test_it_is_told_what_is_done_after_the_last_step(spec: TrainingRun) -> None:
    said, reported = sit(spec)
    assert said == []
    phases = [(0, "reading the photos"), (0, "looking at the painting")]
    assert reported == [*phases, (1, "training"), (1, "measuring"), (1, "writing")]


def test_a_finished_run_writes_its_styles_again_and_says_so(spec: TrainingRun) -> None:
    sit(spec)
    state, style = spec.run / "state.safetensors", spec.out / "wave" / "weights.safetensors"
    before = state.read_bytes(), style.read_bytes()
    style.unlink()
    said, reported = sit(replace(spec, facts={"artist": "A"}))
    assert (state.read_bytes(), style.read_bytes()) == before
    assert style_file.shipped(spec.out)[0].card.artist == "A"
    assert "is finished" in said[0]
    assert "is replaced" in said[1]
    assert (1, "training") not in reported


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"style_weight": 3.0}, "whose style weight of wave was 1.0; now it is 3.0"),
        ({"painting_side": 64}, "whose picture of wave"),
        ({"start": None}, "whose base to begin from"),
    ],
)
def test_a_run_of_something_else_is_refused(
    spec: TrainingRun, changes: dict[str, object], words: str
) -> None:
    sit(spec)
    with pytest.raises(BadOption, match=words):
        sit(replace(spec, **changes))  # type: ignore[arg-type]


def test_another_picture_of_the_same_name_is_refused(spec: TrainingRun, material: Path) -> None:
    sit(spec)
    with pytest.raises(BadOption, match="whose picture of wave"):
        sit(replace(spec, paintings={"wave": material / "dots.png"}))


def test_a_row_is_learnt_from_the_painting_as_it_is(spec: TrainingRun) -> None:
    whole = replace(spec, recipe=replace(spec.recipe, learn=False))
    as_it_is = load_painting(spec.paintings["wave"], 48)
    assert torch.allclose(spec.painting("wave").picture, as_it_is, atol=0.003)
    assert not torch.allclose(whole.painting("wave").picture, as_it_is, atol=0.003)


def test_a_painting_alone_is_trained_with_the_weights_of_its_card(spec: TrainingRun, tmp_path: Path) -> None:
    cards = tmp_path / "cards.toml"
    cards.write_text("[wave]\nlosses = { content = 0.25, tints = 2 }\n", encoding="utf-8")
    alone = replace(spec, cards=cards, recipe=replace(spec.recipe, learn=False))
    painting = alone.painting("wave")
    weights = alone.recipe.weighed([painting]).weights
    assert (weights.content, weights.tints, weights.style) == (0.25, 2, spec.recipe.weights.style)
    assert alone.recipe.weighed([painting, painting]) == alone.recipe
    assert spec.recipe.weighed([painting]) == spec.recipe


def test_a_run_does_not_outlive_its_base(spec: TrainingRun, tmp_path: Path) -> None:
    sit(spec)
    make_shipped(tmp_path / "other", "old", base_seed=1)
    with pytest.raises(BadOption, match="whose base to begin from"):
        sit(replace(spec, start=tmp_path / "other"))


def test_nothing_is_trained_for_where_nothing_can_be_written(spec: TrainingRun) -> None:
    spec.out.touch()
    with pytest.raises(BadOption, match="cannot be written"):
        sit(spec)
    assert not spec.run.exists()


def test_two_do_not_train_one_run(spec: TrainingRun) -> None:
    with locked(spec.run), pytest.raises(BadOption, match="already"):
        sit(spec)


def test_the_base_that_most_styles_share_is_begun_from(spec: TrainingRun) -> None:
    assert spec.start
    make_shipped(spec.start, "a", base_seed=1)
    make_shipped(spec.start, "z", seed=2)
    said, _ = sit(spec)
    assert style_file.shipped(spec.out)[0].card.base == random_style().base
    assert len(said) == 1
    assert said[0].startswith("Of 2 bases")
    assert said[0].endswith("that of old, z.")


def test_where_no_base_has_the_most_styles_one_must_be_named(spec: TrainingRun) -> None:
    assert spec.start
    make_shipped(spec.start, "a", base_seed=1)
    with pytest.raises(BadOption, match=r"on one are a, on another old.*--start"):
        sit(spec)


def test_dropped_steps_are_on_the_card(spec: TrainingRun) -> None:
    sit(spec)
    assert ": 1 steps of 1 crops of 64 pixels" in card(spec)
    state = TrainingCheckpoint.read(spec.run / "state.safetensors")
    replace(state, progress={**state.progress, "dropped": 7}).write()
    sit(spec)
    assert ": 1 steps (7 of them dropped) of 1 crops" in card(spec)


def test_the_log_has_each_step_once_and_is_json(spec: TrainingRun) -> None:
    spec.run.mkdir()
    (spec.run / "log.jsonl").write_text('{"step": 20}\n{"step": 40}\n')  # of a run that was never saved
    sit(replace(spec, recipe=replace(spec.recipe, steps=20)))
    lines = (spec.run / "log.jsonl").read_text().splitlines()
    assert [json.loads(line)["step"] for line in lines] == [20]
    assert "total" in json.loads(lines[0])


def test_a_line_of_the_log_has_no_nan_and_says_what_was_dropped() -> None:
    line = log_line(Progress(step=20, dropped=2, losses={"total": math.nan, "style": math.inf, "light": 0.5}))
    assert json.loads(line) == {
        "step": 20, "seconds": 0.0, "total": None, "style": None, "light": 0.5, "dropped": 2
    }  # fmt: skip
    assert "dropped" not in log_line(Progress())


def test_the_command_on_the_card_names_no_folders(spec: TrainingRun, tmp_path: Path) -> None:
    s = replace(spec, cards=Path("my/cards.toml"), out=Path())
    arguments = [
        "learn", str(s.paintings["wave"]), "--title", "Black/White", f"--photos={s.photos}",
        "--run", str(s.run), "--cards", "./my/cards.toml", "--artist", "A=B/C", "--year=1/2", "--out", ".",
    ]  # fmt: skip
    assert as_typed(arguments, s) == (
        "styles learn wave.png --title Black/White --photos=photos --run run "
        "--cards cards.toml --artist A=B/C --year=1/2 --out ."
    )


def test_two_paintings_of_one_name_are_refused() -> None:
    assert by_name([Path("a/The Wave.png"), Path("dots.png")]).keys() == {"the-wave", "dots"}
    with pytest.raises(BadOption, match=r"a/The Wave\.png and b/the_wave\.jpg would both be the-wave"):
        by_name([Path("a/The Wave.png"), Path("b/the_wave.jpg")])


def test_a_name_is_what_people_will_write() -> None:
    assert style_name("The Scream (1893)") == "the-scream-1893"
    assert style_name("IMG_0042") == "img-0042"


@pytest.mark.parametrize(("measured", "words"), [(1, ", on 1 of 2 photos"), (2, "")])
def test_a_card_says_on_how_many_photos_a_short_budget_was_measured(
    spec: TrainingRun, monkeypatch: pytest.MonkeyPatch, measured: int, words: str
) -> None:
    monkeypatch.setattr("styles.training.held_out.HELD_OUT_EVERY", 2)
    monkeypatch.setattr("styles.training.budget.photos_to_measure", lambda *_: measured)
    sit(replace(spec, recipe=replace(spec.recipe, steps=None, minutes=1e-6)))
    assert card(spec).endswith(words)
    assert (", on " in card(spec)) == bool(words)
    assert ": 1 steps of 1 crops of 64 pixels" in card(spec)
