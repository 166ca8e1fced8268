"""Hold what a benchmark reports: rows of a table, and profiles that show where time goes.

    Entry     a row as it is kept and shown: the measure, a peer's in the same run, ratio, target, reached
    Row       a measure in seconds, with its spread, against a peer's    -> Entry
    Figure    one number that is no time                                 -> Entry
    Missing   a measure that cannot be taken here, and why               -> Entry
    Profile   a table: the parts of one measure

A row with a target may carry a `note`: the name of an explanation in `benchmarks/notes.toml`, which the
document shows if the target is missed.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

#: Headings of `Entry.cells`.
HEADINGS = ("measure", "ours", "spread", "against", "ratio", "target", "reached")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Hold one row of results.json and of the tables; every text is as it is shown."""

    measure: str
    ours: str  #: the median, with its unit; empty where it could not be taken
    spread: str = ""  #: least to greatest, and of how many
    against: str = ""  #: whose measure it is compared with, and what that was
    ratio: str = ""
    target: str = ""
    reached: bool | None = None  #: None: there is no target, or nothing could be measured
    note: str = ""  #: explanation of a miss, by its name in notes.toml
    missing: str = ""  #: why it, or its peer, could not be measured
    value: float | None = None  #: `ours` as a number: seconds, or the figure's unit
    peer: float | None = None  #: the peer's, in the same unit

    def cells(self) -> tuple[str, ...]:
        """Return the row's cells, in the order of `HEADINGS`."""
        verdict = {True: "yes", False: "no", None: ""}[self.reached] or self.missing
        return self.measure, self.ours, self.spread, self.against, self.ratio, self.target, verdict


class ReportLine(Protocol):
    """Make an entry of itself."""

    def entry(self) -> Entry:
        """Return the measure as it is shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Hold one measure; times are in seconds, medians are compared."""

    measure: str
    seconds: Sequence[float]
    against: str = ""
    against_seconds: Sequence[float] = ()
    target: float | None = None  #: the median is to be at most this, seconds
    faster: float | None = None  #: or at most the peer's divided by this
    note: str = ""

    def entry(self) -> Entry:
        """Return the measure as it is shown, with the ratio as faster or slower."""
        median = statistics.median(self.seconds)
        peer = statistics.median(self.against_seconds) if self.against_seconds else None
        return Entry(
            measure=self.measure,
            ours=_time(median),
            spread=self._spread(),
            against=f"{self.against}: {_time(peer)}" if peer is not None else "",
            ratio=_faster(peer / median) if peer else "",
            target=self._target(),
            reached=self._reached(median, peer),
            note=self.note,
            value=median,
            peer=peer,
        )

    def _spread(self) -> str:
        if len(self.seconds) < 2:
            return ""
        return f"{_time(min(self.seconds))} to {_time(max(self.seconds))}, {len(self.seconds)}"

    def _target(self) -> str:
        if self.faster is not None:
            return times_faster(self.faster)
        return "" if self.target is None else f"at most {_time(self.target)}"

    def _reached(self, median: float, peer: float | None) -> bool | None:
        if self.faster is not None and peer is not None:
            return peer / median >= self.faster
        return None if self.target is None else median <= self.target


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """Hold one number that is no time."""

    measure: str
    value: float
    unit: str
    against: str = ""
    against_value: float | None = None
    target: float | None = None  #: the value is to be at most this
    at_least: float | None = None  #: or at least this
    part: float | None = None  #: or at least this part of the peer's
    note: str = ""

    def entry(self) -> Entry:
        """Return the number as it is shown; its ratio is the part of the peer's."""
        peer = self.against_value
        return Entry(
            measure=self.measure,
            ours=self._worded(self.value),
            against=f"{self.against}: {self._worded(peer)}" if peer is not None else "",
            ratio=f"{self.value / peer:.2f}" if peer else "",
            target=self._target(),
            reached=self._reached(),
            note=self.note,
            value=self.value,
            peer=peer,
        )

    def _target(self) -> str:
        if self.part is not None:
            return f"at least {self.part:.0%} of it"
        if self.at_least is not None:
            return f"at least {self._worded(self.at_least)}"
        return "" if self.target is None else f"at most {self._worded(self.target)}"

    def _reached(self) -> bool | None:
        if self.part is not None:
            return self.against_value is not None and self.value >= self.part * self.against_value
        if self.at_least is not None:
            return self.value >= self.at_least
        return None if self.target is None else self.value <= self.target

    def _worded(self, value: float) -> str:
        return f"{value:,.3g} {self.unit}" if abs(value) < 100 else f"{value:,.0f} {self.unit}"


class PeerUnavailable(Exception):
    """Report that a peer is not installed or does not start, and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """Hold a measure that could not be taken: its peer is not installed, or does not run here."""

    measure: str
    why: str
    target: str = ""

    def entry(self) -> Entry:
        """Return the reason as it is shown."""
        return Entry(measure=self.measure, ours="", target=self.target, missing=self.why)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Hold a table of texts that shows where the time of a measure goes."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""  #: explanation below it, by its name in notes.toml


#: What a benchmark reports: rows and profiles, in any order.
Finding: TypeAlias = ReportLine | Profile


def times_faster(faster: float) -> str:
    """Return the target of being this number of times faster."""
    return f"at least {faster:g}x faster"


def _time(seconds: float) -> str:
    if abs(seconds) >= 10:
        return f"{seconds:,.1f} s"
    return f"{seconds * 1000:,.1f} ms" if abs(seconds) >= 0.001 else f"{seconds * 1e6:,.0f} µs"


def _faster(ratio: float) -> str:
    return f"{ratio:.3g}x faster" if ratio >= 1 else f"{1 / ratio:.3g}x slower"
