"""What a device keeps of the sizes that it painted lately, so that they need not be made ready again.

A captured graph (`styles/inference/torch_backend/graph_runner.py`) is one size of one session. All sessions
of a device share the room for them: the activations are the same memory for all, and where there is no more,
all have to go.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable, Hashable
from typing import Any, Protocol

#: Sizes kept: long sides of 1024 pixels come in some 16 sizes, alone or in batches of two and four.
MOST_GRAPHS = 64
#: Bytes kept for all of them: their pixels, and once the activations of the largest.
GRAPH_BYTES = 1_600_000_000

#: Sizes that are remembered, as a multiple of those kept.
MET = 4


class CachedGraph(Protocol):
    """What is kept for one size."""

    @property
    def bytes(self) -> int:
        """Memory of its own."""


class GraphCache:
    """Captured graphs by the session that they are of and their size; the least recently used goes first.

    Activations are shared by all and come back only with the last of them, so where bytes run out, all go.
    """

    def __init__(self, most: int = MOST_GRAPHS, most_bytes: int = GRAPH_BYTES) -> None:
        self._most, self._most_bytes = most, most_bytes
        self._graphs: OrderedDict[tuple[object, Hashable], Any] = OrderedDict()
        self._gone: deque[object] = deque()
        self._met: OrderedDict[tuple[object, Hashable], None] = OrderedDict()
        #: Bytes of activations, which all share.
        self.shared = 0

    def __len__(self) -> int:
        return len(self._graphs)

    @property
    def bytes(self) -> int:
        """Of all that is kept."""
        own: int = sum(graph.bytes for graph in self._graphs.values())
        return self.shared + own

    def met(self, owner: object, size: Hashable) -> bool:
        """Whether that size was asked for lately; it is from now on. What comes once is not worth a captured
        graph.
        """
        known = (owner, size) in self._met
        self._met[owner, size] = None
        self._met.move_to_end((owner, size))
        if len(self._met) > MET * self._most:
            self._met.popitem(last=False)
        return known

    def get(self, owner: object, size: Hashable, make: Callable[[], Any]) -> Any:
        """The captured graph of that size; made where there is none."""
        self._forget_gone()
        graph = self._graphs.get((owner, size))
        if graph is None:
            if self.bytes >= self._most_bytes:
                self.clear()
            while len(self._graphs) >= self._most:
                self._graphs.popitem(last=False)
            graph = self._graphs[owner, size] = make()
        self._graphs.move_to_end((owner, size))
        return graph

    def forget(self, owner: object) -> None:
        """Notes that a session is gone. From any thread; its captured graphs go when the next one is asked
        for.
        """
        self._gone.append(owner)

    def clear(self) -> None:
        """Drops all."""
        self._graphs.clear()
        self.shared = 0

    def _forget_gone(self) -> None:
        while self._gone:
            owner = self._gone.popleft()
            for key in [key for key in self._graphs if key[0] is owner]:
                del self._graphs[key]
            if not self._graphs:
                self.shared = 0
