"""Paint batches of photos on one device: encoded photos in, encoded pictures out.

Styles of one base share a session, so a batch may mix them. A style of another network has its own session. A
batch that fails is split until only the photo that is to blame fails. If a plain grey picture fails too, the
device is to blame, and the error is raised.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple, cast
from weakref import WeakValueDictionary

from runner.process.encoding import encode, open_photo
from runner.process.large_photo import LargePhoto
from runner.process.model_cache import Shared
from runner.protocol.messages import PaintedPhoto, StyleShare, Task
from styles.contract import StyleOptions
from styles.errors import PainterError, Permanent, Unpaintable
from styles.imaging.codec import Pixels
from styles.inference.blending import BlendPart, blend
from styles.inference.open import open_style, require_device
from styles.inference.openvino_backend.memory_release import ActiveModel
from styles.inference.session import Conditioning, InferenceSession
from styles.inference.stylize import grey_photo, stylize
from styles.service.logs import tracing

log = logging.getLogger(__name__)

#: Bytes of a compiled base besides its weights, with the models of frequent styles; measured on the
#: shipped base, rounded up.
SESSION_BYTES = 50_000_000
#: Bytes of a network with one style, and how often its weights are in memory. The transformer-net took 58
#: MB with a file of 3.4 MB, an ONNX network of 47 MB took 50 MB. What its compilation allocates comes on
#: top.
ALONE_BYTES, WEIGHTS_HELD = 60_000_000, 2
#: Characters of an engine's error that are passed on; some errors are pages long.
MAX_DETAIL = 500


@dataclass(frozen=True, kw_only=True, eq=False)
class LoadedStyle:
    """Hold a style that is ready to paint; it keeps its session alive."""

    digest: str
    conditioning: Conditioning
    session: InferenceSession
    bytes: int  #: its bytes in the cache
    shared: Shared | None = None  #: its session, if other styles have it too


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchItem:
    """Hold one photo of a batch, with its style."""

    style: LoadedStyle
    image: bytes
    options: StyleOptions
    xmp: str = ""  #: packet that is put into the picture
    trace: str = ""  #: as in the task


#: A photo and how to paint it; its style need not be loaded yet.
PhotoInput = Task | BatchItem


class EngineStep(NamedTuple):
    """Hold a photo between two steps of a batch: decoded, then painted."""

    pixels: Pixels | PainterError  #: or the error
    seconds: float  #: that it took until now


class Engine:
    """Paint batches on one device ("cpu", "cuda:0"); `threads` = 0 takes every core.

    It blocks, and belongs to one thread, except where stated. Any error but a `PainterError` means that the
    device has failed.
    """

    def __init__(self, device: str = "cpu", threads: int = 0) -> None:
        """Raise `BadOption` for a missing device, so that the runner ends instead of refusing photos."""
        require_device(device)
        self.device = device
        self.threads = threads
        self._sessions: WeakValueDictionary[str, InferenceSession] = WeakValueDictionary()
        self._active_model = ActiveModel()

    def load(self, digest: str, weights: Path) -> LoadedStyle:
        """Read a style file and compile its network. Raises `BadCheckpoint`."""
        style = open_style(
            weights, self.device, self.threads, sessions=self._sessions, active_model=self._active_model
        )
        taken = style.conditioning.nbytes + style.folded_bytes
        shared = Shared(style.session, SESSION_BYTES) if style.base else None
        if shared is None:
            taken += ALONE_BYTES + WEIGHTS_HELD * weights.stat().st_size
        return LoadedStyle(
            digest=digest, conditioning=style.conditioning, session=style.session, bytes=taken, shared=shared
        )

    def mix(self, styles: Sequence[LoadedStyle], shares: Sequence[float]) -> LoadedStyle:
        """Blend styles of this project's network."""
        parts = [BlendPart(s.session, s.conditioning, share) for s, share in zip(styles, shares, strict=True)]
        session, conditioning = blend(parts)
        return LoadedStyle(
            digest="", conditioning=conditioning, session=session, bytes=0
        )  # of no file and in no cache

    def style_of(
        self, parts: Sequence[StyleShare], found: Mapping[str, LoadedStyle | PainterError]
    ) -> LoadedStyle | PainterError:
        """Return the style of a task, or a blend of its styles, or the error. For any thread."""
        styles = []
        for part in parts:
            style = found[part.digest]
            if isinstance(style, PainterError):
                return style
            styles.append(style)
        try:
            return self.mix(styles, [part.share for part in parts]) if len(styles) > 1 else styles[0]
        except PainterError as error:
            return error

    def paint(self, photo: Pixels, style: LoadedStyle, options: StyleOptions) -> Pixels:
        """Paint one photo (H, W, 3); the result is smaller if the network lacks memory."""
        return stylize(style.session, [photo], [style.conditioning], [options])[0]

    def open(self, photo: PhotoInput) -> EngineStep:
        """Decode a photo at the size asked for; errors are in the step. For any thread."""
        started = time.perf_counter()
        try:
            pixels: Pixels | PainterError = open_photo(photo.image, photo.options)
        except PainterError as error:
            pixels = error
        return EngineStep(pixels, time.perf_counter() - started)

    def run(self, items: Sequence[BatchItem], opened: Sequence[EngineStep]) -> list[EngineStep]:
        """Paint decoded photos, in order. A bad photo never spoils the others.

        Raises the error of the session if the device has failed.
        """
        started = time.perf_counter()
        pictures = [step.pixels for step in opened]
        groups: dict[int, list[int]] = {}
        for i, photo in enumerate(pictures):
            if not isinstance(photo, PainterError):
                groups.setdefault(id(items[i].style.session), []).append(i)
        for group in groups.values():
            outcomes = self._paint([items[i] for i in group], [cast(Pixels, pictures[i]) for i in group])
            for i, outcome in zip(group, outcomes, strict=True):
                pictures[i] = outcome
        share = (time.perf_counter() - started) / max(1, sum(map(len, groups.values())))
        return [EngineStep(p, step.seconds + share) for p, step in zip(pictures, opened, strict=True)]

    def close(self, item: BatchItem, step: EngineStep) -> PaintedPhoto | PainterError:
        """Encode a painted picture, or return its error. For any thread."""
        if isinstance(step.pixels, PainterError):
            return step.pixels
        started = time.perf_counter()
        image, preview = encode(step.pixels, item.options, item.xmp)
        seconds = step.seconds + time.perf_counter() - started
        return PaintedPhoto(image=image, seconds=seconds, preview=preview)

    def run_batch(self, items: Sequence[BatchItem]) -> list[PaintedPhoto | PainterError]:
        """Decode, paint and encode a batch in one thread."""
        steps = self.run(items, [self.open(item) for item in items])
        return [self.close(item, step) for item, step in zip(items, steps, strict=True)]

    def large(self, task: Task, style: LoadedStyle) -> LargePhoto:
        """Return a large photo that is painted in slices. For any thread."""
        return LargePhoto(task, style.session, style.conditioning, partial(_blame, style, task.trace))

    def _paint(self, items: Sequence[BatchItem], photos: Sequence[Pixels]) -> list[Pixels | PainterError]:
        """Paint photos of one session; halve the group on failure, down to the photo that is to blame."""
        session, styles = items[0].style.session, [item.style.conditioning for item in items]
        try:
            return list(stylize(session, photos, styles, [item.options for item in items]))
        except Exception as error:
            if len(items) == 1:
                return [_blame(items[0].style, items[0].trace, error)]
        half = len(items) // 2
        return self._paint(items[:half], photos[:half]) + self._paint(items[half:], photos[half:])


def _blame(style: LoadedStyle, trace: str, error: Exception) -> PainterError:
    """Return the error of a photo that its session could not paint. Raise it if the device has failed."""
    if isinstance(error, Permanent):
        return error  # it names the fault, and what to do
    with tracing(trace):  # the engine's thread has no context of the photo
        if not _paints(style.session, style.conditioning):
            raise error
        log.warning("a photo cannot be painted: %s", type(error).__name__)
    return Unpaintable(f"{type(error).__name__}: {error}"[:MAX_DETAIL])


def _paints(session: InferenceSession, style: Conditioning) -> bool:
    """Tell whether a session still paints a plain picture."""
    try:
        stylize(session, [grey_photo()], [style], [StyleOptions()])
    except Exception as error:
        log.exception("the device has failed: %s", type(error).__name__)
        return False
    return True
