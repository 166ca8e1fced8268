"""What the places of a fleet have in common."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from runner.fleet.fleet import RunnerState, State
from runner.fleet.handle import Painter
from runner.fleet.preloading import Ahead
from runner.protocol.messages import Report

#: Makes the command of a process that listens on a socket.
Command = Callable[[Path], Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What the places of a fleet have in common."""

    sockets: Path  #: a folder that only this user can enter
    ahead: Ahead
    recycle_bytes: int  #: a process that stays heavier is worn out; 0: none is
    changed: Callable[[], None]  #: called whenever a state has changed
    worn: Callable[[], None]  #: called when a place is `due` since its process is worn out


def beside(name: str, device: str, state: State, pid: int | None, report: Report) -> RunnerState:
    """The process beside the one that has a place, while one takes over; it takes no batches."""
    return RunnerState(name=name, device=device, pid=pid, state=state, restarts=0, report=report, credits=0)


async def finish(painter: Painter) -> None:
    """Ends a process when it has answered all that it was given."""
    await painter.empty()
    await painter.stop()
