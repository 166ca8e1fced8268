"""Paint one large photo in slices of the engine's time, so that other batches wait for a slice at most.

The photo is decoded and extended beside the engine. The engine paints strips of it, a slice of its time after
the other (`Pipeline.slices`), and takes waiting batches in between. Memory for the photo, its picture and the
tensors that the strips keep is held until the end, so a process paints one large photo at a time.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import numpy as np

from runner.process.encoding import encode, open_photo
from runner.protocol.messages import PaintedPhoto, Task
from styles.errors import PainterError
from styles.imaging.codec import Pixels, resized
from styles.inference.postprocess import postprocess
from styles.inference.session import Conditioning, InferenceSession
from styles.inference.stylize import paint_steps, prepare


class LargePhoto:
    """Paint a large photo by slices. Each method blocks; the methods are called in this order."""

    def __init__(
        self,
        task: Task,
        session: InferenceSession,
        style: Conditioning,
        blame: Callable[[Exception], PainterError],
    ) -> None:
        """`blame` turns an error of the session into the photo's, or raises it."""
        self._task = task
        self._session = session
        self._style = style
        self._blame = blame
        self._asked: tuple[int, int] = (0, 0)
        self._photo: Pixels
        self._painted: Pixels
        self._steps: Iterator[None] = iter(())
        self._error: PainterError | None = None
        self._seconds = 0.0

    def open(self) -> None:
        """Decode the photo, and prepare to paint it. An error is kept for `close`. For any thread."""
        started = time.perf_counter()
        try:
            photo = open_photo(self._task.image, self._task.options)
        except PainterError as error:
            self._error = error
            return
        self._asked = (photo.shape[1], photo.shape[0])
        photo = self._session.input_spec.reduced(_within(photo, self._task.most_pixels))
        self._photo = photo
        prepared = prepare(self._session, photo, self._style.underpainting)
        self._painted = np.empty_like(prepared, order="C")
        self._steps = paint_steps(self._session, prepared, self._style.row, self._painted)
        self._seconds = time.perf_counter() - started

    def paint_slice(self, seconds: float) -> bool:
        """Paint for these seconds, and to the end of a strip; tell whether all is painted.

        For the engine's thread. Raises the error of the session if the device has failed.
        """
        started = time.perf_counter()
        try:
            while not (is_done := next(self._steps, "done") == "done"):
                if time.perf_counter() - started >= seconds:
                    break
        except Exception as error:
            self._steps, is_done = iter(()), True  # frees the tensors that the strips keep
            self._error = self._blame(error)
        self._seconds += time.perf_counter() - started
        return is_done

    def close(self) -> PaintedPhoto | PainterError:
        """Encode the picture, or return the error of an earlier method. For any thread."""
        if self._error is not None:
            return self._error
        started = time.perf_counter()
        self._steps = iter(())
        task = self._task
        picture = self._session.input_spec.crop(self._painted, self._photo)
        pixels = postprocess(picture, self._photo, task.options)
        encoded = encode(pixels, task.options, task.xmp)
        height, width = pixels.shape[:2]
        is_reduced = task.most_pixels is not None and self._asked[0] * self._asked[1] > task.most_pixels
        return PaintedPhoto(
            image=encoded.picture,
            seconds=self._seconds + time.perf_counter() - started,
            preview=encoded.preview,
            pixels=height * width,
            reduced_from=self._asked if is_reduced else None,
        )


def _within(photo: Pixels, most_pixels: int | None) -> Pixels:
    """Reduce a photo (H, W, 3) to that number of pixels."""
    height, width = photo.shape[:2]
    if most_pixels is None or height * width <= most_pixels:
        return photo
    scale = (most_pixels / (height * width)) ** 0.5
    return resized(photo, (max(1, int(width * scale)), max(1, int(height * scale))))
