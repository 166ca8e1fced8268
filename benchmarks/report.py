"""How a measurement is told: its median, its spread, and what it is compared with."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One measure; times in seconds."""

    measure: str
    seconds: Sequence[float]
    against: str = ""
    against_seconds: Sequence[float] = ()
    target: float | None = None  #: the median is to be at most this, seconds

    def cells(self) -> tuple[str, str, str, str, str, str]:
        """Its line in the table."""
        median = statistics.median(self.seconds)
        p95 = sorted(self.seconds)[int(0.95 * (len(self.seconds) - 1))]
        against = ratio = target = ""
        if self.against_seconds:
            other = statistics.median(self.against_seconds)
            against, ratio = f"{self.against}: {other * 1000:.1f} ms", f"{median / other:.2f}"
        if self.target is not None:
            target = f"{self.target * 1000:.0f} ms: {'reached' if median <= self.target else 'missed'}"
        return self.measure, f"{median * 1000:.1f} ms", f"{p95 * 1000:.1f} ms", against, ratio, target
