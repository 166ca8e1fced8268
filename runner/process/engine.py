"""The engine of a runner process: photos in as bytes, pictures out as bytes.

One engine owns one device. Styles of one base share a session, so a batch may mix them; a batch that
fails is split until only the photo that is to blame fails. A style of another network has a session of its
own. Where a plain grey picture fails too, the device is to blame, and the error is let through. Blocking,
and meant for one thread, but for opening and closing, which a runner does beside it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol
from weakref import WeakValueDictionary

import numpy as np

from runner.process.encoding import encode
from runner.process.model_cache import Shared
from runner.protocol.messages import PaintedPhoto, Task
from styles.contract import StyleOptions
from styles.errors import BadOption, PainterError, Permanent, Unpaintable
from styles.imaging.codec import Pixels, decode
from styles.inference.blending import mixed
from styles.inference.open import open_style, require_device
from styles.inference.openvino_backend.memory_release import ActiveModel
from styles.inference.session import InferenceSession, Row
from styles.inference.stylize import stylize

log = logging.getLogger(__name__)

#: Memory that a compiled base takes besides its weights, with the models of styles that come often, bytes;
#: measured on the shipped base, rounded up.
SESSION_BYTES = 75_000_000
#: The same for a network that no other style shares, and how often its weights are held; the transformer-net
#: took 58 MB with a file of 3.4 MB, an ONNX network of 47 MB took 50 MB. What such a network makes of its
#: numbers when it is compiled comes on top.
ALONE_BYTES, WEIGHTS_HELD = 60_000_000, 2
#: Pixels along a side of the picture that tells a sick device from a bad photo; painted in milliseconds.
GREY_SIDE = 64
#: Characters of an engine's error that are passed on; some are pages long.
MAX_DETAIL = 500


@dataclass(frozen=True, kw_only=True, eq=False)
class LoadedStyle:
    """A style that is ready to paint; it keeps its session alive."""

    digest: str
    row: Row
    session: InferenceSession
    bytes: int  #: what it is accounted with in the cache
    shared: Shared | None = None  #: its session, where other styles have the same


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchItem:
    """One photo of a batch."""

    style: LoadedStyle
    image: bytes
    options: StyleOptions


#: A photo and how to paint it; its style need not be loaded yet.
PhotoInput = Task | BatchItem


class EngineStep(NamedTuple):
    """A photo on its way through a batch: decoded, then painted."""

    pixels: Pixels | PainterError  #: or why there are none
    seconds: float  #: that it has taken until now


class PaintEngine(Protocol):
    """One device. Blocking, and used by one thread but where it says so."""

    def load(self, digest: str, weights: Path) -> LoadedStyle:
        """Raises `BadCheckpoint`."""

    def mix(self, styles: Sequence[LoadedStyle], shares: Sequence[float]) -> LoadedStyle:
        """The style between some of one base. Raises `BadOption` where they are not."""

    def open(self, photo: PhotoInput) -> EngineStep:
        """A photo decoded, or why not. In any thread, as is `close`."""

    def run(self, items: Sequence[BatchItem], opened: Sequence[EngineStep]) -> Sequence[EngineStep]:
        """What a batch became, in order; whatever it raises means that the device is of no more use."""

    def close(self, item: BatchItem, step: EngineStep) -> PaintedPhoto | PainterError:
        """A picture encoded."""

    def paint(self, photo: Pixels, style: LoadedStyle, options: StyleOptions) -> Pixels:
        """One painting, for a sheet. Raises a `PainterError`; whatever else it raises means the same."""


class Engine:
    """Paints batches on one device ("cpu", "cuda:0"); `threads` = 0 takes every core."""

    def __init__(self, device: str = "cpu", threads: int = 0) -> None:
        """Raises `BadOption` for a device that is not there: its runner ends, and refuses no photo for it."""
        require_device(device)
        self.device = device
        self.threads = threads
        self._canvases: WeakValueDictionary[str, InferenceSession] = WeakValueDictionary()
        self._active_model = ActiveModel()

    def load(self, digest: str, weights: Path) -> LoadedStyle:
        """Reads a style file and readies its network. Raises `BadCheckpoint`."""
        style = open_style(
            weights, self.device, self.threads, sessions=self._canvases, active_model=self._active_model
        )
        taken = style.row.nbytes + style.folded_bytes
        shared = Shared(style.session, SESSION_BYTES) if style.base else None
        if shared is None:
            taken += ALONE_BYTES + WEIGHTS_HELD * weights.stat().st_size
        return LoadedStyle(digest=digest, row=style.row, session=style.session, bytes=taken, shared=shared)

    def mix(self, styles: Sequence[LoadedStyle], shares: Sequence[float]) -> LoadedStyle:
        """The style between some of one base. Raises `BadOption` where the bases differ."""
        first = styles[0]
        if any(style.session is not first.session for style in styles):
            raise BadOption("Only styles on one base network can be blended.")
        row = mixed([style.row for style in styles], shares)
        return LoadedStyle(digest="", row=row, session=first.session, bytes=0)  # of no file, in no cache

    def paint(self, photo: Pixels, style: LoadedStyle, options: StyleOptions) -> Pixels:
        """One photo (H, W, 3), painted; smaller where the network has no room. Raises what comes to it."""
        return stylize(style.session, [photo], [style.row], [options])[0]

    # A batch in three steps, of which the second alone is the engine's own

    def open(self, photo: PhotoInput) -> EngineStep:
        """The photo at the size that is asked for, or why not. For any thread."""
        started = time.perf_counter()
        pixels: Pixels | PainterError
        try:
            pixels = open_photo(photo)
        except PainterError as error:
            pixels = error
        return EngineStep(pixels, time.perf_counter() - started)

    def run(self, items: Sequence[BatchItem], opened: Sequence[EngineStep]) -> list[EngineStep]:
        """What the opened photos became, in order. A bad photo never spoils the others.

        Raises what the session raised where it cannot paint any more, whatever it is given.
        """
        started = time.perf_counter()
        photos = [step.pixels for step in opened]
        pictures: list[Pixels | PainterError] = [
            photo if isinstance(photo, PainterError) else Unpaintable() for photo in photos
        ]
        good = [i for i, photo in enumerate(photos) if not isinstance(photo, PainterError)]
        for group in _by_session(items, good):
            outcomes = self._paint(items, photos, group)
            for i, outcome in zip(group, outcomes, strict=True):
                pictures[i] = outcome
        share = (time.perf_counter() - started) / max(1, len(good))
        return [EngineStep(p, step.seconds + share) for p, step in zip(pictures, opened, strict=True)]

    def close(self, item: BatchItem, step: EngineStep) -> PaintedPhoto | PainterError:
        """The picture as bytes. For any thread."""
        if isinstance(step.pixels, PainterError):
            return step.pixels
        started = time.perf_counter()
        image, preview = encode(step.pixels, item.options)
        seconds = step.seconds + time.perf_counter() - started
        return PaintedPhoto(image=image, seconds=seconds, preview=preview)

    def run_batch(self, items: Sequence[BatchItem]) -> list[PaintedPhoto | PainterError]:
        """All three, one after the other: what a runner gives, for those who have none."""
        steps = self.run(items, [self.open(item) for item in items])
        return [self.close(item, step) for item, step in zip(items, steps, strict=True)]

    def _paint(
        self, items: Sequence[BatchItem], photos: Sequence[Pixels | PainterError], group: Sequence[int]
    ) -> list[Pixels | PainterError]:
        """Paints a group of one session; halves it where it fails, down to the photo that is to blame."""
        pixels = [p for p in (photos[i] for i in group) if not isinstance(p, PainterError)]
        rows = [items[i].style.row for i in group]
        options = [items[i].options for i in group]
        session = items[group[0]].style.session
        try:
            return list(stylize(session, pixels, rows, options))
        except Exception as error:
            if len(group) == 1:
                if isinstance(error, Permanent):
                    return [error]  # it says what is wrong, and what to do
                if not _paints(session, rows[0]):
                    raise  # not the photo is to blame but the device: no photo may be told otherwise
                log.warning("a photo cannot be painted: %s", type(error).__name__)
                return [Unpaintable(f"{type(error).__name__}: {error}"[:MAX_DETAIL])]
        half = len(group) // 2
        return self._paint(items, photos, group[:half]) + self._paint(items, photos, group[half:])


def _paints(session: InferenceSession, row: Row) -> bool:
    """Whether a session still paints the plainest of pictures."""
    try:
        stylize(session, [grey_photo()], [row], [StyleOptions()])
    except Exception as error:
        log.exception("the device paints no more: %s", type(error).__name__)
        return False
    return True


def _by_session(items: Sequence[BatchItem], indices: Sequence[int]) -> list[list[int]]:
    groups: dict[int, list[int]] = {}
    for i in indices:
        groups.setdefault(id(items[i].style.session), []).append(i)
    return list(groups.values())


def open_photo(photo: PhotoInput) -> Pixels:
    """The photo (H, W, 3) at the size that is asked for, or why not."""
    try:
        return decode(photo.image, long_side=photo.options.size)
    except MemoryError as error:
        raise Unpaintable(f"out of memory: {error}") from error


def grey_photo() -> Pixels:
    """GREY"""
    return np.full((GREY_SIDE, GREY_SIDE, 3), 128, np.uint8)
