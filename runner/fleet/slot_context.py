"""What the slots of a fleet have in common."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from runner.fleet.fleet import RunnerState, State
from runner.fleet.handle import RunnerHandle
from runner.fleet.preloading import Preloader
from runner.protocol.messages import Report

#: Makes the command of a process that listens on a socket.
Command = Callable[[Path], Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotContext:
    """What the slots of a fleet have in common."""

    sockets: Path  #: a folder that only this user can enter
    preloader: Preloader
    recycle_bytes: int  #: a process that stays heavier is worn out; 0: none is
    changed: Callable[[], None]  #: called whenever a state has changed
    worn: Callable[[], None]  #: called when a slot is `due` since its process is worn out


def beside(name: str, device: str, state: State, pid: int | None, report: Report) -> RunnerState:
    """The process beside the one that has a slot, while one takes over; it takes no batches."""
    return RunnerState(name=name, device=device, pid=pid, state=state, restarts=0, report=report, credits=0)


async def finish(handle: RunnerHandle) -> None:
    """Ends a process when it has answered all that it was given."""
    await handle.empty()
    await handle.stop()
