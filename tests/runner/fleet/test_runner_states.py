"""States of runners that are described only after a change."""

from __future__ import annotations

from collections.abc import Iterator

from runner.fleet.fleet import RunnerState
from runner.fleet.runner_states import FleetStates


class Slots:
    """Describes slots, and counts how often."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, slot: str) -> Iterator[RunnerState]:
        self.asked.append(slot)
        yield RunnerState(name=slot, device="cpu", state="ready")
        if slot == "b":
            yield RunnerState(name="b-last", device="cpu", state="draining")


def names(states: FleetStates[str]) -> list[str]:
    return [state.name for state in states.all()]


def test_only_what_has_changed_is_described_anew() -> None:
    slots = Slots()
    states = FleetStates(slots)
    for slot in ("a", "b", "c"):
        states.note(slot)
    before = states.all()
    assert names(states) == ["a", "b", "b-last", "c"]
    assert states.all() is before
    slots.asked.clear()
    states.note("b")
    assert states.all() is not before
    assert slots.asked == ["b"]
    assert states.all()[0] is before[0]


def test_what_is_removed_is_gone() -> None:
    states = FleetStates(Slots())
    states.note("a")
    states.note("b")
    assert names(states) == ["a", "b", "b-last"]
    states.note("a")
    states.remove("a")
    assert names(states) == ["b", "b-last"]
