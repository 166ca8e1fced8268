"""Paint as the real engine does, except that marked photos do harm.

    OPEN     kills the process as it is opened, as a fault in a decoder would: while another batch is painted
    DIE      kills it as it is painted
    HANG     never ends
    RAISE    makes the engine raise, as a device does that is gone

A mark lies in a comment at the head of the JPEG, so that one without a mark is a photo like any other.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Sequence

from runner.process.engine import BatchItem, Engine, EngineStep, PhotoInput

#: How a mark begins in the comment.
PREFIX = b"harm:"
#: First bytes of a photo in which the comment is searched.
HEAD = 80


def marked(photo: bytes, comment: str) -> bytes:
    """Return the JPEG with a comment, which makes it unique."""
    text = comment.encode()
    assert photo[:2] == b"\xff\xd8"
    assert len(text) < HEAD - 6
    return photo[:2] + b"\xff\xfe" + (len(text) + 2).to_bytes(2, "big") + text + photo[2:]


class HarmableEngine(Engine):
    """Paint, unless a photo of the batch does harm."""

    def open(self, photo: PhotoInput) -> EngineStep:
        """See `Engine`; a marked photo does its harm first."""
        if _mark(photo).startswith(b"OPEN"):
            os.kill(os.getpid(), signal.SIGKILL)
        return super().open(photo)

    def run(self, items: Sequence[BatchItem], opened: Sequence[EngineStep]) -> list[EngineStep]:
        """See `Engine`; a marked photo does its harm first."""
        for item in items:
            _suffer(_mark(item))
        return super().run(items, opened)


def _mark(item: PhotoInput) -> bytes:
    return item.image[:HEAD].partition(PREFIX)[2]


def _suffer(mark: bytes) -> None:
    if mark.startswith(b"DIE"):
        os.kill(os.getpid(), signal.SIGKILL)
    elif mark.startswith(b"HANG"):
        threading.Event().wait()
    elif mark.startswith(b"RAISE"):
        raise RuntimeError("the device is gone")
