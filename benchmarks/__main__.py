"""`python -m benchmarks [NAME…]`: runs all benchmarks, or those named, and prints a table for each."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Coroutine, Sequence

from rich.console import Console
from rich.table import Table

from benchmarks import engine, faults, full_size, kills, mail_latency, mutations, publishing, throughput
from benchmarks.report import Line

#: What can be run, by name: each gives measures, or a table of its own.
BENCHMARKS: dict[str, Callable[[], Coroutine[None, None, Sequence[Line] | Table]]] = {
    "engine": engine.run,
    "faults": faults.run,
    "full-size": full_size.run,
    "kills": kills.run,
    "mail-latency": mail_latency.run,
    "mutations": mutations.run,
    "publishing": publishing.run,
    "throughput": throughput.run,
}


def main(names: list[str]) -> int:
    """Runs the benchmarks named, or all; the exit code tells whether the names were known."""
    console = Console(width=None if sys.stdout.isatty() else 140)  # a pipe has no width of its own
    if unknown := set(names) - BENCHMARKS.keys():
        console.print(f"Unknown: {', '.join(sorted(unknown))}. There are: {', '.join(BENCHMARKS)}.")
        return 2
    for name in names or BENCHMARKS:
        result = asyncio.run(BENCHMARKS[name]())
        console.print(result if isinstance(result, Table) else _table(name, result))
    return 0


def _table(name: str, lines: Sequence[Line]) -> Table:
    table = Table("measure", "median", "p95", "against", "ratio", "target", title=name)
    for line in lines:
        table.add_row(*line.cells())
    return table


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
