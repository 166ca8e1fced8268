"""Paint one photo like one painting, as well as its minutes allow, by optimising its pixels."""

from __future__ import annotations

import struct
import time
from collections.abc import Callable
from dataclasses import dataclass

from runner.learning.messages import (
    LearningCheckpoint,
    LearningOrder,
    LearningPicture,
    LearningProgress,
    LearningResult,
)
from runner.learning.worker.machine_time import FairClock
from runner.learning.worker.settings import LearnerSettings
from runner.learning.worker.style_learning import (
    PREVIEW_SECONDS,
    SAVE_SECONDS,
    Tell,
    as_painting,
    opened_features,
)
from styles.errors import NotAnImage
from styles.imaging.codec import Pixels, decode, encode
from styles.training.pixel_optimization import paint_like
from styles.training.recipe import Progress

#: Long side of the picture, pixels.
PICTURE_SIDE = 800
#: Seconds of the budget that are used, steps, and whether the picture was still small. Behind them a
#: checkpoint has the picture as PNG.
_HEAD = struct.Struct("<dI?")


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPicture:
    """Hold a picture that is not done, from a process that has died; by default there is none."""

    pixels: Pixels | None = None  #: at the full size
    seconds: float = 0.0  #: of the budget that are used
    steps: int = 0
    is_small: bool = False  #: whether it was in its first, small phase

    def to_bytes(self) -> bytes:
        """Write the checkpoint; nothing without a picture."""
        if self.pixels is None:
            return b""
        return _HEAD.pack(self.seconds, self.steps, self.is_small) + encode(self.pixels, "png")

    @classmethod
    def from_bytes(cls, state: bytes, shape: tuple[int, ...]) -> KeptPicture:
        """Read a checkpoint; no picture where it is empty or of something else."""
        try:
            seconds, steps, is_small = _HEAD.unpack_from(state)
            picture = decode(state[_HEAD.size :])
        except (struct.error, NotAnImage):
            return cls()
        if picture.shape != shape:
            return cls()
        return cls(pixels=picture, seconds=seconds, steps=steps, is_small=is_small)


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
    kept = KeptPicture.from_bytes(state, pixels.shape)
    clock = FairClock(since, settings.threads) if settings.device == "cpu" else time.monotonic
    last = Progress(step=kept.steps)

    def used() -> float:
        return kept.seconds + clock() - since

    def report(progress: Progress) -> None:
        nonlocal last
        last, seconds = progress, used()
        left = max(0.0, 60 * order.minutes - seconds)
        tell(
            LearningProgress(
                phase="training",
                share=progress.share,
                step=progress.step,
                seconds=seconds,
                seconds_left=left,
            )
        )

    def share(_step: int) -> float:
        return min(1.0, used() / (60 * order.minutes))

    previewed = time.monotonic() - PREVIEW_SECONDS
    saved = time.monotonic() - SAVE_SECONDS

    def show(picture: Callable[[], Pixels], is_small: bool) -> None:
        nonlocal previewed, saved
        if time.monotonic() - saved >= SAVE_SECONDS:
            saved = time.monotonic()
            now = KeptPicture(pixels=picture(), seconds=used(), steps=last.step, is_small=is_small)
            tell(LearningCheckpoint(content=now.to_bytes()))
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
        kept=kept.pixels,
        steps=kept.steps,
        is_small=kept.is_small,
    )
    tell(_result(picture, last, used()))


def _result(picture: Pixels, last: Progress, seconds: float) -> LearningResult:
    losses = {name: round(loss, 4) for name, loss in last.losses.items()}
    return LearningResult(content=encode(picture), steps=last.step, minutes=seconds / 60, losses=losses)
