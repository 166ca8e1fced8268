"""Read and write results.json: the last result of every benchmark, and its machine.

A run replaces the results of its own benchmarks and keeps those of the others, with their date, their commit
and their machine, so that a reader sees which measures are of different machines. The last result on each
other kind of processor is kept beside the newest: ratios differ between them by three.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks.reporting.findings import Entry, Finding, Profile
from benchmarks.reporting.machine import Facts, processor_kind


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchmarkResult:
    """Hold the result of one benchmark."""

    entries: Sequence[Entry]
    profiles: Sequence[Profile]
    seconds: float  #: that it took
    machine: Facts
    conditions: Facts
    elsewhere: Sequence[BenchmarkResult] = ()  #: the last one on each other kind of processor

    @property
    def kind(self) -> str:
        """Kind of the processor."""
        return processor_kind(self.machine)


#: By the benchmark's name.
Results = Mapping[str, BenchmarkResult]


def result(findings: Sequence[Finding], seconds: float, machine: Facts, conditions: Facts) -> BenchmarkResult:
    """Make a result of a run's findings."""
    return BenchmarkResult(
        entries=[f.entry() for f in findings if not isinstance(f, Profile)],
        profiles=[f for f in findings if isinstance(f, Profile)],
        seconds=round(seconds, 1),
        machine=machine,
        conditions=conditions,
    )


def read(file: Path) -> Results:
    """Read the results; a missing file has none."""
    if not file.exists():
        return {}
    return {name: _result(values) for name, values in json.loads(file.read_text()).items()}


def write(file: Path, results: Results) -> None:
    """Replace the file."""
    values = {name: asdict(result) for name, result in results.items()}
    file.write_text(json.dumps(values, indent=1, ensure_ascii=False) + "\n")


def merged(before: Results, now: Results, order: Sequence[str]) -> Results:
    """Merge new results over old ones; only names of `order` remain, in that order."""
    both = {**before, **{name: _beside(before.get(name), new) for name, new in now.items()}}
    return {name: both[name] for name in order if name in both}


def _beside(old: BenchmarkResult | None, new: BenchmarkResult) -> BenchmarkResult:
    """Keep the old results of other kinds of processors with the new one."""
    known = [] if old is None else [replace(old, elsewhere=()), *old.elsewhere]
    return replace(new, elsewhere=tuple(each for each in known if each.kind != new.kind))


def _result(values: Mapping[str, Any]) -> BenchmarkResult:
    entries = [Entry(**entry) for entry in values["entries"]]
    profiles = [Profile(**profile) for profile in values["profiles"]]
    elsewhere = tuple(_result(each) for each in values.get("elsewhere", ()))
    return BenchmarkResult(**{**values, "entries": entries, "profiles": profiles, "elsewhere": elsewhere})
