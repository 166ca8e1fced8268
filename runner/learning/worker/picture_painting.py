"""Paint one photo like one painting, as well as its minutes allow, by optimising its pixels."""

from __future__ import annotations

import time
from collections.abc import Callable

from runner.learning.messages import LearningOrder, LearningPicture, LearningResult
from runner.learning.worker.machine_time import FairClock
from runner.learning.worker.settings import LearnerSettings
from runner.learning.worker.style_learning import PREVIEW_SECONDS, Tell, as_painting, how_far, opened_features
from styles.imaging.codec import Pixels, decode, encode
from styles.learning_errors import PaintingTooSmall
from styles.training.pixel_optimization import paint_like
from styles.training.recipe import Progress

#: Long side of the picture, pixels.
PICTURE_SIDE = 800
#: Least short side of a photo at that size, pixels: a mirrored margin must fit.
LEAST_SIDE = 32


def paint_picture(
    settings: LearnerSettings,
    order: LearningOrder,
    painting: Pixels,
    photo: bytes,
    tell: Tell,
    since: float,
) -> None:
    """Paint the photo; `since` is when the process began. Raises `NotAnImage`, `ImageTooLarge`."""
    pixels = decode(photo, long_side=PICTURE_SIDE)
    if min(pixels.shape[:2]) < LEAST_SIDE:
        raise PaintingTooSmall("the photo")
    clock = FairClock(since, settings.threads) if settings.device == "cpu" else time.monotonic
    last = Progress()

    def report(progress: Progress) -> None:
        nonlocal last
        last = progress
        tell(how_far(progress))

    def share(_step: int) -> float:
        return min(1.0, (clock() - since) / (60 * order.minutes))

    previewed = time.monotonic() - PREVIEW_SECONDS

    def show(picture: Callable[[], Pixels]) -> None:
        nonlocal previewed
        if time.monotonic() - previewed >= PREVIEW_SECONDS:
            previewed = time.monotonic()
            tell(LearningPicture(what="preview", image=encode(picture())))

    features = opened_features(settings)
    picture = paint_like(pixels, as_painting(painting), features, settings.device, report, share, show)
    tell(
        LearningResult(
            content=encode(picture),
            steps=last.step,
            minutes=(clock() - since) / 60,
            losses={name: round(loss, 4) for name, loss in last.losses.items()},
        )
    )
