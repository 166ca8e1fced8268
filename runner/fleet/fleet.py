"""Fleets: what carries a formed batch to a runner and its pictures back.

    RunnerState   one runner as the balancer sees it
    Fleet         the protocol; a fleet decides nothing about jobs

`runner.fleet.local` is the one there is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from runner.protocol.messages import Outcome, Report, Task
from styles.errors import RunnerDied

#: Only a runner that is "ready" takes work. One that is "draining" finishes what it holds, and ends.
State = Literal["starting", "ready", "draining", "down"]
#: So many are loaded ahead, the last ones: who publishes fifty in a row must not push out of every runner's
#: memory what is being asked for.
MAX_PRELOADED = 4


class NotDelivered(RunnerDied):
    """The process was gone before it was asked: nothing that was to be painted is to blame."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunnerState:
    """One runner just now."""

    name: str
    device: str
    state: State
    pid: int | None = None  #: None while it is down, or where the fleet knows no processes
    restarts: int = 0  #: after a death
    report: Report = Report()
    credits: int = 1  #: batches that it may hold at once: one is painted, of others the photos are decoded
    replaced: int = 0  #: how often a fresh process took over with no gap
    replacing: bool = False  #: one is to take over now


class Fleet(Protocol):
    """Runners, wherever they are. A fleet for another engine is some tens of lines."""

    async def startup(self, changed: Callable[[], None]) -> None:
        """Begins to start the runners; `changed` is called whenever a state has changed."""

    def runners(self) -> Sequence[RunnerState]:
        """All of them, in an order that stays."""

    async def run(self, runner: str, batch: Sequence[Task]) -> list[Outcome]:
        """One outcome a task. May be called for as many batches at once as the runner has credits.

        Raises `RunnerDied` if the runner did not live to answer in time, `NotDelivered` if it was gone
        before it began, so that no photo is to blame, and `WireError` for a batch that cannot be sent at
        all; the runner is as it was then.
        """

    def warm(self, digest: str) -> None:
        """A style went live: the runners load it ahead when they can. Nothing comes of it if they cannot."""

    def restart(self) -> None:
        """Begins to put a fresh runner in the place of each, one after the other; no batch fails of it."""

    async def shutdown(self) -> None:
        """Ends the runners, whatever they are doing."""
