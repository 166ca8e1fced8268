"""Keep the states of all runners of a fleet, and describe only those anew that have changed.

The scheduler asks for the states after each photo. Describing a thousand runners each time would take longer
than painting one.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from itertools import chain
from typing import Generic, TypeVar

from runner.fleet.fleet import RunnerState

S = TypeVar("S", bound=Hashable)


class FleetStates(Generic[S]):
    """Hold the states of each slot, in the order in which the slots were added."""

    def __init__(self, describe: Callable[[S], Iterable[RunnerState]]) -> None:
        """`describe` returns the states of a slot as they are now."""
        self._describe = describe
        self._states: dict[S, tuple[RunnerState, ...]] = {}
        self._changed: dict[S, None] = {}  # slots to describe anew
        self._all: tuple[RunnerState, ...] | None = ()

    def note(self, slot: S) -> None:
        """Note that a slot is new or has changed."""
        self._changed[slot] = None

    def remove(self, slot: S) -> None:
        """Forget a slot."""
        self._changed.pop(slot, None)
        self._states.pop(slot, None)
        self._all = None

    def all(self) -> tuple[RunnerState, ...]:
        """Return the states of all slots: the same tuple while nothing has changed."""
        for slot in self._changed:
            self._states[slot] = tuple(self._describe(slot))
            self._all = None
        self._changed.clear()
        if self._all is None:
            self._all = tuple(chain.from_iterable(self._states.values()))
        return self._all
