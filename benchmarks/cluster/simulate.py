"""Simulate from one machine to 1,000 GPUs: `python -m benchmarks.cluster.simulate`, about a minute.

The balancers are the real ones, on a virtual clock; runners, senders and deaths are simulated. The same seed
gives the same table. `--write` keeps the results, and draws the plots of docs/growing.md.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.cluster.fleet import RunnerSpeed
from benchmarks.cluster.needs import BUSIEST_HOUR, GPU_PRICE, busiest, needs, price
from benchmarks.cluster.plots import Curve, Plot
from benchmarks.cluster.scenario import Scenario, ScenarioResult, World
from benchmarks.reporting.progress import progress
from runner.balancer.stats import quantiles
from tests.fakes import clock

RESULTS = Path(__file__).parent / "results.json"
PLOTS = Path(__file__).parent.parent.parent / "docs" / "growing"
#: A runner on two CPU cores: 70 ms for a photo of 1024 by 683, measured (docs/performance.md).
CPU = RunnerSpeed(pixel=0.070 / (1024 * 683), fixed=0.002, row=0.03, network=0.19, large=2.5)
#: Mails a second in the busiest hour of a day with a million.
MILLION = 1e6 * BUSIEST_HOUR / 3600
#: A burst, deaths, leaving spot machines and a lost balancer in one run.
ALL_WRONG = Scenario(
    name="32 GPUs, 2 balancers, all goes wrong",
    runners=32,
    balancers=2,
    mails=MILLION,
    seconds=80,
    burst=5,
    deaths=1,
    spot=0.25,
    balancer_dies=True,
)
SCENARIOS = (
    Scenario(name="1 CPU, 50,000 mails", runners=1, mails=MILLION / 20, seconds=200, speed=CPU),
    Scenario(name="2 CPUs, 100,000 mails", runners=2, mails=MILLION / 10, seconds=200, speed=CPU),
    Scenario(name="16 CPUs, a million mails", runners=16, mails=MILLION, seconds=80, speed=CPU),
    Scenario(name="1 GPU", runners=1, mails=MILLION, seconds=80),
    Scenario(name="2 GPUs", runners=2, mails=MILLION, seconds=80),
    Scenario(name="4 GPUs", runners=4, mails=MILLION, seconds=80),
    Scenario(name="8 GPUs", runners=8, mails=MILLION, seconds=80),
    Scenario(name="8 GPUs, burst of 5", runners=8, mails=MILLION, seconds=80, burst=5),
    ALL_WRONG,
    replace(ALL_WRONG, name="1,000 GPUs, 8 balancers, all goes wrong", runners=1000, balancers=8, deaths=4),
    Scenario(
        name="32 GPUs, 8 balancers, one sender a tenth",
        runners=32,
        balancers=8,
        mails=30 * MILLION,
        seconds=6,
        per_hour=1e9,
    ),
    Scenario(
        name="1,000 GPUs, 50 balancers, a thousand million mails",
        runners=1000,
        balancers=50,
        mails=400 * MILLION,
        seconds=1,
    ),
)
#: Balancers for which the busiest is reckoned, and mails that are spread.
SPREAD_OVER, SPREAD_MAILS = (2, 4, 8, 16, 32, 64), 40_000


def main(arguments: Sequence[str]) -> int:
    """Run the scenarios whose name contains a word, or all."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cluster.simulate", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="Draws mails and deaths; 1 without it.")
    parser.add_argument("--only", default="", help="Only scenarios whose name has this in it.")
    parser.add_argument("--write", action="store_true", help="Keep the results, and draw the plots.")
    parsed = parser.parse_args(arguments)
    logging.disable(logging.WARNING)  # of each death
    table = Table(*HEADINGS)
    rows = []
    for scenario in [each for each in SCENARIOS if parsed.only in each.name]:
        progress(scenario.name)
        row = summary(simulated(scenario, parsed.seed))
        rows.append(row)
        table.add_row(*cells(row))
    progress()
    spread = [
        (n, busiest(n, SPREAD_MAILS, 60, parsed.seed), busiest(n, SPREAD_MAILS, 1e9, parsed.seed))
        for n in SPREAD_OVER
    ]
    console = Console(width=None if sys.stdout.isatty() else 180)
    console.print(table)
    console.print(_spread_table(spread), _needs_table())
    if parsed.write:
        RESULTS.write_text(json.dumps({"seed": parsed.seed, "scenarios": rows, "busiest": spread}, indent=1))
        draw(rows, spread)
    return 0


def simulated(scenario: Scenario, seed: int) -> ScenarioResult:
    """Run one scenario on a virtual clock."""

    async def run() -> ScenarioResult:
        return await World(scenario, seed).run()

    return clock.run(run())


HEADINGS = ("busiest hour of a day", "photos/s", "wait, median", "99 %", "fill", "at work", "ms of a runner",
            "busiest balancer, wait 99 %", "died", "sent again", "failed")  # fmt: skip


def summary(result: ScenarioResult) -> dict[str, Any]:
    """Return what is kept of a result."""
    median, late = quantiles(result.waits, 0.5, 0.99)
    worst = max((quantiles(waits, 0.99)[0] or 0.0 for waits in result.by_balancer.values()), default=0.0)
    return {
        "name": result.scenario.name,
        "runners": result.scenario.runners,
        "photos": len(result.waits),
        "rate": round(len(result.waits) / result.scenario.seconds, 1),
        "median": round(median or 0.0, 4),
        "late": round(late or 0.0, 3),
        "fill": round(result.fill, 3),
        "busy": round(result.busy, 4),
        "work": round(result.work, 5),
        "worst": round(worst, 3),
        "deaths": result.deaths,
        "refused": result.refused,
        "failed": result.failed.total(),
    }


def cells(row: dict[str, Any]) -> Iterable[str]:
    """Return the cells of the table."""
    yield from (f"{row['name']}", f"{row['rate']:,}", f"{row['median']:.3f} s", f"{row['late']:.2f} s")
    yield from (f"{row['fill']:.0%}", f"{row['busy']:.1%}", f"{1000 * row['work']:.1f}")
    yield from (f"{row['worst']:.2f} s", f"{row['deaths']}", f"{row['refused']}", f"{row['failed']}")


def _spread_table(spread: Sequence[tuple[int, float, float]]) -> Table:
    table = Table("balancers", "busiest, times the mean", "without a limit for each sender")
    for number, limited, unlimited in spread:
        table.add_row(f"{number}", f"{limited:.2f}", f"{unlimited:.2f}")
    return table


def _needs_table() -> Table:
    table = Table("mails a day", "mails/s, photos/s in the busiest hour", "bots", "balancers",
                  "Google mailboxes", "Exchange mailboxes", "TB a day", "$ for 1,000, 2 GPUs")  # fmt: skip
    for mails in (10_000, 100_000, 1_000_000, 10_000_000):
        n = needs(mails)
        table.add_row(
            f"{mails:,}", f"{n.peak_mails:.1f}, {n.peak_photos:.1f}", f"{n.bots}", f"{n.balancers}",
            f"{n.google_mailboxes:,}", f"{n.exchange_mailboxes:,}", f"{n.terabytes:.2f}",
            f"{price(2, GPU_PRICE, mails):.4f}",
        )  # fmt: skip
    return table


def draw(rows: Sequence[dict[str, Any]], spread: Sequence[tuple[int, float, float]]) -> None:
    """Draw the plots."""
    PLOTS.mkdir(exist_ok=True)
    gpus = [row for row in rows if row["name"].endswith(("GPU", "GPUs"))]
    points = {key: [(row["runners"], row[key]) for row in gpus] for key in ("median", "late")}
    waits = Plot(
        title="Waits in the busiest hour of a day with a million mails",
        across="GPUs",
        up="seconds",
        curves=[
            Curve(name="99 % of photos", points=points["late"]),
            Curve(name="median", points=points["median"]),
        ],
    )
    busiest_plot = Plot(
        title="The busiest balancer, when the hash of the sender chooses",
        across="balancers",
        up="times the mean",
        curves=[
            Curve(name="60 mails a sender", points=[(n, limited) for n, limited, _ in spread]),
            Curve(name="no limit", points=[(n, unlimited) for n, _, unlimited in spread]),
        ],
    )
    (PLOTS / "waits.svg").write_text(waits.svg())
    (PLOTS / "busiest.svg").write_text(busiest_plot.svg())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
