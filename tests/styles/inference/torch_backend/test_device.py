"""Devices: copies and work in their order, what an error means, and which devices there are."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from styles.errors import BadOption
from styles.inference.torch_backend.device import Device, is_out_of_memory, open_device
from tests.fakes.styles.gpus import DEVICES


def causes(error: Exception, cause: Exception) -> Exception:
    error.__context__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "full"),
    [
        (torch.OutOfMemoryError("CUDA out of memory"), True),
        (RuntimeError("CUDA error: out of memory"), True),
        (RuntimeError("cuDNN error: CUDNN_STATUS_ALLOC_FAILED"), True),
        (RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory"), True),
        (MemoryError(), True),
        (causes(RuntimeError("CUDA error: capture invalidated"), torch.OutOfMemoryError("x")), True),
        (RuntimeError("CUDA error: device-side assert triggered"), False),
        (RuntimeError("CUDA error: unspecified launch failure"), False),
        (causes(RuntimeError("CUDA error: an illegal memory access"), ValueError("out of memory")), False),
    ],
)
def test_a_device_that_is_full_is_told_from_one_that_is_sick(error: Exception, full: bool) -> None:
    assert is_out_of_memory(error) == full


@pytest.mark.parametrize("name", DEVICES)
def test_what_is_queued_is_copied_worked_and_copied_back(name: str) -> None:
    device = open_device(name)
    host = device.on_host([2, 3], torch.uint8)
    inside, outside = (torch.empty(2, 3, dtype=torch.uint8, device=device.torch) for _ in range(2))

    def work() -> None:
        outside.copy_(inside + 1)

    for run in (work, device.capture(work), device.capture(work)):
        for value in (5, 7):
            host.fill_(value)
            device.queue([(inside, host)], run, [(host, outside)])()
            assert host.tolist() == [[value + 1] * 3] * 2
    device.release()
    assert device.free_bytes() > 0


def test_there_is_one_of_each_device() -> None:
    assert open_device("cpu") is open_device("cpu")
    assert open_device("cpu").type_for(torch.float16) == torch.float32


@pytest.mark.parametrize("name", ["cuda:99", "cuda:x", "cuda:", "meta", "gpu"])
def test_a_device_that_is_not_there_is_named(name: str) -> None:
    with pytest.raises(BadOption, match=name):
        open_device(name)


def test_host_memory_is_shared_with_arrays() -> None:
    host = Device().on_host([2, 2], torch.float32)
    host.numpy()[...] = np.eye(2)
    assert host.tolist() == [[1, 0], [0, 1]]
