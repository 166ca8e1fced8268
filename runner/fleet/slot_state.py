"""Track the state of a runner slot, and let others wait for its changes.

State         the process in the slot      starting -> ready -> down -> starting, or ready -> draining
Replacement   the process that takes over  none -> starting -> finishing -> none

There are two, since the process in the slot can die and restart during a replacement.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Literal

from runner.fleet.fleet import State

#: "starting": the fresh process starts beside the old one. "finishing": the old process finishes its batches,
#: or has ended and the fresh one follows.
Replacement = Literal["none", "starting", "finishing"]


class SlotStatus:
    """Hold the state of a slot and of its replacement; `changed` is called at each change."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self.state: State = "starting"
        self.replacement: Replacement = "none"
        self._changed = changed
        self._next = asyncio.Event()  # set by the next change

    def enter(self, state: State) -> None:
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
