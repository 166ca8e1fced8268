"""Draw several balancers: a line for each, and below them the whole frame of one or of all."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console, ConsoleDimensions, ConsoleOptions, RenderResult
from rich.table import Table
from rich.text import Text

from runner.cli.history import RecordedStatus
from runner.cli.screen import UP, Screen, state_of


class BalancersScreen:
    """Draw the recorded values of several balancers with rich; those of one as `Screen` does."""

    def __init__(self, balancers: Sequence[RecordedStatus], chosen: int | None = None) -> None:
        """Take the values. With `chosen` only that one is drawn in full, and the frame fits the window."""
        self._balancers = balancers
        self._chosen = chosen

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the parts of the frame."""
        if len(self._balancers) > 1:
            yield _table(self._balancers, self._chosen)
            yield Text()
            width, height = options.size
            options = options.copy()
            options.size = ConsoleDimensions(width, height - len(self._balancers) - 2)  # headings, empty line
        if self._chosen is None:
            for seen in self._balancers:
                yield Screen(seen)
        else:
            yield from console.render(Screen(self._balancers[self._chosen], fits=True), options)


def _table(balancers: Sequence[RecordedStatus], chosen: int | None) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold")
    for heading in ("", "balancer", "state"):
        table.add_column(heading, no_wrap=True)
    for heading in ("waiting", "a second", "runners"):
        table.add_column(heading, justify="right", no_wrap=True)
    for number, seen in enumerate(balancers):
        state, colour = ("cannot be reached", "red")
        if seen.status is not None and not seen.missing:
            state, colour = state_of(seen.status)
        mark = "▸" if number == chosen else ""
        table.add_row(mark, seen.url, Text(state.partition(":")[0], style=colour), *_numbers(seen))
    return table


def _numbers(seen: RecordedStatus) -> tuple[str, str, str]:
    """Return the waiting photos, the pace and the runners; dashes where nothing is known now."""
    if seen.missing or seen.status is None:
        return "-", "-", "-"
    runners = [runner["state"] for runner in seen.status["runners"]]
    pace = seen.status["last_minute"]["photos_per_second"]
    return str(seen.status["queued"]), f"{pace:.1f}", f"{runners.count(UP)} of {len(runners)}"
