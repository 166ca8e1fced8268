"""An engine that paints by inverting bytes and does what a photo tells it to.

`tests.fakes.runner.process.engine_process` is a runner process with it. A photo that begins with

    DIE          kills its process, as a fault in native code would
    HANG         never ends
    RAISE        makes the engine raise, as a device does that is gone
    WAIT:PATH    is painted once the file PATH exists
    STYLE        comes back as the content of its style's file; of a blend with its shares
    ENV          comes back as the process's environment, JSON
    PORTS        comes back as the number of TCP sockets that the process has open
    TAKE:CODE    takes its process over, and has it run CODE: comes back as `["done", null]` or as an error's
                 class and words, JSON

A large photo does the same in its slices; one that says WAIT:PATH takes slices until the file exists. Its
picture says to how many pixels it was to be reduced.

And a style whose file begins with

    bad          is no style
    raise        makes the engine raise as it is loaded
    die          kills its process as it is loaded
    wait:PATH    is loaded once the file PATH exists
    foreign      cannot be blended
    sick         is loaded, and fails in every sheet; on others the whole is its file's first byte
"""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import numpy as np

from runner.process.engine import BatchItem, Engine, EngineStep, PhotoInput
from runner.process.large_photo import LargePhoto
from runner.protocol.messages import PaintedPhoto, Task
from styles.contract import StyleOptions
from styles.errors import BadCheckpoint, BadOption, NotAnImage, PainterError
from styles.imaging.codec import Pixels


@dataclass(frozen=True, slots=True)
class Weights:
    """A loaded style: its file."""

    content: bytes
    shared: None = None

    @property
    def bytes(self) -> int:
        """What it is accounted with."""
        return len(self.content)


class ObedientEngine(Engine):
    """Does what the photos say."""

    def __init__(self, device: str, threads: int) -> None:
        self.device = device

    def load(self, digest: str, weights: Path) -> Any:
        content = weights.read_bytes()
        match content.replace(b":", b" ").split(b" ")[0]:
            case b"bad":
                raise BadCheckpoint("The style file is bad.")
            case b"raise":
                raise RuntimeError("nobody thought of such a file")
            case b"die":
                os.kill(os.getpid(), signal.SIGKILL)
            case b"wait":
                _wait(content)
        return Weights(content)

    def mix(self, styles: Sequence[Any], shares: Sequence[float]) -> Any:
        if any(style.content == b"foreign" for style in styles):
            raise BadOption("told so")
        parts = [b"%g*%s" % (share, style.content) for style, share in zip(styles, shares, strict=True)]
        return Weights(b"+".join(parts))

    def paint(self, photo: Pixels, style: Any, options: StyleOptions) -> Pixels:
        if style.content.startswith(b"sick"):
            raise RuntimeError("told so")
        return np.full_like(photo, style.content[0])

    def open(self, photo: PhotoInput) -> EngineStep:
        return EngineStep(cast(Any, photo.image), 0.0)

    def run(self, items: Sequence[BatchItem], opened: Sequence[EngineStep]) -> list[EngineStep]:
        photos = [cast(bytes, step.pixels) for step in opened]
        painted = [_paint(photo, item.style) for item, photo in zip(items, photos, strict=True)]
        return [EngineStep(cast(Any, picture), 0.0) for picture in painted]

    def close(self, item: BatchItem, step: EngineStep) -> PaintedPhoto | PainterError:
        return cast(PaintedPhoto, step.pixels)

    def large(self, task: Task, style: Any) -> ObedientLarge:
        return ObedientLarge(task, style)


class ObedientLarge(LargePhoto):
    """A large photo that does what it says, in slices."""

    def __init__(self, task: Task, style: Any) -> None:
        self._task, self._style = task, style
        self._outcome: PaintedPhoto | PainterError

    def open(self) -> None:
        """There is nothing to open."""

    def paint_slice(self, seconds: float) -> bool:
        """One slice, until it is done."""
        time.sleep(0.001)
        photo = self._task.image
        if photo.startswith(b"WAIT:") and not Path(photo.split(b":", 1)[1].decode()).exists():
            return False
        self._outcome = _paint(photo, self._style)
        return True

    def close(self) -> PaintedPhoto | PainterError:
        """What came of it."""
        if isinstance(self._outcome, PainterError):
            return self._outcome
        return replace(self._outcome, pixels=100, preview=b"%d" % (self._task.most_pixels or 0))


def _paint(photo: bytes, style: Any) -> PaintedPhoto | PainterError:
    match photo.split(b":")[0]:
        case b"DIE":
            os.kill(os.getpid(), signal.SIGKILL)
        case b"HANG":
            threading.Event().wait()
        case b"RAISE":
            raise RuntimeError("the device is gone")
        case b"BAD":
            return NotAnImage("told so")
        case b"WAIT":
            _wait(photo)
        case b"STYLE":
            return PaintedPhoto(image=style.content, seconds=0.0)
        case b"ENV":
            return PaintedPhoto(image=json.dumps(dict(os.environ)).encode(), seconds=0.0)
        case b"TAKE":
            tried = _tried(photo.split(b":", 1)[1].decode())
            return PaintedPhoto(image=json.dumps(tried).encode(), seconds=0.0)
        case b"PORTS":
            return PaintedPhoto(image=str(_tcp_sockets()).encode(), seconds=0.0)
    return PaintedPhoto(image=bytes(255 - byte for byte in photo), seconds=0.01)


def _tried(code: str) -> tuple[str, str | None]:
    try:
        exec(code, {})
    except Exception as error:
        return type(error).__name__, str(error)
    return "done", None


def _wait(told: bytes) -> None:
    while not Path(told.split(b":", 1)[1].decode()).exists():
        time.sleep(0.01)


def _tcp_sockets() -> int:
    """TCP sockets of this process that listen."""
    inodes = {
        fd.readlink().name.removeprefix("socket:[").removesuffix("]")
        for fd in Path("/proc/self/fd").iterdir()
        if fd.is_symlink() and str(fd.readlink()).startswith("socket:")
    }
    listening = [
        line.split()
        for table in ("tcp", "tcp6")
        for line in Path("/proc/self/net", table).read_text().splitlines()[1:]
    ]
    return sum(fields[9] in inodes and fields[3] == "0A" for fields in listening)
