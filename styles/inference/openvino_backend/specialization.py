"""Styles that are asked for again and again have a model of their own, in which their row is constant.

    SpecializedModels    .find gives a row's own model, once it is worth one

The model of a base takes rows as an input, so that it paints in any style at once. Scales and shifts that are
constants, however, OpenVINO applies while it normalizes, which spares a pass over every layer: a sixth of a
photo's time (53 ms for 64, at 1024 pixels). To compile one costs what is won in seven such photos, and 8 MB.
So a style gets its own when it has been painted some times, and another's place when that is painted no more.

The two round differently: their pictures are the same to a level or two of 255.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt

#: Paintings in a style before it gets its own model: who was asked for so often is asked for again.
WORTH = 4
#: Styles with a model of their own, 32 MB: those that come often are few.
MOST = 4
#: A style that was not painted among so many paintings gives its place to another.
IDLE = 100
#: Rows that are counted; blends have rows too, and there is no end of them.
COUNTED = 256

#: A style row, (R,).
Row = npt.NDArray[np.float32]
M = TypeVar("M")


@dataclass(slots=True)
class _Specialized(Generic[M]):
    model: M
    last: int  #: number of the painting that was last done with it


class SpecializedModels(Generic[M]):
    """Of one base; `compile` makes the model of a row (R,)."""

    def __init__(self, compile: Callable[[Row], M]) -> None:
        self._compile = compile
        self._specialized: dict[bytes, _Specialized[M]] = {}
        self._counts: OrderedDict[bytes, int] = OrderedDict()  # the least recently painted first
        self._paintings = 0

    def find(self, row: Row) -> M | None:
        """For one painting: the row's own model, if it has one by now."""
        self._paintings += 1
        key = row.tobytes()
        if key not in self._specialized and self._count(key) > WORTH and self._has_room():
            self._specialized[key] = _Specialized(self._compile(row), self._paintings)
        specialized = self._specialized.get(key)
        if specialized is None:
            return None
        specialized.last = self._paintings
        return specialized.model

    def _count(self, key: bytes) -> int:
        count = self._counts[key] = self._counts.pop(key, 0) + 1
        if len(self._counts) > COUNTED:
            self._counts.popitem(last=False)
        return count

    def _has_room(self) -> bool:
        """Whether there is a place, if need be that of the style that was painted least lately."""
        if len(self._specialized) < MOST:
            return True
        oldest = min(self._specialized, key=lambda key: self._specialized[key].last)
        if self._paintings - self._specialized[oldest].last <= IDLE:
            return False
        del self._specialized[oldest]
        self._counts.pop(oldest, None)
        return True
