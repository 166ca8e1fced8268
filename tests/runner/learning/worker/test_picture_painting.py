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
from runner.learning.worker.picture_painting import KeptPicture, PictureReporter
from styles.imaging.codec import Pixels, decode
from styles.training.recipe import Progress

SHAPE = (12, 16, 3)


def picture() -> Pixels:
    return np.random.default_rng(1).integers(0, 255, SHAPE, np.uint8)


def test_a_process_goes_on_with_the_budget_that_the_one_before_has_left() -> None:
    told: list[LearningMessage] = []
    now = 0.0
    first = PictureReporter(told.append, lambda: now, 1.0, KeptPicture())
    now = 45.0
    first.report(Progress(step=7, share=first.share(7)))
    first.show(picture, True)
    progress, checkpoint, preview = told
    assert isinstance(progress, LearningProgress)
    assert isinstance(checkpoint, LearningCheckpoint)
    assert isinstance(preview, LearningPicture)
    assert (progress.share, progress.seconds_left) == (0.75, 15.0)

    kept = KeptPicture.from_bytes(checkpoint.content, SHAPE)
    assert (kept.steps, kept.seconds, kept.is_small) == (7, 45.0, True)
    assert kept.pixels is not None
    assert np.array_equal(kept.pixels, picture())
    now = 0.0  # another process has begun
    second = PictureReporter(told.append, lambda: now, 1.0, kept)
    assert (second.seconds, second.share(7)) == (45.0, 0.75)
    now = 20.0
    assert second.share(8) == 1.0
    second.finish(picture())
    result = told[-1]
    assert isinstance(result, LearningResult)
    assert (result.steps, result.minutes) == (7, 65.0 / 60)
    assert decode(result.content).shape == SHAPE


def test_checkpoints_and_previews_come_from_time_to_time() -> None:
    told: list[LearningMessage] = []
    times = [1000.0, 1009.0, 1010.0, 1029.0, 1030.0]
    walls = (each for time in times for each in (time, time))  # for both
    reporter = PictureReporter(told.append, lambda: 0.0, 1.0, KeptPicture(), lambda: next(walls))
    for _ in times:
        reporter.show(picture, False)
    kinds = [type(each) for each in told]
    assert kinds.count(LearningCheckpoint) == 3  # at 1000, 1010 and 1029
    assert kinds.count(LearningPicture) == 2  # at 1000 and 1030


@pytest.mark.parametrize("state", [b"", b"no checkpoint", KeptPicture(pixels=picture()[:6]).to_bytes()])
def test_without_a_checkpoint_of_this_photo_it_begins_anew(state: bytes) -> None:
    assert KeptPicture.from_bytes(state, SHAPE) == KeptPicture()
