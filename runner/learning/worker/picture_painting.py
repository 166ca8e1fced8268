"""Paint one photo like one painting, as well as its minutes allow, by optimising its pixels.

A person waits for it, and it is worth something from its first step on. So unlike a style it is done after
its minutes on a busy machine too, with fewer steps. `LEAST_STEPS` are taken in any case.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

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
#: Steps before which it is not done, though its minutes are over. Of 451x300 pixels 14 gave a picture with
#: coloured noise at its edges, 45 one without.
LEAST_STEPS = 12
#: Most of the budget that is said to be used while these are missing.
NEARLY = 0.99
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


class PictureClocks(NamedTuple):
    """Count seconds since the process began."""

    fair: Clock  #: those for which the machine had time, see `machine_time.py`
    wall: Clock  #: all of them


class PictureBudget:
    """Tell how much of a picture's minutes is used, by this process and those before it."""

    def __init__(self, minutes: float, clocks: PictureClocks, kept: KeptPicture) -> None:
        self._budget, self._clocks, self._before = 60 * minutes, clocks, kept.seconds

    @property
    def seconds(self) -> float:
        """Seconds that are used."""
        return self._before + self._clocks.wall()

    @property
    def seconds_left(self) -> float:
        """Seconds that are left."""
        return max(0.0, self._budget - self.seconds)

    def share(self, step: int) -> float:
        """Return the part that is used after so many steps; 1: the picture is done."""
        used = self.seconds / self._budget
        if used >= 1.0 and (step >= LEAST_STEPS or self._clocks.fair() >= self._budget):
            return 1.0
        return min(NEARLY, used)


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
    """Tell how far a picture is, with checkpoints and previews."""

    def __init__(self, tell: Tell, budget: PictureBudget, wall: Clock, steps: int = 0) -> None:
        """Go on after `steps` of a process that has died; `wall` counts the seconds between two tellings."""
        self._tell, self._budget = tell, budget
        self._last = Progress(step=steps)
        self._saving, self._previewing = _Rhythm(SAVE_SECONDS, wall), _Rhythm(PREVIEW_SECONDS, wall)

    def report(self, progress: Progress) -> None:
        """Tell how far the picture is."""
        self._last = progress
        self._tell(
            LearningProgress(
                phase="training",
                share=progress.share,
                step=progress.step,
                seconds=self._budget.seconds,
                seconds_left=self._budget.seconds_left,
            )
        )

    def show(self, picture: Callable[[], Pixels], is_small: bool) -> None:
        """Send the picture so far as a checkpoint and as a preview, where these are due."""
        if self._saving.is_due():
            now = KeptPicture(
                pixels=picture(), seconds=self._budget.seconds, steps=self._last.step, is_small=is_small
            )
            self._tell(LearningCheckpoint(content=now.to_bytes()))
        if self._previewing.is_due():
            self._tell(LearningPicture(what="preview", image=encode(picture())))

    def finish(self, picture: Pixels) -> None:
        """Send the finished picture."""
        losses = {name: round(loss, 4) for name, loss in self._last.losses.items()}
        self._tell(
            LearningResult(
                content=encode(picture),
                steps=self._last.step,
                minutes=self._budget.seconds / 60,
                losses=losses,
            )
        )


def paint_picture(
    settings: LearnerSettings,
    order: LearningOrder,
    painting: Pixels,
    photo: bytes,
    state: bytes,
    tell: Tell,
    clocks: PictureClocks,
) -> None:
    """Paint the photo, from the checkpoint `state` if there is one; `clocks` began with the process.

    Raises `NotAnImage`, `ImageTooLarge`.
    """
    pixels = decode(photo, long_side=PICTURE_SIDE)
    kept = KeptPicture.from_bytes(state, pixels.shape)
    budget = PictureBudget(order.minutes, clocks, kept)
    reporter = PictureReporter(tell, budget, clocks.wall, kept.steps)
    picture = paint_like(
        pixels,
        as_painting(painting),
        opened_features(settings),
        settings.device,
        reporter.report,
        budget.share,
        reporter.show,
        kept=kept.pixels,
        steps=kept.steps,
        is_small=kept.is_small,
    )
    reporter.finish(picture)
