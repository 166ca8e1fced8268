"""`python -m benchmarks [NAME…]`: runs all benchmarks, or those named, and prints a table for each."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Coroutine, Sequence

from rich.console import Console
from rich.table import Table

from benchmarks import engine, full_size, mail_latency, publishing, throughput
from benchmarks.report import Line

#: What can be run, by name.
BENCHMARKS: dict[str, Callable[[], Coroutine[None, None, Sequence[Line]]]] = {
    "engine": engine.run,
    "full-size": full_size.run,
    "mail-latency": mail_latency.run,
    "publishing": publishing.run,
    "throughput": throughput.run,
}


def main(names: list[str]) -> int:
    """Runs the benchmarks named, or all; the exit code tells whether the names were known."""
    console = Console()
    if unknown := set(names) - BENCHMARKS.keys():
        console.print(f"Unknown: {', '.join(sorted(unknown))}. There are: {', '.join(BENCHMARKS)}.")
        return 2
    for name in names or BENCHMARKS:
        rows = asyncio.run(BENCHMARKS[name]())
        table = Table("measure", "median", "p95", "against", "ratio", "target", title=name)
        for row in rows:
            table.add_row(*row.cells())
        console.print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
