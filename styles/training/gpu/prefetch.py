"""Cut the crops of the next steps in threads while a GPU works on this one.

A GPU takes steps faster than one core cuts crops. On a CPU there is nothing to gain: training keeps every
core busy.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor

import torch
from torch import Tensor

from styles.training.dataset import PhotoDataset

#: Threads that cut crops; Pillow lets go of the interpreter's lock.
THREADS = 12
#: Steps that are cut ahead: enough for every thread.
AHEAD = 16


class Prefetch:
    """Give the batches of `PhotoDataset` step by step, cut ahead of time."""

    def __init__(self, photos: PhotoDataset) -> None:
        self.photos = photos
        self._threads = ThreadPoolExecutor(THREADS)
        self._coming: dict[tuple[int, int, int], Future[Tensor]] = {}

    def batch(self, step: int, count: int, crop: int) -> Tensor:
        """Return a batch as `PhotoDataset.batch` does, in pinned memory where there is a GPU."""
        wanted = [(at, count, crop) for at in range(step, step + AHEAD)]
        kept = {key: self._coming.pop(key, None) for key in wanted}
        for other in self._coming.values():
            other.cancel()
        self._coming = {key: known or self._threads.submit(self._cut, *key) for key, known in kept.items()}
        return self._coming.pop(wanted[0]).result()

    def _cut(self, step: int, count: int, crop: int) -> Tensor:
        crops = self.photos.batch(step, count, crop)
        return crops.pin_memory() if torch.cuda.is_available() else crops
