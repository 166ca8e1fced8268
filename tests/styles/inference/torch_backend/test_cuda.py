"""What is CUDA's own, with a fake in its place: when work is captured, into which pool, and what if not."""

from __future__ import annotations

import logging
from typing import Any

import numpy as np
import pytest
import torch

from styles.inference.torch_backend.device import WARM_UPS, Cuda
from tests.fakes.styles import cuda as fake


@pytest.fixture
def gpu(monkeypatch: pytest.MonkeyPatch) -> fake.Cuda:
    made = fake.Cuda()
    made.install(monkeypatch)
    return made


class Work:
    """Counts how often it is done."""

    def __init__(self) -> None:
        self.done = 0

    def __call__(self) -> None:
        self.done += 1


class Kept:
    """A captured graph."""

    bytes = 10


def captured(device: Cuda, size: int) -> tuple[Work, object]:
    """The work of a captured graph of that size, and what it became."""
    work, became = Work(), []

    def make() -> Kept:
        became.append(device.capture(work))
        return Kept()

    device.graphs.get("session", size, make)
    return work, became[0]


def streams(device: Any) -> list[fake.Stream]:
    """Up, work, down."""
    return [device._up, device._work, device._down]


def graph_of(run: object) -> fake.Graph:
    graph = run.__self__  # type: ignore[attr-defined]
    assert isinstance(graph, fake.Graph)
    return graph


def test_work_is_warmed_up_and_captured_once_on_the_stream_on_which_it_is_replayed(gpu: fake.Cuda) -> None:
    device = Cuda("cuda:0")
    work, run = captured(device, 1)
    assert work.done == WARM_UPS + 1
    _, stream, _ = streams(device)
    assert gpu.captures == [(1, stream)]
    assert gpu.default in stream.waited_for  # the weights, and what was copied to the GPU before
    device.queue([], run, [])()  # type: ignore[arg-type]
    assert graph_of(run).replays == 1
    assert work.done == WARM_UPS + 1
    assert gpu.stream is gpu.default


def test_graphs_share_a_pool_until_the_last_of_them_is_gone(gpu: fake.Cuda) -> None:
    device = Cuda("cuda:0")
    for size in (1, 2, 3):
        captured(device, size)
    assert device.graphs.shared == 3 * gpu.growth
    gpu.free = 5000
    assert device.free_bytes() == 5000  # what is reserved belongs to the graphs
    device.release()
    assert (device.graphs.shared, gpu.calls[-2:]) == (0, ["synchronize", "empty_cache"])
    captured(device, 4)
    assert [pool for pool, _ in gpu.captures] == [1, 1, 1, 2]


def test_what_a_graph_has_no_room_for_is_not_begun(gpu: fake.Cuda) -> None:
    device = Cuda("cuda:0")
    captured(device, 1)  # its activations are there for the next
    gpu.free = gpu.activations - gpu.growth
    captured(device, 2)
    gpu.free -= 2 * gpu.growth + 1
    with pytest.raises(torch.OutOfMemoryError, match="300 bytes"):
        captured(device, 3)
    assert (len(gpu.captures), len(device.graphs)) == (2, 2)


def test_where_no_graph_can_be_had_work_is_done_as_it_is(
    gpu: fake.Cuda, caplog: pytest.LogCaptureFixture
) -> None:
    device = Cuda("cuda:0")
    gpu.failure = RuntimeError("CUDA error: operation not permitted when stream is capturing")
    with caplog.at_level(logging.WARNING):
        work, run = captured(device, 1)
    assert run is work
    assert gpu.stream is gpu.default  # torch would have left the capture's
    assert "without CUDA graphs" in caplog.text
    captured(device, 2)
    assert len(gpu.captures) == 1  # what a failed capture took never comes back


def test_a_capture_that_runs_out_of_memory_says_so(gpu: fake.Cuda) -> None:
    device = Cuda("cuda:0")
    gpu.failure = torch.OutOfMemoryError("CUDA out of memory")
    with pytest.raises(torch.OutOfMemoryError):
        captured(device, 1)
    gpu.failure = None
    _, run = captured(device, 1)
    assert graph_of(run)
    assert gpu.stream is gpu.default


def test_copies_and_work_are_on_streams_that_wait_for_each_other(gpu: fake.Cuda) -> None:
    device, where = Cuda("cuda:0"), []
    up, down = (torch.zeros(2), torch.ones(2)), (torch.zeros(2), torch.ones(2))
    before = fake.Event.waits
    wait = device.queue([up], lambda: where.append(gpu.stream), [down])
    first, second, third = streams(device)
    assert where == [second]
    assert (first.waited_for, second.waited_for, third.waited_for) == ([gpu.default], [first], [second])
    assert fake.Event.waits == before
    wait()
    assert fake.Event.waits == before + 1
    assert np.array_equal(up[0], up[1])
    assert np.array_equal(down[0], down[1])


def test_half_precision_is_what_a_network_can_do_with(gpu: fake.Cuda) -> None:
    assert Cuda("cuda:0").type_for(torch.bfloat16) == torch.bfloat16
