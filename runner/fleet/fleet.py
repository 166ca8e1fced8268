"""Define a fleet, which carries a batch to a runner and its outcomes back.

`runner.fleet.local_fleet` implements it for this machine, `runner.cluster.ray_fleet` for a Ray cluster.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from runner.protocol.messages import Outcome, Report, Task
from styles.errors import RunnerDied

#: Only a "ready" runner takes batches. A "draining" one finishes its batches, and ends. The process of one
#: that is "down" has died; a pause may precede the next start.
State = Literal["starting", "ready", "draining", "down"]
#: Styles that are loaded ahead, the last ones that went live. More would push the styles in use out of
#: every runner's memory when fifty are published in a row.
MAX_PRELOADED = 4


class NotDelivered(RunnerDied):
    """Report that a process ended before it got the batch, so no photo is to blame."""


class MachineLost(RunnerDied):
    """Report that a machine, or the network to it, failed while a runner there held the batch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunnerState:
    """Describe one runner now."""

    name: str
    device: str
    state: State
    node: str = ""  #: machine, where the fleet has several
    pid: int | None = None  #: None while it is down, or if the fleet has no processes
    restarts: int = 0  #: after a death
    report: Report = Report()
    credits: int = 1  #: batches that it may hold at once
    replaced: int = 0  #: replacements by a fresh process, without a gap
    replacing: bool = False  #: whether a replacement is due or under way


def painting(runners: Sequence[RunnerState]) -> int:
    """Return how many of the runners paint, or will once they have started; 1 where none does."""
    return max(1, sum(each.state in ("starting", "ready") and each.credits > 0 for each in runners))


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetSnapshot:
    """Describe how many runner processes a fleet has on each device, and whether it can have more."""

    size: int  #: processes, with starting ones
    busy: int  #: processes at work, on the busiest device
    start_seconds: float  #: of the slowest start
    settled: bool  #: no process is starting or ending
    can_grow: bool  #: there is memory for another process


class Fleet(Protocol):
    """Run runners on one machine or several. A fleet for another engine takes some tens of lines."""

    async def startup(self, changed: Callable[[], None]) -> None:
        """Begin to start the runners; `changed` is called at each change of a state."""

    def runners(self) -> Sequence[RunnerState]:
        """Return all runners, in a stable order.

        The same object says that nothing has changed, and the same state that a runner has not. So a fleet
        keeps them, by `runner.fleet.runner_states`, where it has many runners.
        """

    async def run(self, runner: str, batch: Sequence[Task]) -> list[Outcome]:
        """Send a batch to a runner; return one outcome a task.

        A runner may get as many batches at once as it has credits. Raises `RunnerDied` if the runner died or
        answered too late. Raises `MachineLost`, one of these, if its machine cannot be reached any more.
        Raises `NotDelivered` if it was gone before, so that no photo is to blame. Raises `WireError` for a
        batch that cannot be sent, which leaves the runner as it was.
        """

    def warm(self, digest: str) -> None:
        """Have the runners load a style that went live, if they can."""

    def restart(self) -> None:
        """Begin to replace each runner by a fresh one, one after the other; no batch fails."""

    async def shutdown(self) -> None:
        """End the runners at once."""
