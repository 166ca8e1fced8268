"""Where torch paints: a GPU, or the CPU by which tests hold the GPU's way of working to account.

    open_device   the device of that name; there is one of each in a process
    Device        the CPU: float32, and everything is done when it is asked for
    Cuda          half precision, pinned memory, streams and CUDA graphs; all that is CUDA's own is here
    Plates        what a device keeps of the sizes that it painted lately

On a GPU, bytes go up on one stream, are painted on another and come down on a third, so that of two sizes
the second goes up while the first is painted. The painting of a size is captured once as a CUDA graph: some
300 kernels start as one. `torch.compile` would fuse them too, but needs a C compiler on the user's machine,
and tens of seconds a size.
"""

from __future__ import annotations

import functools
import sys
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable, Sequence
from typing import Any, Protocol, TypeAlias

import torch
from torch import Tensor

from styles.errors import BadOption

#: (to, from): what is copied.
Copies: TypeAlias = Sequence[tuple[Tensor, Tensor]]

#: Times that a size is painted before it is captured: cuDNN tries its algorithms in the first, and what is
#: allocated once is there by the third, as torch's documentation asks.
WARM_UPS = 3
#: Sizes kept: long sides of 1024 pixels come in some 16 sizes, alone or in batches of two and four.
MOST_PLATES = 64
#: Bytes kept for all of them: their pixels, and once the activations of the largest.
PLATE_BYTES = 1_600_000_000
#: What errors say besides `torch.OutOfMemoryError` when there is no memory: the driver, cuDNN, the CPU.
FULL = ("out of memory", "ALLOC_FAILED", "can't allocate memory")


class Plate(Protocol):
    """What is kept for one size."""

    @property
    def bytes(self) -> int:
        """Memory of its own."""


class Plates:
    """Plates by the canvas that they are of and their size; the least recently used goes first.

    Activations are shared by all and come back only with the last of them, so where bytes run out, all go.
    """

    def __init__(self, most: int = MOST_PLATES, most_bytes: int = PLATE_BYTES) -> None:
        self._most, self._most_bytes = most, most_bytes
        self._plates: OrderedDict[tuple[object, Hashable], Any] = OrderedDict()
        self._gone: deque[object] = deque()
        #: Bytes of activations, which all share.
        self.shared = 0

    def __len__(self) -> int:
        return len(self._plates)

    @property
    def bytes(self) -> int:
        """Of all that is kept."""
        own: int = sum(plate.bytes for plate in self._plates.values())
        return self.shared + own

    def get(self, owner: object, size: Hashable, make: Callable[[], Any]) -> Any:
        """The plate of that size; made where there is none."""
        self._forget_gone()
        plate = self._plates.get((owner, size))
        if plate is None:
            if self.bytes >= self._most_bytes:
                self.clear()
            while len(self._plates) >= self._most:
                self._plates.popitem(last=False)
            plate = self._plates[owner, size] = make()
        self._plates.move_to_end((owner, size))
        return plate

    def forget(self, owner: object) -> None:
        """Notes that a canvas is gone. From any thread; its plates go when the next one is asked for."""
        self._gone.append(owner)

    def clear(self) -> None:
        """Drops all."""
        self._plates.clear()
        self.shared = 0

    def _forget_gone(self) -> None:
        while self._gone:
            owner = self._gone.popleft()
            for key in [key for key in self._plates if key[0] is owner]:
                del self._plates[key]
            if not self._plates:
                self.shared = 0


class Device:
    """The CPU. For one thread, but for `plates.forget`."""

    def __init__(self, name: str = "cpu") -> None:
        self.torch = torch.device(name)
        self.plates = Plates()

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

    def release(self) -> None:
        """Gives back all memory that is kept for speed."""
        self.plates.clear()
        self.trim()

    def trim(self) -> None:
        """Gives back what is kept for nothing, after a large photo."""


class Cuda(Device):
    """A GPU: "cuda:0"."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._up, self._work, self._down = (torch.cuda.Stream(self.torch) for _ in range(3))  # type: ignore[no-untyped-call]
        self._pool: Any = None

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
        return max(0, free + kept - self.plates.shared)

    def capture(self, work: Callable[[], None]) -> Callable[[], None]:
        """A CUDA graph of the work. All share one pool of activations: they are never replayed side by side.

        A pool may not be used any more once its last graph is gone, so the first of new ones brings its own.
        """
        if not len(self.plates):
            self._pool = torch.cuda.graph_pool_handle()
        cudnn = torch.backends.cudnn.flags(enabled=True, benchmark=True, deterministic=False, allow_tf32=True)
        with torch.cuda.device(self.torch), cudnn:
            self._work.wait_stream(torch.cuda.current_stream())
            with torch.cuda.stream(self._work):
                for _ in range(WARM_UPS):
                    work()
            torch.cuda.synchronize()
            torch.cuda.empty_cache()
            before = torch.cuda.memory_reserved()
            graph = torch.cuda.CUDAGraph()
            # Other threads of a runner decode and encode; none may spoil the capture.
            capturing = torch.cuda.graph(graph, self._pool, self._work, capture_error_mode="thread_local")
            with capturing:
                work()
            self.plates.shared += max(0, torch.cuda.memory_reserved() - before)
        return graph.replay

    def queue(self, up: Copies, work: Callable[[], None], down: Copies) -> Callable[[], None]:
        """See `Device`: a stream for each step. The processor sleeps while it waits, or decodes."""
        self._up.wait_stream(torch.cuda.current_stream(self.torch))
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

    def release(self) -> None:
        """See `Device`; after what is under way."""
        torch.cuda.synchronize(self.torch)
        super().release()

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
    """One a process: its memory is shared by all canvases, and all must go where there is no more."""
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
