"""What is told of one picture on its way, and what of its budget is left after a death."""

from __future__ import annotations

import numpy as np
import pytest

from runner.learning.messages import (
    LearningCheckpoint,
    LearningMessage,
    LearningPicture,
    LearningProgress,
    LearningResult,
)
from runner.learning.worker.picture_painting import (
    LEAST_STEPS,
    KeptPicture,
    PictureBudget,
    PictureClocks,
    PictureReporter,
)
from styles.imaging.codec import Pixels, decode
from styles.training.recipe import Progress

SHAPE = (12, 16, 3)


def picture() -> Pixels:
    return np.random.default_rng(1).integers(0, 255, SHAPE, np.uint8)


class Clocks:
    """Clocks that show what they are set to."""

    def __init__(self) -> None:
        self.wall = self.fair = 0.0

    @property
    def both(self) -> PictureClocks:
        return PictureClocks(fair=lambda: self.fair, wall=lambda: self.wall)


def test_a_process_goes_on_with_the_budget_that_the_one_before_has_left() -> None:
    told: list[LearningMessage] = []
    clocks = Clocks()
    budget = PictureBudget(1.0, clocks.both, KeptPicture())
    first = PictureReporter(told.append, budget, clocks.both.wall)
    clocks.wall = 45.0
    first.report(Progress(step=LEAST_STEPS, share=budget.share(LEAST_STEPS)))
    first.show(picture, True)
    progress, checkpoint, preview = told
    assert isinstance(progress, LearningProgress)
    assert isinstance(checkpoint, LearningCheckpoint)
    assert isinstance(preview, LearningPicture)
    assert (progress.share, progress.seconds_left) == (0.75, 15.0)

    kept = KeptPicture.from_bytes(checkpoint.content, SHAPE)
    assert (kept.steps, kept.seconds, kept.is_small) == (LEAST_STEPS, 45.0, True)
    assert kept.pixels is not None
    assert np.array_equal(kept.pixels, picture())
    clocks.wall = 0.0  # another process has begun
    budget = PictureBudget(1.0, clocks.both, kept)
    second = PictureReporter(told.append, budget, clocks.both.wall, kept.steps)
    assert (budget.seconds, budget.share(kept.steps)) == (45.0, 0.75)
    clocks.wall = 20.0
    assert budget.share(kept.steps + 1) == 1.0
    second.finish(picture())
    result = told[-1]
    assert isinstance(result, LearningResult)
    assert (result.steps, result.minutes) == (LEAST_STEPS, 65.0 / 60)
    assert decode(result.content).shape == SHAPE


@pytest.mark.parametrize(
    ("wall", "fair", "step", "is_done"),
    [
        (59.0, 59.0, 500, False),
        (60.0, 8.0, LEAST_STEPS, True),  # on a busy machine, with few steps
        (60.0, 8.0, LEAST_STEPS - 1, False),
        (600.0, 60.0, 3, True),  # which has not had time for these in ten times the minutes
    ],
)
def test_a_person_gets_the_picture_after_its_minutes_on_a_busy_machine_too(
    wall: float, fair: float, step: int, *, is_done: bool
) -> None:
    clocks = Clocks()
    clocks.wall, clocks.fair = wall, fair
    share = PictureBudget(1.0, clocks.both, KeptPicture()).share(step)
    assert (share == 1.0) is is_done


def test_checkpoints_and_previews_come_from_time_to_time() -> None:
    told: list[LearningMessage] = []
    clocks = Clocks()
    reporter = PictureReporter(told.append, PictureBudget(1.0, clocks.both, KeptPicture()), clocks.both.wall)
    for clocks.wall in (1000.0, 1009.0, 1010.0, 1029.0, 1030.0):
        reporter.show(picture, False)
    kinds = [type(each) for each in told]
    assert kinds.count(LearningCheckpoint) == 3  # at 1000, 1010 and 1029
    assert kinds.count(LearningPicture) == 2  # at 1000 and 1030


@pytest.mark.parametrize("state", [b"", b"no checkpoint", KeptPicture(pixels=picture()[:6]).to_bytes()])
def test_without_a_checkpoint_of_this_photo_it_begins_anew(state: bytes) -> None:
    assert KeptPicture.from_bytes(state, SHAPE) == KeptPicture()
