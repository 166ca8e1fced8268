"""Allocate, copy and compute by torch on a GPU, or on the CPU in its place for tests.

On a GPU, one stream uploads, one paints and one downloads. So the second of two sizes is uploaded while the
first is painted. The painting of a size is captured once as a CUDA graph: some 300 kernels start as one.
`torch.compile` would fuse them too, but needs a C compiler on the user's machine, and tens of seconds a size.
"""

from __future__ import annotations

import functools
import logging
import sys
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import torch
from torch import Tensor

from styles.errors import BadOption
from styles.inference.torch_backend.graph_cache import GraphCache

log = logging.getLogger(__name__)

#: Tensors to copy: (to, from).
Copies: TypeAlias = Sequence[tuple[Tensor, Tensor]]

#: Paintings of a size before it is captured. cuDNN tries its algorithms in the first; all allocations are
#: done by the third, as torch's documentation asks.
WARM_UPS = 3
#: Words of the errors for too little memory that are no `torch.OutOfMemoryError`: driver, cuDNN, CPU.
FULL = ("out of memory", "ALLOC_FAILED", "can't allocate memory")


class Device:
    """Compute on the CPU, in one thread; only `graphs.forget` may be called from others."""

    def __init__(self, name: str = "cpu") -> None:
        self.torch = torch.device(name)
        self.graphs = GraphCache()

    def type_for(self, half: torch.dtype) -> torch.dtype:
        """Return the type in which a network computes; `half`: its half precision on a GPU."""
        return torch.float32

    def on_host(self, sizes: Sequence[int], dtype: torch.dtype) -> Tensor:
        """Allocate memory of the processor for copies to and from the device."""
        return torch.empty(*sizes, dtype=dtype)

    def free_bytes(self) -> int:
        """Return the bytes that are free for activations."""
        return sys.maxsize

    def capture(self, work: Callable[[], None]) -> Callable[[], None]:
        """Record work that will be repeated with the same tensors."""
        return work

    def queue(self, up: Copies, work: Callable[[], None], down: Copies) -> Callable[[], None]:
        """Copy, work and copy back; return a function that waits for the end."""
        for to, source in up:
            to.copy_(source)
        work()
        for to, source in down:
            to.copy_(source)
        return lambda: None

    def wait(self) -> None:
        """Wait for all work."""

    def release(self) -> None:
        """Wait, then release all memory that is kept for speed."""
        self.wait()
        self.graphs.clear()
        self.trim()

    def trim(self) -> None:
        """Release unused memory, after a large photo."""


class Cuda(Device):
    """Compute on a GPU, such as "cuda:0"."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._up, self._work, self._down = (torch.cuda.Stream(self.torch) for _ in range(3))  # type: ignore[no-untyped-call]
        self._pool: Any = None
        self._captures = True

    def type_for(self, half: torch.dtype) -> torch.dtype:
        """Return `half`, in which a GPU computes."""
        return half

    def on_host(self, sizes: Sequence[int], dtype: torch.dtype) -> Tensor:
        """Allocate pinned memory, which the GPU copies by itself."""
        return torch.empty(*sizes, dtype=dtype, pin_memory=True)

    def free_bytes(self) -> int:
        """Return the free memory of the GPU and torch's unused part, without the activations of graphs."""
        free, _ = torch.cuda.mem_get_info(self.torch)
        kept = torch.cuda.memory_reserved(self.torch) - torch.cuda.memory_allocated(self.torch)
        return max(0, free + kept - self.graphs.shared)

    def capture(self, work: Callable[[], None]) -> Callable[[], None]:
        """Record the work as a CUDA graph; after a failed capture, return all work unchanged."""
        cudnn = torch.backends.cudnn.flags(enabled=True, benchmark=True, deterministic=False, allow_tf32=True)
        # The stream's own context: after a failed capture, torch leaves its stream the current one.
        with torch.cuda.device(self.torch), torch.cuda.stream(self._work), cudnn:
            self._warm_up(work)
            try:
                return self._graph(work) if self._captures else work
            except RuntimeError as error:
                if is_out_of_memory(error):
                    raise
                self._captures = False  # torch never frees the memory of a failed capture
                log.warning("%s paints without CUDA graphs: %s", self.torch, error)
                return work

    def _warm_up(self, work: Callable[[], None]) -> None:
        """Repeat the work before its capture. Raises `torch.OutOfMemoryError` where a graph would not fit."""
        self._work.wait_stream(torch.cuda.default_stream())
        needed = 0
        for _ in range(WARM_UPS):
            torch.cuda.reset_peak_memory_stats()  # in the first, cuDNN's trials take more
            before = torch.cuda.memory_allocated()
            work()
            needed = torch.cuda.max_memory_allocated() - before
        torch.cuda.synchronize()
        torch.cuda.empty_cache()
        free, _ = torch.cuda.mem_get_info()
        if needed > free + self.graphs.shared:
            raise torch.OutOfMemoryError(f"a graph would take {needed:,} bytes, {free:,} are free")

    def _graph(self, work: Callable[[], None]) -> Callable[[], None]:
        """Capture a graph in the pool of activations, which all share: only one is replayed at a time.

        A pool cannot be used after its last graph is gone, so the next graph makes a new one.
        """
        if not len(self.graphs):
            self._pool = torch.cuda.graph_pool_handle()
        before, graph = torch.cuda.memory_reserved(), torch.cuda.CUDAGraph()
        # Other threads of a runner decode and encode; they must not disturb the capture.
        with torch.cuda.graph(graph, self._pool, self._work, capture_error_mode="thread_local"):
            work()
        self.graphs.shared += max(0, torch.cuda.memory_reserved() - before)
        return graph.replay

    def queue(self, up: Copies, work: Callable[[], None], down: Copies) -> Callable[[], None]:
        """Copy, work and copy back, each on its own stream; the processor sleeps while it waits."""
        self._up.wait_stream(torch.cuda.default_stream(self.torch))
        self._copy(self._up, up)
        self._work.wait_stream(self._up)
        with torch.cuda.stream(self._work):
            work()
        self._down.wait_stream(self._work)
        self._copy(self._down, down)
        done = torch.cuda.Event(blocking=True)  # type: ignore[no-untyped-call]
        done.record(self._down)
        return done.synchronize

    def _copy(self, stream: torch.cuda.Stream, copies: Copies) -> None:
        with torch.cuda.stream(stream):
            for to, source in copies:
                to.copy_(source, non_blocking=True)

    def wait(self) -> None:
        """Wait for all work of the GPU."""
        torch.cuda.synchronize(self.torch)

    def trim(self) -> None:
        """Return torch's unused memory to the GPU."""
        with torch.cuda.device(self.torch):
            torch.cuda.empty_cache()


def open_device(name: str) -> Device:
    """Open the device "cpu", "cuda" or "cuda:1". Raises `BadOption` where torch finds no such GPU."""
    if name != "cpu":
        require_cuda(name)
    return _opened("cuda:0" if name == "cuda" else name)


@functools.cache
def _opened(name: str) -> Device:
    """Make a device once in a process: all sessions share its memory, and release it together."""
    return Device() if name == "cpu" else Cuda(name)


def require_cuda(name: str) -> None:
    """Raise `BadOption` unless torch finds the GPU of that name: "cuda" or "cuda:0" is the first."""
    kind, _, number = name.partition(":")
    if kind != "cuda" or not (number.isdecimal() or name == "cuda"):
        raise BadOption(f"“{name}” is no device: name cpu, cuda or cuda:1.")
    if int(number or 0) >= (found := torch.cuda.device_count()):
        gpus = {0: "no GPU", 1: "one GPU"}.get(found, f"{found} GPUs")
        raise BadOption(f"There is no {name} here: torch {torch.__version__} finds {gpus}.")


def is_out_of_memory(error: BaseException) -> bool:
    """Return whether an error means that the device has too little memory, and nothing worse.

    A capture that fails so raises a second error at its end; only the first one names the reason.
    """
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, torch.OutOfMemoryError | MemoryError):
            return True
        if isinstance(seen, RuntimeError) and any(word in str(seen) for word in FULL):
            return True
        seen = seen.__cause__ or seen.__context__
    return False
