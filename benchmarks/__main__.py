"""Run all benchmarks, or the named ones, and print a table for each: `python -m benchmarks [NAME…]`.

Measures go into `benchmarks/results.json`, and from there into docs/performance.md. Those that only count
(faults, kills, mutations) are printed. After a change of the explanations in `benchmarks/notes.toml`,
`python -m benchmarks document` writes the page anew. `--minutes` is the duration of the soak; the result of a
shorter one than usual is printed and not kept. `--no-write` leaves both files alone.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.learning import latency as learning
from benchmarks.mail import faults, kills, mail_latency, mutations, publishing, throughput
from benchmarks.painting import cold, engine, full_size, gpu, memory, options, peak
from benchmarks.reporting.document import document, notes, unexplained
from benchmarks.reporting.findings import HEADINGS, Finding
from benchmarks.reporting.machine import conditions, machine
from benchmarks.reporting.progress import progress
from benchmarks.reporting.results import BenchmarkResult, merged, read, result, write
from benchmarks.serving import (
    balancer_latency,
    batch_fill,
    fairness,
    gallery,
    large_photo,
    ray_nodes,
    saturation,
    scheduler_scale,
)
from benchmarks.soak import run as soak

Benchmark = Callable[[], Coroutine[None, None, Sequence[Finding] | Table]]

#: The benchmarks by name, in the order of the page. Each returns measures, or a table of its own.
BENCHMARKS: dict[str, Benchmark] = {
    "engine": engine.run,
    "peak": peak.run,
    "options": options.run,
    "cold": cold.run,
    "memory": memory.run,
    "gpu": gpu.run,
    "balancer-latency": balancer_latency.run,
    "ray-nodes": ray_nodes.run,
    "saturation": saturation.run,
    "batch-fill": batch_fill.run,
    "fairness": fairness.run,
    "scheduler-scale": scheduler_scale.run,
    "soak": soak.run,
    "full-size": full_size.run,
    "large-photo": large_photo.run,
    "learning": learning.run,
    "mail-latency": mail_latency.run,
    "publishing": publishing.run,
    "gallery": gallery.run,
    "throughput": throughput.run,
    "faults": faults.run,
    "kills": kills.run,
    "mutations": mutations.run,
}
#: Benchmarks whose targets are rules: a missed target fails the run.
RULES = {"soak", "large-photo"}
WRITES = "Measures are written into benchmarks/results.json, and from there into docs/performance.md."
RESULTS = Path(__file__).parent / "results.json"
PAGE = Path(__file__).parent.parent / "docs" / "performance.md"


def main(arguments: Sequence[str]) -> int:
    """Run the named benchmarks, or all; return 2 for an unknown name, 1 if any of them failed."""
    console = Console(width=None if sys.stdout.isatty() else 160)  # a pipe has no width of its own
    parsed = _parse(arguments)
    names, minutes = parsed.names, parsed.minutes
    benchmarks: dict[str, Benchmark] = {**BENCHMARKS, "soak": partial(soak.run, minutes)}
    if unknown := set(names) - BENCHMARKS.keys() - {"document"}:
        console.print(f"Unknown: {', '.join(sorted(unknown))}. There are: {', '.join(BENCHMARKS)}, document.")
        return 2
    before = read(RESULTS)
    failed = False
    for name in names or BENCHMARKS:
        if name in BENCHMARKS:
            _announce(console, name, before.get(name))
            keep = parsed.write and (name != "soak" or minutes >= soak.MINUTES)
            failed |= not _ran(console, name, benchmarks[name], keep=keep)
    if parsed.write:
        _write_page(console)
    return int(failed)


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=f"Runs what is named, or all one after the other. {WRITES}",
        epilog=_listed(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="see below")
    parser.add_argument(
        "--minutes",
        type=float,
        default=soak.MINUTES,
        help=f"how long the soak goes on, {soak.MINUTES:g} as a rule; what a shorter one gives is not kept",
    )
    parser.add_argument(
        "--no-write", dest="write", action="store_false", help="only print, and leave those files alone"
    )
    return parser.parse_args(arguments)


def _listed() -> str:
    """Describe each benchmark in a line, with its last duration."""
    results = read(RESULTS)
    lines = ["names:"]
    for name, run in BENCHMARKS.items():
        about = (sys.modules[run.__module__].__doc__ or "").splitlines()[0]
        lines.append(f"  {name:17} {about} ({_lasted(results.get(name))})")
    return "\n".join([*lines, f"  {'document':17} Only writes docs/performance.md anew."])


def _lasted(last: BenchmarkResult | None) -> str:
    return f"{last.seconds:.0f} s the last time" if last else "not yet timed here"


def _announce(console: Console, name: str, last: BenchmarkResult | None) -> None:
    console.print(f"{name}: {_lasted(last)}")


def _ran(console: Console, name: str, benchmark: Benchmark, *, keep: bool) -> bool:
    """Run one benchmark and return whether it succeeded; a failure does not stop the others."""
    try:
        got = _run(console, name, benchmark, keep=keep)
    except Exception:
        console.print_exception()
        return False
    return name not in RULES or got is None or all(entry.reached is not False for entry in got.entries)


def _run(console: Console, name: str, benchmark: Benchmark, *, keep: bool) -> BenchmarkResult | None:
    """Run one benchmark and keep its result at once: the next may take minutes, or fail."""
    measured_in, started = conditions(), time.perf_counter()
    try:
        findings = asyncio.run(benchmark())
    finally:
        progress()
    if isinstance(findings, Table):
        console.print(findings)
        return None
    got = result(findings, time.perf_counter() - started, machine(), measured_in)
    if keep:
        write(RESULTS, merged(read(RESULTS), {name: got}, list(BENCHMARKS)))
    console.print(_table(name, got))
    for profile in got.profiles:
        table = Table(*profile.headings, title=profile.title)
        for row in profile.rows:
            table.add_row(*row)
        console.print(table)
    return got


def _table(name: str, got: BenchmarkResult) -> Table:
    table = Table(*HEADINGS, title=name)
    for entry in got.entries:
        table.add_row(*entry.cells())
    return table


def _write_page(console: Console) -> None:
    results, explained = read(RESULTS), notes()
    PAGE.write_text(document(results, explained))
    for measure in unexplained(results, explained):
        console.print(f"missed, and benchmarks/notes.toml does not say why: {measure}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
