"""Paint one photo like one painting, as well as its minutes allow, by optimising its pixels."""

from __future__ import annotations

import struct
import time
from collections.abc import Callable

from runner.learning.messages import LearningCheckpoint, LearningOrder, LearningPicture, LearningResult
from runner.learning.worker.machine_time import FairClock
from runner.learning.worker.settings import LearnerSettings
from runner.learning.worker.style_learning import (
    PREVIEW_SECONDS,
    SAVE_SECONDS,
    Tell,
    as_painting,
    how_far,
    opened_features,
)
from styles.errors import NotAnImage
from styles.imaging.codec import Pixels, decode, encode
from styles.training.pixel_optimization import paint_like
from styles.training.recipe import Progress

#: Long side of the picture, pixels.
PICTURE_SIDE = 800


#: Seconds of the budget that are used and steps, before the picture of a checkpoint as PNG.
_HEAD = struct.Struct("<dI")


def checkpoint(picture: Pixels, seconds: float, steps: int) -> bytes:
    """Write a picture that is not done, for the process that goes on with it."""
    return _HEAD.pack(seconds, steps) + encode(picture, "png")


def kept_picture(state: bytes, shape: tuple[int, ...]) -> tuple[Pixels | None, float, int]:
    """Read picture, seconds and steps of a checkpoint; nothing where it is empty or of something else."""
    try:
        seconds, steps = _HEAD.unpack_from(state)
        picture = decode(state[_HEAD.size :])
    except (struct.error, NotAnImage):
        return None, 0.0, 0
    return (picture, seconds, steps) if picture.shape == shape else (None, 0.0, 0)


def paint_picture(
    settings: LearnerSettings,
    order: LearningOrder,
    painting: Pixels,
    photo: bytes,
    state: bytes,
    tell: Tell,
    since: float,
) -> None:
    """Paint the photo, from the checkpoint `state` if there is one; `since` is when the process began.

    Raises `NotAnImage`, `ImageTooLarge`.
    """
    pixels = decode(photo, long_side=PICTURE_SIDE)
    kept, seconds, steps = kept_picture(state, pixels.shape)
    clock = FairClock(since, settings.threads) if settings.device == "cpu" else time.monotonic
    last = Progress(step=steps)

    def used() -> float:
        return seconds + clock() - since

    def report(progress: Progress) -> None:
        nonlocal last
        last = progress
        tell(how_far(progress))

    def share(_step: int) -> float:
        return min(1.0, used() / (60 * order.minutes))

    previewed = time.monotonic() - PREVIEW_SECONDS
    saved = time.monotonic() - SAVE_SECONDS

    def show(picture: Callable[[], Pixels]) -> None:
        nonlocal previewed, saved
        if time.monotonic() - saved >= SAVE_SECONDS:
            saved = time.monotonic()
            tell(LearningCheckpoint(content=checkpoint(picture(), used(), last.step)))
        if time.monotonic() - previewed >= PREVIEW_SECONDS:
            previewed = time.monotonic()
            tell(LearningPicture(what="preview", image=encode(picture())))

    picture = paint_like(
        pixels,
        as_painting(painting),
        opened_features(settings),
        settings.device,
        report,
        share,
        show,
        kept=kept,
        steps=steps,
    )
    tell(
        LearningResult(
            content=encode(picture),
            steps=last.step,
            minutes=used() / 60,
            losses={name: round(loss, 4) for name, loss in last.losses.items()},
        )
    )
