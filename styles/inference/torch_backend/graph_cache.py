"""Cache the CUDA graphs of image sizes painted lately.

A captured graph (`graph_runner.py`) belongs to one size of one session. All sessions of a device share one
cache, since their activations share one memory.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable
from typing import Any

from styles.service.bounded_dict import BoundedDict

#: Graphs in the cache: long sides of 1024 pixels give some 16 sizes, alone or in batches of two and four.
MOST_GRAPHS = 64
#: Bytes for all of them: the pixels of each, and the activations of the largest.
GRAPH_BYTES = 1_600_000_000
#: Sizes remembered as met, as a multiple of the graphs.
MET = 4


class GraphCache:
    """Keep captured graphs by session and size; the least recently used is dropped first.

    All share their activations, which are freed only with the last graph. So all are dropped where bytes run
    out. A graph tells its own memory as `bytes`.
    """

    def __init__(self, most: int = MOST_GRAPHS, most_bytes: int = GRAPH_BYTES) -> None:
        self._most_bytes = most_bytes
        self._graphs: BoundedDict[tuple[object, Hashable], Any] = BoundedDict(most)
        self._gone: deque[object] = deque()
        self._met: BoundedDict[tuple[object, Hashable], None] = BoundedDict(MET * most)
        #: Bytes of the shared activations.
        self.shared = 0

    def __len__(self) -> int:
        return len(self._graphs)

    @property
    def bytes(self) -> int:
        """Memory of all graphs."""
        own: int = sum(graph.bytes for graph in self._graphs.values())
        return self.shared + own

    def met(self, owner: object, size: Hashable) -> bool:
        """Return whether that size was met lately, and remember it: a size met once is not worth a graph."""
        known = (owner, size) in self._met
        self._met[owner, size] = None
        return known

    def get(self, owner: object, size: Hashable, make: Callable[[], Any]) -> Any:
        """Return the captured graph of that size, or make it."""
        self._forget_gone()
        if (owner, size) not in self._graphs:
            if self.bytes >= self._most_bytes:
                self.clear()
            elif len(self._graphs) == self._graphs.limit:
                self._graphs.popitem(last=False)  # its memory is free before the next graph is made
        return self._graphs.get_or_add((owner, size), make)

    def forget(self, owner: object) -> None:
        """Mark a session as gone, from any thread; the next `get` drops its graphs."""
        self._gone.append(owner)

    def clear(self) -> None:
        """Drop all graphs."""
        self._graphs.clear()
        self.shared = 0

    def _forget_gone(self) -> None:
        while self._gone:
            owner = self._gone.popleft()
            for key in [key for key in self._graphs if key[0] is owner]:
                del self._graphs[key]
            if not self._graphs:
                self.shared = 0
