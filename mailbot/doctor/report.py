"""Print the results of `mailbot doctor` for people and for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from rich.console import Console
from rich.table import Table
from rich.text import Text

from mailbot.doctor.check import CheckResult, CheckState
from mailbot.doctor.checks import is_well

MARKS = {
    CheckState.WELL: ("✓", "green"),
    CheckState.WARN: ("!", "yellow"),
    CheckState.FAILED: ("✗", "bold red"),
    CheckState.SKIPPED: ("–", "dim"),
}


def show(results: Sequence[CheckResult], console: Console) -> None:
    """Print a line for each result, its remedy below it, and a summary."""
    table = Table(box=None, show_header=False, padding=(0, 1), pad_edge=False)
    for _ in range(3):
        table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    area = ""
    for result in results:
        mark, colour = MARKS[result.state]
        words = Text(result.words, style="dim" if result.state is CheckState.SKIPPED else "")
        if result.remedy:
            words.append(f"\n→ {result.remedy}", style=colour)
        title = Text("" if result.area == area else result.area, style="bold")
        table.add_row(title, Text(mark, style=colour), Text(result.name), words)
        area = result.area
    console.print(table)
    console.print(_summary(results))


def as_json(results: Sequence[CheckResult]) -> str:
    """Return the results as JSON."""
    return json.dumps({"well": is_well(results), "checks": [asdict(each) for each in results]}, indent=2)


def _summary(results: Sequence[CheckResult]) -> Text:
    states = [each.state for each in results]
    if failed := states.count(CheckState.FAILED):
        things = "things are" if failed > 1 else "thing is"
        return Text(f"\n{failed} {things} to be mended.", style="bold red")
    if CheckState.WARN in states:
        return Text("\nThe bot can work; see what is marked with “!”.", style="yellow")
    return Text("\nEverything is in order.", style="bold green")
