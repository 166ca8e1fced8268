"""Devices for torch to paint on: the CPU, a GPU where there is one, and some that behave badly."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
import torch

from styles.inference.torch_backend.device import Copies, Device

#: For what only a GPU can show.
ON_GPU = pytest.mark.skipif(not torch.cuda.is_available(), reason="torch finds no GPU here")
#: Tests that are the same on both.
DEVICES: list[Any] = ["cpu", pytest.param("cuda", marks=ON_GPU)]


class Watched(Device):
    """The CPU, with the pixels of each capture and each batch noted, and memory for so many at once."""

    def __init__(self, most_pixels: int = sys.maxsize, half: bool = False) -> None:
        super().__init__()
        self.captured = 0
        self.queued: list[int] = []
        self.released = self.trimmed = 0
        self.free = sys.maxsize
        self._most_pixels, self._half = most_pixels, half

    def type_for(self, half: torch.dtype) -> torch.dtype:
        return half if self._half else torch.float32

    def free_bytes(self) -> int:
        return self.free

    def capture(self, work: Callable[[], None]) -> Callable[[], None]:
        self.captured += 1
        return super().capture(work)

    def queue(self, up: Copies, work: Callable[[], None], down: Copies) -> Callable[[], None]:
        self.queued.append(up[0][0].numel() // 3)
        if self.queued[-1] > self._most_pixels:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB")
        return super().queue(up, work, down)

    def release(self) -> None:
        self.released += 1
        super().release()

    def trim(self) -> None:
        self.trimmed += 1


class Late(Device):
    """The CPU, but nothing that is begun is done before somebody waits for it, as it may be with a GPU."""

    def __init__(self) -> None:
        super().__init__()
        self.under_way: list[Callable[[], object]] = []

    def queue(self, up: Copies, work: Callable[[], None], down: Copies) -> Callable[[], None]:
        begun: Callable[[], object] = partial(super().queue, up, work, down)
        self.under_way.append(begun)

        def wait() -> None:
            if begun in self.under_way:
                self.under_way.remove(begun)
                begun()

        return wait

    def wait(self) -> None:
        while self.under_way:
            self.under_way.pop(0)()
