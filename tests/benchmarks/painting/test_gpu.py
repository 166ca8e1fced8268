"""The check of a GPU, rehearsed on the CPU: every row is there, and a wrong picture is told."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from benchmarks.painting import gpu
from styles.imaging.codec import PixelBatch
from styles.inference.torch_backend.session import TorchSession
from tests.fakes.styles.gpus import ON_GPU


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU here")
async def test_where_there_is_no_gpu_it_says_so() -> None:
    (line,) = await gpu.run()
    assert "finds no GPU" in line.entry().missing


@pytest.mark.slow  # every way of painting, and each compiled first
def test_each_row_is_there_and_the_cpu_paints_as_itself() -> None:
    entries = [line.entry() for line in gpu.measured("cpu", long_side=96, turns=1)]
    assert [entry.reached for entry in entries] == [True] * 3 + [None] * 5
    assert entries[0].value == 0
    assert all(entry.value for entry in entries[3:])
    assert [bool(entry.against) for entry in entries[3:]] == [True, False, False, False, True]


def test_a_device_that_paints_something_else_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    paint, calls = TorchSession._in_strips, []

    def wrong(session: TorchSession, images: PixelBatch, rows: np.ndarray) -> PixelBatch:
        calls.append(1)
        return paint(session, images, rows) ^ np.uint8(4)

    monkeypatch.setattr(TorchSession, "_in_strips", wrong)
    photo = np.random.default_rng(0).integers(0, 256, (40, 30, 3), dtype=np.uint8)
    reached = [line.entry().reached for line in gpu._right("cpu", "", [photo])]
    assert reached == [True, False, True]
    assert len(calls) == 1


@ON_GPU
async def test_a_gpu_here_paints_as_it_should() -> None:
    entries = [line.entry() for line in await gpu.run()]
    assert all(entry.reached is not False for entry in entries)
