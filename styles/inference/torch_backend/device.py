"""Where torch paints: a GPU, or the CPU by which tests hold the GPU's way of working to account.

    open_device   the device of that name; there is one of each in a process
    Device        the CPU: float32, and everything is done when it is asked for
    Cuda          half precision, pinned memory, streams and CUDA graphs; all that is CUDA's own is here
    is_full       what an error means

On a GPU, bytes go up on one stream, are painted on another and come down on a third, so that of two sizes
the second goes up while the first is painted. The painting of a size is captured once as a CUDA graph: some
300 kernels start as one. `torch.compile` would fuse them too, but needs a C compiler on the user's machine,
and tens of seconds a size.
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

#: (to, from): what is copied.
Copies: TypeAlias = Sequence[tuple[Tensor, Tensor]]

#: Times that a size is painted before it is captured: cuDNN tries its algorithms in the first, and what is
#: allocated once is there by the third, as torch's documentation asks.
WARM_UPS = 3
#: What errors say besides `torch.OutOfMemoryError` when there is no memory: the driver, cuDNN, the CPU.
FULL = ("out of memory", "ALLOC_FAILED", "can't allocate memory")


class Device:
    """The CPU. For one thread, but for `graphs.forget`."""

    def __init__(self, name: str = "cpu") -> None:
        self.torch = torch.device(name)
        self.graphs = GraphCache()

    def type_for(self, half: torch.dtype) -> torch.dtype:
        """What a network computes in that says which half precision it can do with."""
        return torch.float32

    def on_host(self, sizes: Sequence[int], dtype: torch.dtype) -> Tensor:
        """Memory of the processor, from which and to which the device copies."""
        return torch.empty(*sizes, dtype=dtype)

    def room(self) -> int:
        """Bytes that are free for activations."""
        return sys.maxsize

    def capture(self, work: Callable[[], None]) -> Callable[[], None]:
        """The same work, to be done again and again with the same tensors."""
        return work

    def queue(self, up: Copies, work: Callable[[], None], down: Copies) -> Callable[[], None]:
        """Copies, works, copies. Returns what waits for the end of it."""
        for to, source in up:
            to.copy_(source)
        work()
        for to, source in down:
            to.copy_(source)
        return lambda: None

    def wait(self) -> None:
        """Until all is done that was ever begun."""

    def release(self) -> None:
        """Gives back all memory that is kept for speed, once nothing is at work in it."""
        self.wait()
        self.graphs.clear()
        self.trim()

    def trim(self) -> None:
        """Gives back what is kept for nothing, after a large photo."""


class Cuda(Device):
    """A GPU: "cuda:0"."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._up, self._work, self._down = (torch.cuda.Stream(self.torch) for _ in range(3))  # type: ignore[no-untyped-call]
        self._pool: Any = None
        self._captures = True

    def type_for(self, half: torch.dtype) -> torch.dtype:
        """See `Device`."""
        return half

    def on_host(self, sizes: Sequence[int], dtype: torch.dtype) -> Tensor:
        """Pinned: the GPU copies it by itself, while the processor does other things."""
        return torch.empty(*sizes, dtype=dtype, pin_memory=True)

    def room(self) -> int:
        """Free memory of the GPU, and what torch keeps of it for nothing; not the activations of graphs."""
        free, _ = torch.cuda.mem_get_info(self.torch)
        kept = torch.cuda.memory_reserved(self.torch) - torch.cuda.memory_allocated(self.torch)
        return max(0, free + kept - self.graphs.shared)

    def capture(self, work: Callable[[], None]) -> Callable[[], None]:
        """A CUDA graph of the work; where none can be had, from now on the work as it is."""
        cudnn = torch.backends.cudnn.flags(enabled=True, benchmark=True, deterministic=False, allow_tf32=True)
        # The stream's own context: where a capture fails, torch leaves its stream the current one.
        with torch.cuda.device(self.torch), torch.cuda.stream(self._work), cudnn:
            self._warm_up(work)
            try:
                return self._graph(work) if self._captures else work
            except RuntimeError as error:
                if is_full(error):
                    raise
                self._captures = False  # torch never gives back what a failed capture has taken
                log.warning("%s paints without CUDA graphs: %s", self.torch, error)
                return work

    def _warm_up(self, work: Callable[[], None]) -> None:
        """Raises `torch.OutOfMemoryError` also where there would be no room for a graph beside the rest."""
        self._work.wait_stream(torch.cuda.default_stream())
        wanted = 0
        for _ in range(WARM_UPS):
            torch.cuda.reset_peak_memory_stats()  # in the first, cuDNN's trials take more
            before = torch.cuda.memory_allocated()
            work()
            wanted = torch.cuda.max_memory_allocated() - before
        torch.cuda.synchronize()
        torch.cuda.empty_cache()
        free, _ = torch.cuda.mem_get_info()
        if wanted > free + self.graphs.shared:
            raise torch.OutOfMemoryError(f"a graph would take {wanted:,} bytes, {free:,} are free")

    def _graph(self, work: Callable[[], None]) -> Callable[[], None]:
        """All graphs share one pool of activations, since they are never replayed side by side.

        It may not be used any more once its last graph is gone, so the first of new ones brings its own.
        """
        if not len(self.graphs):
            self._pool = torch.cuda.graph_pool_handle()
        before, graph = torch.cuda.memory_reserved(), torch.cuda.CUDAGraph()
        # Other threads of a runner decode and encode; none of them may spoil the capture.
        with torch.cuda.graph(graph, self._pool, self._work, capture_error_mode="thread_local"):
            work()
        self.graphs.shared += max(0, torch.cuda.memory_reserved() - before)
        return graph.replay

    def queue(self, up: Copies, work: Callable[[], None], down: Copies) -> Callable[[], None]:
        """See `Device`: a stream for each step. The processor sleeps while it waits, or decodes."""
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
        """See `Device`."""
        torch.cuda.synchronize(self.torch)

    def trim(self) -> None:
        """See `Device`."""
        with torch.cuda.device(self.torch):
            torch.cuda.empty_cache()


def open_device(name: str) -> Device:
    """The device "cpu", "cuda" or "cuda:1". Raises `BadOption` where torch finds no such GPU."""
    if name != "cpu":
        require_cuda(name)
    return _opened("cuda:0" if name == "cuda" else name)


@functools.cache
def _opened(name: str) -> Device:
    """One a process: its memory is shared by all sessions, and all must go where there is no more."""
    return Device() if name == "cpu" else Cuda(name)


def require_cuda(name: str) -> None:
    """Raises `BadOption` unless torch finds the GPU of that name: "cuda" or "cuda:0" is the first."""
    kind, _, number = name.partition(":")
    if kind != "cuda" or not (number.isdecimal() or name == "cuda"):
        raise BadOption(f"“{name}” is no device: name cpu, cuda or cuda:1.")
    if int(number or 0) >= (found := torch.cuda.device_count()):
        gpus = {0: "no GPU", 1: "one GPU"}.get(found, f"{found} GPUs")
        raise BadOption(f"There is no {name} here: torch {torch.__version__} finds {gpus}.")


def is_full(error: BaseException) -> bool:
    """Whether an error means that the device has no more memory, and is well otherwise.

    Where a capture fails for it, its end fails as well, and only the error before tells why.
    """
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, torch.OutOfMemoryError | MemoryError):
            return True
        if isinstance(seen, RuntimeError) and any(word in str(seen) for word in FULL):
            return True
        seen = seen.__cause__ or seen.__context__
    return False
