"""Do what the balancer asks a learning process for: find the painting in a picture, and learn from it.

Imported after the sandbox is closed, since it imports what decodes pictures. What trains is imported last: a
picture without a painting needs no torch.
"""

from __future__ import annotations

import logging
import socket

from runner.learning.messages import (
    FoundCorners,
    LearningMessage,
    LearningOrder,
    LearningPicture,
    LearningProgress,
    LearningRefusal,
    frame_to_order,
    to_frame,
)
from runner.learning.worker.machine_time import (
    Clock,
    FairClock,
    begun_clock,
    begun_wall_clock,
    times_of,
    tried_pace,
)
from runner.learning.worker.painting_extraction import READ_SIDE, SeenPainting, look_at
from runner.learning.worker.settings import LearnerSettings
from runner.protocol.framing import WireError, encode, receive
from styles.errors import Permanent
from styles.imaging.codec import decode
from styles.imaging.codec import encode as encode_picture

log = logging.getLogger(__name__)


class ProgressReporter:
    """Tell the balancer how far the work is."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection

    def __call__(self, message: LearningMessage) -> None:
        """Send a message. Raises OSError."""
        self._connection.sendall(b"".join(encode(to_frame(message))))


def work(settings: LearnerSettings, connection: socket.socket) -> None:
    """Answer the one request of a connection. Raises the error of a fault that is not the picture's."""
    clock, waited = begun_clock(settings.device, settings.threads), begun_wall_clock()
    with connection.makefile("rb") as stream:
        request = receive(stream)
    tell = ProgressReporter(connection)
    try:
        match request.header.get("op"):
            case "corners":
                seen = look_at(request.parts[0], request.header.get("corners"))
                for photo in request.parts[1:]:
                    decode(photo, long_side=READ_SIDE)  # refused now, if it cannot be painted
                tell(_corners(seen))
            case "learn":
                _learn(settings, *frame_to_order(request), tell, clock, waited)
            case other:
                raise WireError(f"an unknown request {other!r}")
    except Permanent as error:
        log.info("nothing is learnt: %s", error)
        tell(LearningRefusal.of(error))


def _learn(
    settings: LearnerSettings,
    order: LearningOrder,
    painting: bytes,
    photo: bytes,
    state: bytes,
    tell: ProgressReporter,
    clock: Clock,
    waited: Clock,
) -> None:
    if isinstance(clock, FairClock):
        clock.most_times = times_of(order.minutes)
    does_last = settings.device == "cpu" and not order.is_picture  # longer than its minutes
    pace = tried_pace(settings.threads) if does_last else None
    tell(LearningProgress(phase="finding the painting", pace=pace))
    seen = look_at(painting, order.corners)
    tell(_corners(seen))
    tell(LearningPicture(what="painting", image=encode_picture(seen.pixels)))
    tell(LearningProgress(phase="looking at the painting"))
    from runner.learning.worker.picture_painting import PictureClocks, paint_picture
    from runner.learning.worker.style_learning import learn_style

    if order.is_picture:
        paint_picture(settings, order, seen.pixels, photo, state, tell, PictureClocks(clock, waited))
    else:
        learn_style(settings, order, seen.pixels, state, tell, clock)


def _corners(seen: SeenPainting) -> FoundCorners:
    return FoundCorners(
        corners=seen.corners,
        width=seen.width,
        height=seen.height,
        found=seen.found,
        thumbnail=encode_picture(seen.thumbnail),
    )
