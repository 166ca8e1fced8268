"""What torch.cuda would be, as far as graphs and memory go: it counts, and fails when told to. No GPU.

`styles.inference.torch_backend.device.Cuda` has all that is CUDA's own, and without a GPU nothing else would
run it: which stream does what and waits for which, into which pool a size is captured, and what follows where
that fails. Each function of torch.cuda that `Cuda` calls is replaced, and no other.

It cannot show that anything is still under way: streams and events are nothing, since on the CPU all is done
at once. For that there are `tests.fakes.styles.gpus.Late`, and on a GPU the tests marked `ON_GPU`. What a
graph has captured is known by its replays.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator

import pytest
import torch


class Stream:
    """Of a device, or the default one."""

    def __init__(self, device: object = None) -> None:
        self.waited_for: list[Stream] = []

    def wait_stream(self, other: Stream) -> None:
        self.waited_for.append(other)


class Event:
    """Over as soon as it is waited for."""

    waits = 0

    def __init__(self, *, blocking: bool = False) -> None:
        assert blocking  # else a core would spin

    def record(self, stream: Stream) -> None:
        assert isinstance(stream, Stream)

    def synchronize(self) -> None:
        Event.waits += 1


class Graph:
    """Counts."""

    def __init__(self) -> None:
        self.replays = 0

    def replay(self) -> None:
        self.replays += 1


class Cuda:
    """The state behind torch.cuda. Bytes: of the GPU, of what is painted, and of what a capture adds."""

    def __init__(self) -> None:
        self.free, self.activations, self.growth = 1000, 300, 100
        self.reserved = 0
        self.stream = self.default = Stream()
        self.captures: list[tuple[object, Stream]] = []  #: the pool of each, and the stream that was current
        self.pools = itertools.count(1)
        self.failure: Exception | None = None  #: of a capture, raised at its end
        self.calls: list[str] = []

    def install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """In place of torch's."""
        replaced = {
            "Stream": Stream,
            "Event": Event,
            "CUDAGraph": Graph,
            "graph": self._graph,
            "graph_pool_handle": lambda: next(self.pools),
            "stream": self._current,
            "device": lambda _: contextlib.nullcontext(),
            "default_stream": lambda *_: self.default,
            "synchronize": lambda *_: self.calls.append("synchronize"),
            "empty_cache": lambda: self.calls.append("empty_cache"),
            "mem_get_info": lambda *_: (self.free, 2000),
            "memory_reserved": lambda *_: self.reserved,
            "memory_allocated": lambda *_: 0,
            "max_memory_allocated": lambda *_: self.activations,
            "reset_peak_memory_stats": lambda *_: None,
        }
        for name, value in replaced.items():
            monkeypatch.setattr(torch.cuda, name, value)

    @contextlib.contextmanager
    def _current(self, stream: Stream) -> Iterator[None]:
        before, self.stream = self.stream, stream
        try:
            yield
        finally:
            self.stream = before

    @contextlib.contextmanager
    def _graph(self, graph: Graph, pool: object, stream: Stream, capture_error_mode: str) -> Iterator[None]:
        """As torch: where a capture fails, its stream stays the current one."""
        assert capture_error_mode == "thread_local"
        self.captures.append((pool, self.stream))
        self.stream = stream
        yield
        if self.failure:
            raise self.failure
        self.reserved += self.growth
