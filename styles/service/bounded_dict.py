"""Keep a limited number of entries, the least recently used of which goes first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class BoundedDict(OrderedDict[K, V]):
    """Hold at most `limit` entries, in the order of their last use.

    Setting an entry uses it; reading one does not, except by `get_or_add`.
    """

    def __init__(self, limit: int) -> None:
        super().__init__()
        self.limit = limit

    def __setitem__(self, key: K, value: V) -> None:
        """Set an entry and make it the last used; over the limit, drop the least recently used one."""
        super().__setitem__(key, value)
        self.move_to_end(key)
        if len(self) > self.limit:
            self.popitem(last=False)

    def get_or_add(self, key: K, make: Callable[[], V]) -> V:
        """Return an entry and make it the last used; add the result of `make` first where it is missing."""
        if key in self:
            self.move_to_end(key)
        else:
            self[key] = make()
        return self[key]
