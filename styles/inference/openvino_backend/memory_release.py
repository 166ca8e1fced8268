"""Let only the network that painted last keep its memory. OpenVINO is not loaded here."""

from __future__ import annotations

import contextlib
import ctypes
import weakref
from typing import Any


class ActiveModel:
    """Remember which OpenVINO model painted last: only that one keeps its memory.

    For one engine, in one thread. Each model would keep 90 MB for its next photo, and a runner may hold many.
    Painting with one model alone costs nothing extra; each change of the model costs a tenth of a painting.
    """

    def __init__(self) -> None:
        self._model: weakref.ref[Any] | None = None

    def paints(self, model: Any) -> None:
        """Release the memory of the model before; call this before a model paints."""
        before: Any = self._model() if self._model else None
        if before is not None and before is not model:
            before.release_memory()
            with contextlib.suppress(AttributeError):  # only glibc has this function
                ctypes.CDLL(None).malloc_trim(0)  # its free memory to the system: 100 MB after 200 photos
        self._model = weakref.ref(model)
