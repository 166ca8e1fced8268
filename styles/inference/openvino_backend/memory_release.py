"""Which network has painted last, of those that would each keep memory to paint in. Loads no OpenVINO."""

from __future__ import annotations

import contextlib
import ctypes
import weakref
from typing import Any


class ActiveModel:
    """The model of OpenVINO that has painted last: it alone keeps its memory. For one engine, in one thread.

    Each would keep 90 MB for its next photo, and a runner may hold many, of bases and of styles. Who paints
    with one never pays for it; a change costs a tenth of a painting.
    """

    def __init__(self) -> None:
        self._model: weakref.ref[Any] | None = None

    def paints(self, model: Any) -> None:
        """To be told before a model paints: the one that has painted before gives its memory back."""
        before: Any = self._model() if self._model else None
        if before is not None and before is not model:
            before.release_memory()
            _trim()
        self._model = weakref.ref(model)


def _trim() -> None:
    """Has the C library give back what lies free between other things: 100 MB after 200 photos."""
    with contextlib.suppress(AttributeError):  # glibc alone has it
        ctypes.CDLL(None).malloc_trim(0)
