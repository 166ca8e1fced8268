"""What a device keeps of the sizes that it painted lately, so that they need not be made ready again.

A plate (`styles/inference/torch_backend/graph_runner.py`) is one size of one canvas. All canvases of a device
share the room for them: the activations are the same memory for all, and where there is no more, all have to
go.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable, Hashable
from typing import Any, Protocol

#: Sizes kept: long sides of 1024 pixels come in some 16 sizes, alone or in batches of two and four.
MOST_PLATES = 64
#: Bytes kept for all of them: their pixels, and once the activations of the largest.
PLATE_BYTES = 1_600_000_000

#: Sizes that are remembered, as a multiple of those kept.
MET = 4


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
        self._met: OrderedDict[tuple[object, Hashable], None] = OrderedDict()
        #: Bytes of activations, which all share.
        self.shared = 0

    def __len__(self) -> int:
        return len(self._plates)

    @property
    def bytes(self) -> int:
        """Of all that is kept."""
        own: int = sum(plate.bytes for plate in self._plates.values())
        return self.shared + own

    def met(self, owner: object, size: Hashable) -> bool:
        """Whether that size was asked for lately; it is from now on. What comes once is not worth a plate."""
        known = (owner, size) in self._met
        self._met[owner, size] = None
        self._met.move_to_end((owner, size))
        if len(self._met) > MET * self._most:
            self._met.popitem(last=False)
        return known

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
