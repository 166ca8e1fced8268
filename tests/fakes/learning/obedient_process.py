"""A learning process that does as its picture says, as restricted as the real one.

DIE      it dies at once
CLIMB    it dies after each checkpoint, until there are three
WAIT     it waits to be killed after each checkpoint, until there are three
HANG     it says nothing more after its first picture
BAD      there is nothing to learn
LIE      it answers what makes no sense
TAKE:…   it runs the code behind, and says what came of it

Any other picture is learnt from in an instant. The steps that it tells are its pid.
"""

from __future__ import annotations

import os
import socket
import threading

import runner
import styles
from runner.learning.worker.main import LearningWork, main
from runner.learning.worker.settings import LearnerSettings
from tests.fakes import learning as fakes

#: What it says of every painting.
CORNERS = ((0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.1, 0.9))


def obedient_work() -> LearningWork:
    """The work, with what it needs imported in the sandbox as the real one's."""
    from dataclasses import replace

    from runner.learning import messages
    from runner.protocol.framing import encode, receive
    from styles.learning_errors import PaintingBlank

    def work(settings: LearnerSettings, connection: socket.socket) -> None:
        def tell(message: messages.LearningMessage) -> None:
            connection.sendall(b"".join(encode(messages.to_frame(message))))

        with connection.makefile("rb") as stream:
            request = receive(stream)
        painting = bytes(request.parts[0])
        if painting.startswith(b"DIE"):
            os._exit(3)
        if painting.startswith(b"BAD"):
            tell(messages.LearningRefusal.of(PaintingBlank()))
            return
        if painting.startswith(b"LIE"):
            tell(messages.LearningProgress(phase="dreaming", share=7.0))  # type: ignore[arg-type]
        found = messages.FoundCorners(corners=CORNERS, width=640, height=480, found=True)
        tell(replace(found, thumbnail=painting[:3]))
        if request.header["op"] == "corners":
            return
        _, _, photo, state = messages.frame_to_order(request)
        tell(messages.LearningProgress(phase="training", share=0.5, step=os.getpid(), seconds_left=60.0))
        tell(messages.LearningPicture(what="painting", image=b"painting of " + painting))
        tell(messages.LearningPicture(what="preview", image=b"preview"))
        if painting.startswith(b"HANG"):
            threading.Event().wait()
        if painting.startswith(b"CLIMB") and len(state) < 3:
            tell(messages.LearningCheckpoint(content=state + b"."))
            os._exit(4)
        if painting.startswith(b"WAIT") and len(state) < 3:
            tell(messages.LearningCheckpoint(content=state + b"."))
            threading.Event().wait()
        said = _taken(painting) if painting.startswith(b"TAKE:") else b"learnt " + painting + photo + state
        tell(messages.LearningResult(content=said, steps=7, minutes=0.1, losses={"total": 2.5}))
        assert settings.features >= 0

    return work


def _taken(painting: bytes) -> bytes:
    try:
        exec(painting.removeprefix(b"TAKE:"), {})
    except Exception as error:
        return type(error).__name__.encode()
    return b"done"


if __name__ == "__main__":
    main(obedient_work, (runner, styles, fakes), yields=False)
