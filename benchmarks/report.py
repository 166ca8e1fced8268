"""How a measurement is told: its median, its spread, and what it is compared with; or one number."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

#: measure, median, p95, against, ratio, target
Cells: TypeAlias = tuple[str, str, str, str, str, str]


class Line(Protocol):
    """A line of a table."""

    def cells(self) -> Cells:
        """Its cells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One measure; times in seconds."""

    measure: str
    seconds: Sequence[float]
    against: str = ""
    against_seconds: Sequence[float] = ()
    target: float | None = None  #: the median is to be at most this, seconds

    def cells(self) -> Cells:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number that is no time."""

    measure: str
    value: float
    unit: str
    against: str = ""
    against_value: float | None = None
    target: float | None = None  #: the value is to be at most this
    at_least: float | None = None  #: or at least this

    def cells(self) -> Cells:
        """Its line in the table."""
        against = ratio = target = ""
        if self.against_value is not None:
            against = f"{self.against}: {self._told(self.against_value)}"
            ratio = f"{self.value / self.against_value:.2f}"
        if self.target is not None:
            target = f"{self._told(self.target)}: {'reached' if self.value <= self.target else 'missed'}"
        if self.at_least is not None:
            reached = "reached" if self.value >= self.at_least else "missed"
            target = f"at least {self._told(self.at_least)}: {reached}"
        return self.measure, self._told(self.value), "", against, ratio, target

    def _told(self, value: float) -> str:
        return f"{value:,.3g} {self.unit}" if value < 100 else f"{value:,.0f} {self.unit}"
