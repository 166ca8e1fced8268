"""Write the lines of `runner top` about the paintings that are learnt from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from styles.service.units import age

#: Characters of a heading, as wide as that of the failures below.
HEADING = 11
#: What is made of a painting, by the kind of its job.
KINDS = {"style": "a style", "picture": "one picture"}


def learning_lines(status: Mapping[str, Any]) -> Sequence[Table]:
    """Return a table of what is learnt and what waits; nothing while nothing is learnt."""
    learning = status.get("learning", {})  # an older balancer has none
    told = [_told(job) for job in learning.get("running", ())]
    if queued := learning.get("queued"):
        told.append("1 painting waits" if queued == 1 else f"{queued} paintings wait")
    if not told:
        return ()
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="bold", no_wrap=True, min_width=HEADING)
    for number, line in enumerate(told):
        table.add_row("" if number else "learning", Text(line))
    return (table,)


def _told(job: Mapping[str, Any]) -> str:
    left = f", {age(job['seconds_left'])} left" if job["seconds_left"] is not None else ""
    step = f", step {job['step']:,}" if job["step"] else ""
    return f"{KINDS[job['kind']]}: {job['phase']} {job['share']:.0%}{step}{left}"
