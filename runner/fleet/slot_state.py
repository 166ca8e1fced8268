"""Track the state of a runner slot, and let others wait for its changes.

SlotState     the process in the slot      STARTING -> READY -> DOWN -> STARTING, or READY -> DRAINING
Replacement   the process that takes over  NONE -> STARTING -> FINISHING -> NONE
SlotStatus    both, since the process in the slot can die and restart during a replacement
"""

from __future__ import annotations

import asyncio
import enum
from collections.abc import Callable


class SlotState(enum.Enum):
    """Name the state of the process in the slot, with the values of `RunnerState.state`."""

    STARTING = "starting"  #: no process has the slot yet; one is being started
    READY = "ready"  #: the process takes batches
    DRAINING = "draining"  #: the process finishes its batches, and ends
    DOWN = "down"  #: the process has died; a pause may precede the next start


class Replacement(enum.Enum):
    """Name the progress of a replacement."""

    NONE = enum.auto()
    STARTING = enum.auto()  #: the fresh process starts beside the old one
    FINISHING = enum.auto()  #: the old process finishes its batches, or has ended and the fresh one follows


class SlotStatus:
    """Hold the state of a slot and of its replacement; `changed` is called at each change."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self.state = SlotState.STARTING
        self.replacement = Replacement.NONE
        self._changed = changed
        self._next = asyncio.Event()  # set by the next change

    def enter(self, state: SlotState) -> None:
        """Set the state of the process in the slot."""
        self.state = state
        self.wake()
        self._changed()

    def advance(self, replacement: Replacement) -> None:
        """Set the progress of the replacement."""
        self.replacement = replacement
        self._changed()

    def wake(self) -> None:
        """Have all callers of `until` look again."""
        self._next.set()
        self._next = asyncio.Event()

    async def until(self, reached: Callable[[], bool]) -> None:
        """Wait until `reached` holds."""
        while not reached():
            await self._next.wait()
