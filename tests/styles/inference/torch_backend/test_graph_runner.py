"""The graph runner: batches in powers of two, sizes captured once, memory used again, and none left over."""

from __future__ import annotations

import weakref

import numpy as np
import pytest
import torch
from torch import Tensor

from styles.errors import Unpaintable
from styles.imaging.codec import PixelBatch
from styles.inference.torch_backend.graph_runner import (
    CAPTURED_BYTES,
    CapturedGraph,
    GraphRunner,
    first_with_memory,
)
from tests.fakes.styles.gpus import Late, Watched

SIDE = 8
PIXELS = SIDE * SIDE


def negative(pixels: Tensor, rows: Tensor) -> tuple[Tensor, Tensor]:
    """Paints by inverting and adding the row's number; a picture that begins with 13 is no sound one."""
    painted = 255 - pixels + rows[:, :1, None, None].byte()
    return painted, pixels[:, 0, 0, 0] != 13


def batch(count: int, seed: int = 0) -> tuple[PixelBatch, np.ndarray]:
    images = np.random.default_rng(seed).integers(100, 256, (count, SIDE, SIDE, 3), dtype=np.uint8)
    return images, np.arange(count, dtype=np.float32)[:, None]


@pytest.mark.parametrize(
    ("count", "parts"), [(1, [1]), (2, [2]), (3, [2, 1]), (5, [4, 1]), (8, [8]), (23, [16, 4, 2, 1])]
)
def test_a_batch_is_painted_in_powers_of_two_and_keeps_its_order(count: int, parts: list[int]) -> None:
    device = Watched()
    images, rows = batch(count)
    painted = GraphRunner(device, negative, 1).paint(images, rows)
    assert np.array_equal(painted, 255 - images + rows[:, :, None, None].astype(np.uint8))
    assert device.queued == [part * PIXELS for part in parts]


def test_a_size_is_captured_when_it_comes_again() -> None:
    device = Watched()
    graph_runner, other = GraphRunner(device, negative, 1), GraphRunner(device, negative, 1)
    images, rows = batch(2)
    for captured in (0, 1, 1):
        assert np.array_equal(graph_runner.paint(images, rows)[0], 255 - images[0])
        assert device.captured == len(device.graphs) == captured
    other.paint(images, rows)
    graph_runner.paint(*batch(1))
    assert device.captured == 1


def test_a_size_is_captured_once_and_its_memory_used_again() -> None:
    device = Watched()
    graph_runner = GraphRunner(device, negative, 1)
    first = [graph_runner.paint(*batch(5, seed)).copy() for seed in range(3)]
    assert device.captured == len(device.graphs) == 2
    graph: CapturedGraph = device.graphs.get(graph_runner._owner, (4, SIDE, SIDE, 3), lambda: None)
    memory = [tensor.data_ptr() for tensor in graph._host_inputs]
    again = [graph_runner.paint(*batch(5, seed)) for seed in range(3)]
    assert device.captured == 2
    assert [tensor.data_ptr() for tensor in graph._host_inputs] == memory
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert not np.shares_memory(again[0], graph._host_outputs[0].numpy())


def test_what_is_too_large_to_be_captured_is_painted_and_forgotten() -> None:
    device = Watched()
    graph_runner = GraphRunner(device, negative, CAPTURED_BYTES // (2 * PIXELS))
    for _ in range(2):
        graph_runner.paint(*batch(2))
    assert (device.captured, len(device.graphs), device.trimmed) == (1, 1, 0)
    images, rows = batch(4)
    for _ in range(2):
        assert np.array_equal(graph_runner.paint(images, rows)[0], 255 - images[0])
    assert (device.captured, len(device.graphs), device.trimmed) == (1, 1, 2)


def test_graphs_go_with_their_press() -> None:
    device = Watched()
    gone, stays = GraphRunner(device, negative, 1), GraphRunner(device, negative, 1)
    for graph_runner in (gone, stays) * 2:
        graph_runner.paint(*batch(1))
    assert len(device.graphs) == 2
    del gone, graph_runner
    stays.paint(*batch(1))
    assert len(device.graphs) == 1


def test_the_memory_of_a_graph_goes_with_it() -> None:
    device = Watched()
    graph = CapturedGraph(device, negative, ((1, SIDE, SIDE, 3), (1, 1)), captured=True)
    gone = weakref.ref(graph._inputs[0])
    del graph
    assert gone() is None


def test_a_picture_that_is_not_sound_is_told_and_the_next_one_is_painted() -> None:
    graph_runner = GraphRunner(Watched(), negative, 1)
    images, rows = batch(3)
    images[1, 0, 0, 0] = 13
    with pytest.raises(Unpaintable, match="cannot hold"):
        graph_runner.paint(images, rows)
    images, rows = batch(3, 1)
    assert np.array_equal(graph_runner.paint(images, rows)[0], 255 - images[0])


def test_what_fails_waits_for_the_graphs_that_are_still_at_work() -> None:
    """Their memory is free from then on: one picture could come out in another's place."""
    device = Late()
    graph_runner = GraphRunner(device, negative, 1)
    images, rows = batch(3)
    images[0, 0, 0, 0] = 13  # of the two that are painted first
    with pytest.raises(Unpaintable):
        graph_runner.paint(images, rows)
    assert not device.under_way
    images, rows = batch(3, 1)
    assert np.array_equal(graph_runner.paint(images, rows)[0], 255 - images[0])


def test_a_batch_that_fails_half_way_leaves_nothing_behind() -> None:
    device = Watched(most_pixels=2 * PIXELS)
    graph_runner = GraphRunner(device, negative, 1)
    with pytest.raises(torch.OutOfMemoryError):
        graph_runner.paint(*batch(5))
    images, rows = batch(3, 1)
    assert np.array_equal(graph_runner.paint(images, rows)[0], 255 - images[0])


def full(images: PixelBatch, rows: np.ndarray) -> PixelBatch:
    raise torch.OutOfMemoryError("CUDA out of memory")


def sick(images: PixelBatch, rows: np.ndarray) -> PixelBatch:
    raise RuntimeError("CUDA error: device-side assert triggered")


def test_where_there_is_no_room_memory_is_given_back_and_the_next_way_taken() -> None:
    device = Watched()
    images, rows = batch(1)
    graph_runner = GraphRunner(device, negative, 1)
    for _ in range(2):
        graph_runner.paint(images, rows)
    assert len(device.graphs) == 1
    assert first_with_memory(device, [full, lambda i, r: i], images, rows) is images
    assert (device.released, len(device.graphs)) == (1, 0)
    with pytest.raises(MemoryError, match="cpu has no room to paint 64 pixels"):
        first_with_memory(device, [full, full], images, rows)
    assert device.released == 3


def test_a_device_that_is_sick_says_so_at_once() -> None:
    device = Watched()
    with pytest.raises(RuntimeError, match="assert"):
        first_with_memory(device, [sick, full], *batch(1))
    assert device.released == 0
