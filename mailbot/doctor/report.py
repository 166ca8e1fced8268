"""What `mailbot doctor` found, for people and for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from rich.console import Console
from rich.table import Table
from rich.text import Text

from mailbot.doctor.check import Finding, State
from mailbot.doctor.checks import is_well

MARKS = {
    State.WELL: ("✓", "green"),
    State.POOR: ("!", "yellow"),
    State.ILL: ("✗", "bold red"),
    State.SKIPPED: ("–", "dim"),
}


def show(findings: Sequence[Finding], console: Console) -> None:
    """A line for each finding, with what is to be done below it, and one for all."""
    table = Table(box=None, show_header=False, padding=(0, 1), pad_edge=False)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    area = ""
    for finding in findings:
        mark, colour = MARKS[finding.state]
        words = Text(finding.words, style="dim" if finding.state is State.SKIPPED else "")
        if finding.remedy:
            words.append(f"\n→ {finding.remedy}", style=colour)
        title = Text("" if finding.area == area else finding.area, style="bold")
        table.add_row(title, Text(mark, style=colour), Text(finding.name), words)
        area = finding.area
    console.print(table)
    console.print(_summary(findings))


def as_json(findings: Sequence[Finding]) -> str:
    """The same for programs."""
    return json.dumps({"well": is_well(findings), "checks": [asdict(each) for each in findings]}, indent=2)


def _summary(findings: Sequence[Finding]) -> Text:
    counts = {state: sum(each.state is state for each in findings) for state in State}
    if counts[State.ILL]:
        many = counts[State.ILL] > 1
        words = f"{counts[State.ILL]} {'things are' if many else 'thing is'} to be mended."
        return Text(f"\n{words}", style="bold red")
    if counts[State.POOR]:
        return Text("\nThe bot can work; see what is marked with “!”.", style="yellow")
    return Text("\nEverything is in order.", style="bold green")
