"""Find the painting in a picture before anything is learnt from it, for the page to show its frame."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from runner.learning.attempt import started, talk
from runner.learning.messages import FoundCorners, LearningMessage, LearningRefusal
from runner.protocol.framing import Frame, WireError
from styles.canvas.quadrilateral import Corner
from styles.errors import NotAnImage, RunnerDied
from styles.learning_errors import CornersTimeout, LearningQueueFull

#: Seconds to find the painting in a picture.
CORNERS_SECONDS = 30.0
#: Pictures in which a painting may be looked for at once, with those that wait.
MOST_CORNERS = 8
#: Seconds after which a picture is sent again that was one too many.
AGAIN_SECONDS = 5.0


class CornersFinder:
    """Look for the paintings in pictures, one at a time."""

    def __init__(self, command: Sequence[str]) -> None:
        """`command` starts a learning process on the CPU."""
        self._command = command
        self._finding, self._one_at_a_time = 0, asyncio.Lock()

    async def find(
        self, picture: bytes, photo: bytes = b"", named: Sequence[Corner] | None = None
    ) -> FoundCorners:
        """Return where the painting is in a picture, between the corners that a person `named`, if any.

        Raises the error of a picture without a painting, of a photo to paint that cannot be read, and
        `CornersTimeout`.
        """
        if self._finding >= MOST_CORNERS:
            raise LearningQueueFull(AGAIN_SECONDS, f"{MOST_CORNERS} pictures are looked through")
        self._finding += 1
        try:
            async with self._one_at_a_time:
                request = Frame({"op": "corners", "corners": named}, [picture, *filter(None, [photo])])
                return await corners_in(request, self._command)
        finally:
            self._finding -= 1


async def corners_in(request: Frame, command: Sequence[str]) -> FoundCorners:
    """Return what a process answers. Raises as `CornersFinder.find`."""
    found: list[FoundCorners] = []

    async def keep(message: LearningMessage) -> bool:
        match message:
            case FoundCorners():
                found.append(message)
                return True
            case LearningRefusal():
                raise message.error
            case other:
                raise WireError(f"{type(other).__name__} where corners were to come")

    try:
        async with asyncio.timeout(CORNERS_SECONDS):
            process = await started([*command, "--features", "-1"])
            await talk(process, request, keep, CORNERS_SECONDS)
    except RunnerDied as error:
        raise NotAnImage(f"it killed the process that read it: {error.detail}") from error
    except TimeoutError as error:
        raise CornersTimeout(f"no corners in {CORNERS_SECONDS:g} s") from error
    return found[0]
