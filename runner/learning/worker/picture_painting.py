"""Paint one photo like one painting, as well as its minutes allow, by optimising its pixels."""

from __future__ import annotations

import math
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
from runner.learning.worker.machine_time import Clock
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


class _Rhythm:
    """Say once in some seconds that something is due, at first at once."""

    def __init__(self, seconds: float, wall: Clock) -> None:
        self._seconds, self._wall, self._last = seconds, wall, -math.inf

    def is_due(self) -> bool:
        now = self._wall()
        if now - self._last < self._seconds:
            return False
        self._last = now
        return True


class PictureReporter:
    """Tell how far a picture is, with checkpoints and previews, and how much of its budget is used."""

    def __init__(
        self, tell: Tell, clock: Clock, minutes: float, kept: KeptPicture, wall: Clock = time.monotonic
    ) -> None:
        """Go on from what is `kept`, within a budget of `minutes`; `clock` began with the process."""
        self._tell, self._clock, self._before = tell, clock, kept.seconds
        self._budget = 60 * minutes
        self._last = Progress(step=kept.steps)
        self._saving, self._previewing = _Rhythm(SAVE_SECONDS, wall), _Rhythm(PREVIEW_SECONDS, wall)

    @property
    def seconds(self) -> float:
        """Seconds of the budget that are used, also by a process that has died."""
        return self._before + self._clock()

    def share(self, _step: int) -> float:
        """Return the part of the budget that is used."""
        return min(1.0, self.seconds / self._budget)

    def report(self, progress: Progress) -> None:
        """Tell how far the picture is."""
        self._last, seconds = progress, self.seconds
        self._tell(
            LearningProgress(
                phase="training",
                share=progress.share,
                step=progress.step,
                seconds=seconds,
                seconds_left=max(0.0, self._budget - seconds),
            )
        )

    def show(self, picture: Callable[[], Pixels], is_small: bool) -> None:
        """Send the picture so far as a checkpoint and as a preview, where these are due."""
        if self._saving.is_due():
            now = KeptPicture(
                pixels=picture(), seconds=self.seconds, steps=self._last.step, is_small=is_small
            )
            self._tell(LearningCheckpoint(content=now.to_bytes()))
        if self._previewing.is_due():
            self._tell(LearningPicture(what="preview", image=encode(picture())))

    def finish(self, picture: Pixels) -> None:
        """Send the finished picture."""
        losses = {name: round(loss, 4) for name, loss in self._last.losses.items()}
        self._tell(
            LearningResult(
                content=encode(picture), steps=self._last.step, minutes=self.seconds / 60, losses=losses
            )
        )


def paint_picture(
    settings: LearnerSettings,
    order: LearningOrder,
    painting: Pixels,
    photo: bytes,
    state: bytes,
    tell: Tell,
    clock: Clock,
) -> None:
    """Paint the photo, from the checkpoint `state` if there is one; `clock` began with the process.

    Raises `NotAnImage`, `ImageTooLarge`.
    """
    pixels = decode(photo, long_side=PICTURE_SIDE)
    kept = KeptPicture.from_bytes(state, pixels.shape)
    reporter = PictureReporter(tell, clock, order.minutes, kept)
    picture = paint_like(
        pixels,
        as_painting(painting),
        opened_features(settings),
        settings.device,
        reporter.report,
        reporter.share,
        reporter.show,
        kept=kept.pixels,
        steps=kept.steps,
        is_small=kept.is_small,
    )
    reporter.finish(picture)
